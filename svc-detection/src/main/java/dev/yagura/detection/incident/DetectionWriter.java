package dev.yagura.detection.incident;

import dev.yagura.common.persistence.Transaction;
import dev.yagura.common.watch.ChangeFeed;
import dev.yagura.detection.alert.AlertGroup;
import dev.yagura.detection.alert.CorrelationFinding;
import dev.yagura.detection.alert.Sighting;
import dev.yagura.detection.alert.SqlAlertStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Turns sightings into alerts and incidents within a transaction of the caller, which has checked
 * its leases. Runs again from the start when the transaction does, so it keeps nothing.
 */
public final class DetectionWriter {
    /** A loss this close to an incident may have hidden a part of it. */
    private static final Duration LOSS_MARGIN = Duration.ofMinutes(10);

    private final IncidentConfig config;
    private final ChangeFeed alertFeed;
    private final ChangeFeed incidentFeed;
    private final Clock clock;

    /**
     * What one transaction adds.
     *
     * @param sightings in the order of the log, with the partition of each host
     */
    public record Input(
            List<Sighting> sightings,
            Map<UUID, Integer> partitionByHost,
            List<VisibilityLoss> losses) {
        public Input {
            sightings = List.copyOf(sightings);
            partitionByHost = Map.copyOf(partitionByHost);
            losses = List.copyOf(losses);
        }
    }

    /**
     * Ids of what changed, for the change feeds.
     *
     * @param createdByRule how many of the alerts are new, by the names of rules
     */
    public record Changes(
            Set<UUID> alerts, List<UUID> incidents, Map<String, Integer> createdByRule) {
        public Changes {
            createdByRule = Map.copyOf(createdByRule);
            alerts = new LinkedHashSet<>(alerts);
            incidents = List.copyOf(incidents);
        }
    }

    public DetectionWriter(
            IncidentConfig config, ChangeFeed alertFeed, ChangeFeed incidentFeed, Clock clock) {
        this.config = config;
        this.alertFeed = alertFeed;
        this.incidentFeed = incidentFeed;
        this.clock = clock;
    }

    /** Alerts first, in the order of their ids, then incidents. */
    public Changes write(Connection connection, Input input) throws SQLException {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        SqlIncidentStore store = new SqlIncidentStore(connection);
        store.insertLosses(input.losses());
        if (input.sightings().isEmpty() && input.losses().isEmpty()) {
            return new Changes(Set.of(), List.of(), Map.of());
        }
        Map<UUID, AlertGroup> alerts =
                SqlAlertStore.load(
                        connection,
                        input.sightings().stream()
                                .map(Sighting::alertId)
                                .distinct()
                                .sorted()
                                .toList());
        IncidentBoard board = board(store, input, alerts.values(), now);
        Map<UUID, Integer> partitions = new HashMap<>(input.partitionByHost());
        review(board, store, input.losses(), partitions);
        for (Sighting sighting : input.sightings()) {
            AlertGroup alert =
                    alerts.computeIfAbsent(
                            sighting.alertId(), id -> AlertGroup.first(sighting, now));
            board.join(sighting, alert);
            alert.add(sighting, now);
        }
        return store(connection, store, board, alerts, partitions, now);
    }

    /**
     * Puts matches of correlations into alerts and incidents of the hosts of their earliest events.
     * The caller holds the partitions of all hosts that are concerned.
     *
     * @param partitionByHost partition of each host
     * @param withdrawn ids of alerts that do not hold any more
     */
    public Changes correlate(
            Connection connection,
            List<CorrelationFinding> findings,
            Set<UUID> withdrawn,
            Map<UUID, Integer> partitionByHost)
            throws SQLException {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        SqlIncidentStore store = new SqlIncidentStore(connection);
        Set<UUID> ids = new TreeSet<>(withdrawn);
        findings.forEach(finding -> ids.add(finding.match().id()));
        Map<UUID, AlertGroup> alerts = SqlAlertStore.load(connection, ids);
        List<Sighting> sightings =
                findings.stream().flatMap(finding -> finding.sightings().stream()).toList();
        IncidentBoard board =
                board(store, new Input(sightings, Map.of(), List.of()), alerts.values(), now);
        for (CorrelationFinding finding : findings) {
            List<Sighting> events = finding.sightings();
            @Nullable AlertGroup known = alerts.get(finding.match().id());
            if (known == null && events.isEmpty()) {
                continue; // nothing is kept of it that could be shown
            }
            AlertGroup alert = known == null ? AlertGroup.first(events.getFirst(), now) : known;
            alerts.put(alert.id(), alert);
            for (Sighting sighting : alert.correlate(finding, now)) {
                if (sighting.hostId().equals(alert.hostId())) {
                    board.join(sighting, alert);
                }
            }
            events.forEach(sighting -> board.reach(alert, sighting));
        }
        for (UUID id : withdrawn) {
            @Nullable AlertGroup alert = alerts.get(id);
            if (alert != null) {
                alert.withdraw(now);
            }
        }
        return store(connection, store, board, alerts, partitionByHost, now);
    }

    private static Changes store(
            Connection connection,
            SqlIncidentStore store,
            IncidentBoard board,
            Map<UUID, AlertGroup> alerts,
            Map<UUID, Integer> partitions,
            Instant now)
            throws SQLException {
        List<StoredIncident> incidents = finish(board, store, partitions);
        alerts.values().forEach(board::settle);
        SqlAlertStore.upsert(connection, alerts.values());
        Set<UUID> changedAlerts = new LinkedHashSet<>(alerts.keySet().stream().sorted().toList());
        store.upsert(incidents);
        for (Map.Entry<UUID, UUID> merge : board.merges().entrySet()) {
            UUID into = board.current(merge.getValue());
            changedAlerts.addAll(
                    SqlAlertStore.reassign(connection, List.of(merge.getKey()), into, now));
            store.moveKeys(merge.getKey(), into);
        }
        store.upsertKeys(board.keyRows());
        return new Changes(
                changedAlerts,
                incidents.stream().map(StoredIncident::id).toList(),
                created(alerts.values()));
    }

    private static Map<String, Integer> created(Collection<AlertGroup> alerts) {
        Map<String, Integer> counts = new HashMap<>();
        alerts.stream()
                .filter(AlertGroup::isCreated)
                .forEach(alert -> counts.merge(alert.ruleName(), 1, Integer::sum));
        return counts;
    }

    /** The last statements of the transaction; feeds in alphabetical order. */
    public void announce(Transaction transaction, Changes changes) throws SQLException {
        alertFeed.append(transaction, changes.alerts());
        incidentFeed.append(transaction, changes.incidents());
    }

    private IncidentBoard board(
            SqlIncidentStore store, Input input, Collection<AlertGroup> known, Instant now)
            throws SQLException {
        Set<IncidentBoard.KeyPlace> places = new LinkedHashSet<>();
        for (Sighting sighting : input.sightings()) {
            JoinKey.of(sighting)
                    .forEach(key ->
                            places.add(new IncidentBoard.KeyPlace(sighting.hostId(), key.text())));
        }
        List<IncidentBoard.KeyRow> keys = store.keys(places);
        IncidentBoard board =
                new IncidentBoard(config, now, keys, ids -> unchecked(() -> store.load(ids)));
        Set<UUID> needed = new LinkedHashSet<>();
        keys.forEach(row -> needed.add(row.incidentId()));
        known.forEach(alert -> {
            UUID incident = alert.incidentId();
            if (incident != null) {
                needed.add(incident);
            }
        });
        board.load(needed);
        return board;
    }

    /** A loss that is found after the alerts still belongs to their incidents. */
    private static void review(
            IncidentBoard board,
            SqlIncidentStore store,
            List<VisibilityLoss> losses,
            Map<UUID, Integer> partitions)
            throws SQLException {
        Set<UUID> concerned = new TreeSet<>();
        for (VisibilityLoss loss : losses) {
            store.openNear(loss)
                    .forEach((incident, host) -> {
                        concerned.add(incident);
                        partitions.put(host, loss.partition());
                    });
        }
        board.review(concerned);
    }

    private static List<StoredIncident> finish(
            IncidentBoard board, SqlIncidentStore store, Map<UUID, Integer> partitions) {
        long margin = LOSS_MARGIN.toNanos();
        return board.finish(window ->
                unchecked(() ->
                        store.losses(
                                partitions.getOrDefault(window.hostId(), -1),
                                window.hostId(),
                                window.firstNs() - margin,
                                window.lastNs() + margin)));
    }

    /** A statement inside a callback; the transaction unwraps the exception again. */
    private interface Statement<T> {
        T run() throws SQLException;
    }

    private static <T> T unchecked(Statement<T> statement) {
        try {
            return statement.run();
        } catch (SQLException e) {
            throw new StatementFailedException(e);
        }
    }

    private static final class StatementFailedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        StatementFailedException(SQLException cause) {
            super(cause);
        }
    }
}
