package dev.yagura.detection.incident;

import dev.yagura.detection.alert.AlertGroup;
import dev.yagura.detection.alert.Sighting;
import dev.yagura.proto.detection.v1.Incident;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Alerts and incidents as the service makes them, with maps where the service has its tables. */
public final class MemoryBoard {
    private final IncidentConfig config;
    private final Instant now;
    private final Map<UUID, StoredIncident> stored = new HashMap<>();
    private final List<IncidentBoard.KeyRow> keys = new ArrayList<>();
    private final Map<UUID, AlertGroup> alerts = new HashMap<>();

    public MemoryBoard(IncidentConfig config, Instant now) {
        this.config = config;
        this.now = now;
    }

    /** One transaction. */
    public void write(List<Sighting> sightings) {
        IncidentBoard board =
                new IncidentBoard(
                        config,
                        now,
                        keys,
                        ids -> {
                            Map<UUID, StoredIncident> found = new HashMap<>(stored);
                            found.keySet().retainAll(ids);
                            return found;
                        });
        for (Sighting sighting : sightings) {
            AlertGroup alert =
                    alerts.computeIfAbsent(
                            sighting.alertId(), id -> AlertGroup.first(sighting, now));
            board.join(sighting, alert);
            alert.add(sighting, now);
        }
        board.finish(window -> List.of()).forEach(one -> stored.put(one.id(), one));
        board.merges()
                .forEach((from, into) ->
                        keys.replaceAll(row ->
                                row.incidentId().equals(from)
                                        ? new IncidentBoard.KeyRow(row.place(), into, row.seenNs())
                                        : row));
        keys.addAll(board.keyRows());
        alerts.values().forEach(board::settle);
    }

    public Collection<AlertGroup> alerts() {
        return alerts.values();
    }

    /** All, the merged ones too. */
    public List<Incident> incidents() {
        return stored.values().stream().map(StoredIncident::incident).toList();
    }

    Map<UUID, StoredIncident> stored() {
        return stored;
    }
}
