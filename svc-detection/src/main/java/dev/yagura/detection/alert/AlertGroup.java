package dev.yagura.detection.alert;

import dev.yagura.common.ids.ResourceName;
import dev.yagura.proto.detection.v1.Alert;
import dev.yagura.proto.detection.v1.AlertCorrelation;
import dev.yagura.proto.detection.v1.AssetSnapshot;
import dev.yagura.proto.detection.v1.Entity;
import dev.yagura.proto.detection.v1.EntityKind;
import dev.yagura.proto.detection.v1.GroupField;
import dev.yagura.proto.detection.v1.Match;
import dev.yagura.sigma.correlation.CorrelationMatch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One alert while sightings, or what a correlation made of them, are put into it. */
public final class AlertGroup {
    /** Matches kept at each end. */
    static final int KEPT = 10;

    private final UUID id;
    private final Alert.Builder alert;
    private final boolean created;
    private final long version;
    private @Nullable UUID incidentId;

    /** As the store has it. */
    public record Stored(UUID id, UUID incidentId, long version, Alert alert) {}

    private AlertGroup(
            UUID id, Alert.Builder alert, boolean created, long version, @Nullable UUID incident) {
        this.id = id;
        this.alert = alert;
        this.created = created;
        this.version = version;
        this.incidentId = incident;
    }

    public static AlertGroup stored(Stored stored) {
        return new AlertGroup(
                stored.id(),
                stored.alert().toBuilder(),
                false,
                stored.version(),
                stored.incidentId());
    }

    /** The alert that a first sighting makes; the sighting itself is still to be added. */
    public static AlertGroup first(Sighting sighting, Instant now) {
        Alert.Builder alert =
                Alert.newBuilder()
                        .setName(ResourceName.of("alerts", sighting.alertId()))
                        .setScope(sighting.asset().getScope())
                        .setRule(sighting.rule())
                        .setSeverity(sighting.severity())
                        .setAsset(sighting.asset())
                        .setEntity(sighting.entity())
                        .setTimes(sighting.times().toBuilder().setCommitted(Nanos.timestamp(now)))
                        .setCreateTime(Nanos.timestamp(now))
                        .setRetro(sighting.match().getRetro());
        return new AlertGroup(sighting.alertId(), alert, true, 0, null);
    }

    /**
     * Counts a match, and keeps it when it is among the first ten; after those the newest ten are
     * kept.
     */
    public void add(Sighting sighting, Instant now) {
        Match match = sighting.match();
        alert.setMatchCount(alert.getMatchCount() + 1).setUpdateTime(Nanos.timestamp(now));
        alert.setRetro(alert.getRetro() && match.getRetro());
        if (sighting.severity().getNumber() > alert.getSeverityValue()) {
            alert.setSeverity(sighting.severity()); // indicators of one list may differ
        }
        if (alert.getFirstMatchesCount() < KEPT) {
            alert.addFirstMatches(match);
        } else {
            if (alert.getLastMatchesCount() == KEPT) {
                alert.removeLastMatches(0);
            }
            alert.addLastMatches(match);
        }
        if (sighting.occurredNs() > Nanos.of(alert.getTimes().getLastOccurred())) {
            alert.getTimesBuilder().setLastOccurred(Nanos.timestamp(sighting.occurredNs()));
        }
    }

    /**
     * Takes what the correlation makes of its events now; the host stays that of the event which
     * was the earliest when the alert was made.
     *
     * @return sightings that were not in the alert before
     */
    public List<Sighting> correlate(CorrelationFinding finding, Instant now) {
        CorrelationMatch match = finding.match();
        Map<String, Match> known = new HashMap<>();
        Stream.concat(alert.getFirstMatchesList().stream(), alert.getLastMatchesList().stream())
                .forEach(kept -> known.put(kept.getEvidence().getEventId(), kept));
        List<Sighting> fresh =
                finding.sightings().stream()
                        .filter(sighting ->
                                !known.containsKey(sighting.match().getEvidence().getEventId()))
                        .toList();
        List<Match> first = matches(match.firstEventIds(), finding, known);
        if (first.size() == match.firstEventIds().size() || alert.getFirstMatchesCount() == 0) {
            alert.clearFirstMatches().addAllFirstMatches(first);
        }
        List<String> later = new ArrayList<>(match.lastEventIds());
        later.removeAll(match.firstEventIds());
        alert.clearLastMatches().addAllLastMatches(matches(later, finding, known));
        AlertCorrelation.Builder correlation =
                AlertCorrelation.newBuilder()
                        .setEarliest(Nanos.timestamp(match.earliestNs()))
                        .setFirstHeld(Nanos.timestamp(match.firstNs()))
                        .setLastHeld(Nanos.timestamp(match.lastNs()));
        for (int index = 0; index < finding.groupBy().size(); index++) {
            correlation.addGroup(
                    GroupField.newBuilder()
                            .setField(finding.groupBy().get(index))
                            .setValue(match.group().values().get(index)));
        }
        hosts(finding).forEach(correlation::addHosts);
        alert.setMatchCount(match.events())
                .setSeverity(finding.severity())
                .setRule(finding.rule())
                .setEntity(entity(correlation))
                .setCorrelation(correlation)
                .setUpdateTime(Nanos.timestamp(now))
                .clearWithdrawTime();
        alert.getTimesBuilder().setLastOccurred(Nanos.timestamp(match.lastNs()));
        return fresh;
    }

    private static List<Match> matches(
            List<String> ids, CorrelationFinding finding, Map<String, Match> known) {
        return ids.stream()
                .flatMap(id ->
                        finding
                                .sighting(id)
                                .map(Sighting::match)
                                .or(() -> Optional.ofNullable(known.get(id)))
                                .stream())
                .toList();
    }

    /** Of the first and last events; those of before where evidence is not kept any more. */
    private Collection<AssetSnapshot> hosts(CorrelationFinding finding) {
        Map<String, AssetSnapshot> hosts = new TreeMap<>();
        if (!finding.isComplete()) {
            alert.getCorrelation()
                    .getHostsList()
                    .forEach(host -> hosts.put(host.getHostId(), host));
        }
        finding.sightings()
                .forEach(sighting ->
                        hosts.putIfAbsent(sighting.asset().getHostId(), sighting.asset()));
        return hosts.values();
    }

    private static Entity entity(AlertCorrelation.Builder correlation) {
        String label =
                correlation.getGroupList().stream()
                        .map(field -> field.getField() + '=' + field.getValue())
                        .collect(Collectors.joining(", "));
        return Entity.newBuilder()
                .setKind(EntityKind.ENTITY_KIND_CORRELATION_GROUP)
                .setId(label)
                .setLabel(label.isEmpty() ? "all events" : label)
                .build();
    }

    /** The correlation does not hold any more. */
    public void withdraw(Instant now) {
        alert.setWithdrawTime(Nanos.timestamp(now)).setUpdateTime(Nanos.timestamp(now));
    }

    /** Partitions of the log that its matches came from. */
    public Set<Integer> partitions() {
        return Stream.concat(
                        alert.getFirstMatchesList().stream(), alert.getLastMatchesList().stream())
                .map(match -> match.getEvidence().getPosition().getPartition())
                .collect(Collectors.toSet());
    }

    /** The host whose incident it is in. */
    public UUID hostId() {
        return UUID.fromString(alert.getAsset().getHostId());
    }

    public UUID id() {
        return id;
    }

    public String ruleName() {
        return alert.getRule().getName();
    }

    /** True when this transaction makes it. */
    public boolean isCreated() {
        return created;
    }

    /** The incident it is in; null until the first sighting joined one. */
    public @Nullable UUID incidentId() {
        return incidentId;
    }

    public void incidentId(UUID joined) {
        this.incidentId = joined;
    }

    long version() {
        return version;
    }

    public Alert alert() {
        return alert.build();
    }

    /** Techniques as they are searched: each, and the one above each sub-technique. */
    static Set<String> techniqueKeys(List<String> techniques) {
        Set<String> keys = new HashSet<>();
        for (String technique : techniques) {
            keys.add(technique);
            int dot = technique.indexOf('.');
            if (dot > 0) {
                keys.add(technique.substring(0, dot));
            }
        }
        return keys;
    }
}
