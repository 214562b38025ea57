package dev.yagura.detection.alert;

import dev.yagura.common.ids.ResourceName;
import dev.yagura.proto.detection.v1.Alert;
import dev.yagura.proto.detection.v1.Match;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One alert while sightings are added to it, in the order of the log. */
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
