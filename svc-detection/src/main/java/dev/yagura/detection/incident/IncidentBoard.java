package dev.yagura.detection.incident;

import dev.yagura.common.ids.Ids;
import dev.yagura.common.ids.ResourceName;
import dev.yagura.detection.alert.AlertGroup;
import dev.yagura.detection.alert.Nanos;
import dev.yagura.detection.alert.Sighting;
import dev.yagura.proto.detection.v1.Incident;
import dev.yagura.proto.detection.v1.IncidentState;
import dev.yagura.proto.detection.v1.VisibilityGap;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The incidents that one transaction's sightings may touch, while they are joined one after another
 * in the order of the log. What it decides depends on the sightings and on what is stored, never on
 * how the log was cut into transactions.
 */
final class IncidentBoard {
    private static final UUID CONTINUED = UUID.fromString("5b2f2d0a-1f6f-5f0e-8f63-5a6f6f3f9c03");

    private final IncidentConfig config;
    private final Instant now;
    private final Function<Collection<UUID>, Map<UUID, StoredIncident>> loader;
    private final Map<UUID, Draft> drafts = new HashMap<>();
    private final Map<KeyPlace, Map<UUID, Long>> keys = new HashMap<>();
    private final Map<UUID, UUID> merges = new LinkedHashMap<>();

    /** A join key of a host. */
    record KeyPlace(UUID hostId, String key) {}

    /** A key as it is stored: an incident, and when it was last seen with the key. */
    record KeyRow(KeyPlace place, UUID incidentId, long seenNs) {}

    /** One incident that may change. */
    private static final class Draft {
        private final UUID id;
        private final UUID hostId;
        private final long version;
        private final Incident.Builder incident;
        private final IncidentGraph graph;
        private boolean changed;

        Draft(StoredIncident stored, IncidentConfig config) {
            this.id = stored.id();
            this.hostId = stored.hostId();
            this.version = stored.version();
            this.incident = stored.incident().toBuilder();
            this.graph = new IncidentGraph(config);
            graph.addAll(stored.incident());
        }

        boolean is(IncidentState state) {
            return incident.getState() == state;
        }

        private long began() {
            return graph.firstNs();
        }
    }

    /** By the time of events, which is the same however the log was cut. */
    private static final Comparator<Draft> BY_BEGINNING =
            Comparator.comparingLong(Draft::began).thenComparing(draft -> draft.id);

    /**
     * A board.
     *
     * @param loader of incidents, locked for this transaction
     */
    IncidentBoard(
            IncidentConfig config,
            Instant now,
            Collection<KeyRow> stored,
            Function<Collection<UUID>, Map<UUID, StoredIncident>> loader) {
        this.config = config;
        this.now = now;
        this.loader = loader;
        stored.forEach(row ->
                keys.computeIfAbsent(row.place(), place -> new TreeMap<>())
                        .put(row.incidentId(), row.seenNs()));
    }

    /**
     * Incidents that will be needed; loaded in the order of their ids, so that nobody deadlocks.
     */
    void load(Collection<UUID> ids) {
        List<UUID> missing = ids.stream().filter(id -> !drafts.containsKey(id)).sorted().toList();
        loader.apply(missing).forEach((id, stored) -> drafts.put(id, new Draft(stored, config)));
    }

    /** These get the losses of telemetry that are known by now, also without a sighting. */
    void review(Collection<UUID> ids) {
        load(ids);
        ids.stream().map(this::draft).forEach(draft -> draft.changed = true);
    }

    /** Puts the sighting into its incident, which the alert then names. */
    void join(Sighting sighting, AlertGroup alert) {
        List<JoinKey> joinKeys = JoinKey.of(sighting);
        Map<Draft, String> found = candidates(sighting, alert, joinKeys);
        List<Draft> open =
                found.keySet().stream()
                        .filter(draft -> draft.is(IncidentState.INCIDENT_STATE_OPEN))
                        .sorted(BY_BEGINNING)
                        .toList();
        Draft target;
        if (open.isEmpty()) {
            target = opened(sighting, alert, found.keySet());
            found.put(
                    target,
                    target.incident.getContinues().isEmpty()
                            ? "first alert of the incident"
                            : "new match after " + target.incident.getContinues() + " was closed");
        } else {
            target = open.getFirst();
            open.stream().skip(1).forEach(other -> merge(other, target));
        }
        target.graph.add(sighting, found.getOrDefault(target, ""));
        target.changed = true;
        alert.incidentId(target.id);
        for (JoinKey key : joinKeys) {
            keys.computeIfAbsent(
                            new KeyPlace(sighting.hostId(), key.text()), place -> new TreeMap<>())
                    .merge(target.id, sighting.occurredNs(), Math::max);
        }
    }

    /** The alert's incident reaches the sighting's host, which may be another's. */
    void reach(AlertGroup alert, Sighting sighting) {
        @Nullable UUID joined = alert.incidentId();
        if (joined != null) {
            Draft draft = draft(joined);
            draft.graph.reachHost(sighting);
            draft.changed = true;
        }
    }

    /** Incidents that the sighting has something in common with, and what. */
    private Map<Draft, String> candidates(
            Sighting sighting, AlertGroup alert, List<JoinKey> joinKeys) {
        Map<Draft, String> found = new LinkedHashMap<>();
        @Nullable UUID current = alert.incidentId();
        if (current != null) {
            found.put(draft(current), "another match of an alert of the incident");
        }
        for (JoinKey key : joinKeys) {
            Map<UUID, Long> incidents =
                    keys.getOrDefault(new KeyPlace(sighting.hostId(), key.text()), Map.of());
            incidents.forEach((id, seenNs) -> {
                if (!key.windowed() || isNear(seenNs, sighting.occurredNs())) {
                    found.putIfAbsent(draft(id), key.reason());
                }
            });
        }
        return found;
    }

    private boolean isNear(long seenNs, long occurredNs) {
        return Math.abs(seenNs - occurredNs) <= config.addressWindow().toNanos();
    }

    /** Where an incident is after the merges of this transaction. */
    UUID current(UUID id) {
        UUID current = id;
        for (@Nullable UUID next = merges.get(id); next != null; next = merges.get(current)) {
            current = next;
        }
        return current;
    }

    /** Before the alert is written: its incident may have been merged since it joined. */
    void settle(AlertGroup alert) {
        @Nullable UUID joined = alert.incidentId();
        if (joined != null) {
            alert.incidentId(current(joined));
        }
    }

    private Draft draft(UUID id) {
        return drafted(current(id));
    }

    private Draft drafted(UUID id) {
        if (!drafts.containsKey(id)) {
            load(List.of(id));
        }
        @Nullable Draft draft = drafts.get(id);
        if (draft == null) {
            throw new IllegalStateException("incident " + id + " is referred to, but gone");
        }
        return draft;
    }

    /** Id of its first alert; of alert and closed incident when the alert had been in that one. */
    private Draft opened(Sighting sighting, AlertGroup alert, Collection<Draft> closed) {
        @Nullable Draft before =
                closed.stream()
                        .filter(draft -> draft.is(IncidentState.INCIDENT_STATE_CLOSED))
                        .max(BY_BEGINNING)
                        .orElse(null);
        UUID id =
                before == null || alert.incidentId() == null
                        ? alert.id()
                        : Ids.v5(CONTINUED, alert.id().toString(), before.id.toString());
        Incident.Builder incident =
                Incident.newBuilder()
                        .setName(ResourceName.of("incidents", id))
                        .setScope(sighting.asset().getScope())
                        .setState(IncidentState.INCIDENT_STATE_OPEN)
                        .setAsset(sighting.asset())
                        .setCreateTime(Nanos.timestamp(now));
        if (before != null) {
            incident.setContinues(ResourceName.of("incidents", before.id));
        }
        Draft draft =
                new Draft(new StoredIncident(id, sighting.hostId(), 0, incident.build()), config);
        drafts.put(id, draft);
        return draft;
    }

    /** Everything of the one goes into the other; the old id goes on answering. */
    private void merge(Draft from, Draft into) {
        from.graph.into(from.incident);
        Assessment.assess(from.incident);
        into.graph.addAll(from.incident.build());
        List<String> older = from.incident.getMergedFromList();
        older.stream()
                .map(name -> drafted(ResourceName.parse("incidents", name)))
                .forEach(draft -> point(draft, into));
        into.incident
                .addAllMergedFrom(older)
                .addMergedFrom(from.incident.getName())
                .addAllVerdicts(from.incident.getVerdictsList());
        from.incident.setState(IncidentState.INCIDENT_STATE_MERGED);
        point(from, into);
        merges.put(from.id, into.id);
        keys.values()
                .forEach(incidents -> {
                    @Nullable Long seen = incidents.remove(from.id);
                    if (seen != null) {
                        incidents.merge(into.id, seen, Math::max);
                    }
                });
        into.changed = true;
    }

    private static void point(Draft draft, Draft into) {
        draft.incident.setMergedInto(into.incident.getName());
        draft.changed = true;
    }

    /** Old incident → the one it became part of, for this transaction. */
    Map<UUID, UUID> merges() {
        return merges;
    }

    /** A host and a time for which losses of telemetry matter. */
    record Window(UUID hostId, long firstNs, long lastNs) {}

    /** Adds the known losses of telemetry, scores anew, and gives what is to be written. */
    List<StoredIncident> finish(Function<Window, List<VisibilityGap>> losses) {
        List<StoredIncident> written = new ArrayList<>();
        for (Draft draft : drafts.values()) {
            if (!draft.changed) {
                continue;
            }
            if (!draft.is(IncidentState.INCIDENT_STATE_MERGED)) {
                losses.apply(new Window(draft.hostId, draft.graph.firstNs(), draft.graph.lastNs()))
                        .forEach(draft.graph::gap);
                draft.graph.into(draft.incident);
                Assessment.assess(draft.incident);
            }
            draft.incident.setUpdateTime(Nanos.timestamp(now));
            written.add(
                    new StoredIncident(
                            draft.id, draft.hostId, draft.version + 1, draft.incident.build()));
        }
        written.sort(Comparator.comparing(StoredIncident::id));
        return written;
    }

    /** Keys of changed incidents, to be written over what is stored. */
    List<KeyRow> keyRows() {
        List<KeyRow> rows = new ArrayList<>();
        Set<UUID> changed = new HashSet<>();
        drafts.values().stream()
                .filter(draft -> draft.changed)
                .forEach(draft -> changed.add(draft.id));
        keys.forEach((place, incidents) ->
                incidents.forEach((id, seen) -> {
                    if (changed.contains(id)) {
                        rows.add(new KeyRow(place, id, seen));
                    }
                }));
        rows.sort(
                Comparator.<KeyRow, UUID>comparing(row -> row.place().hostId())
                        .thenComparing(row -> row.place().key())
                        .thenComparing(KeyRow::incidentId));
        return rows;
    }
}
