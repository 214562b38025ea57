package dev.yagura.detection.rule;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/** Adds to the counts of rules, within a transaction of the caller; rows in the order of names. */
public final class SqlRuleCounts {
    private static final Duration KEPT_HOURS = Duration.ofDays(8);

    private static final String ADD =
            """
            INSERT INTO rule_statistics AS s (rule_name, matches, alerts, shadow_matches,
                excepted_matches, last_match_time)
            VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (rule_name) DO UPDATE SET matches = s.matches + excluded.matches,
                alerts = s.alerts + excluded.alerts,
                shadow_matches = s.shadow_matches + excluded.shadow_matches,
                excepted_matches = s.excepted_matches + excluded.excepted_matches,
                last_match_time = greatest(s.last_match_time, excluded.last_match_time)
            """;

    private static final String ADD_HOUR =
            """
            INSERT INTO rule_hour AS h (rule_name, hour, alerts, shadow_alerts)
            VALUES (?, ?, ?, ?)
            ON CONFLICT (rule_name, hour) DO UPDATE SET alerts = h.alerts + excluded.alerts,
                shadow_alerts = h.shadow_alerts + excluded.shadow_alerts
            """;

    private static final String ADD_EXCEPTION =
            """
            UPDATE rule_exception SET match_count = match_count + ?,
                last_match_time = greatest(last_match_time, ?) WHERE id = ?
            """;

    private static final String ADD_EVALUATED =
            """
            INSERT INTO rule_statistics AS s (rule_name, evaluated_events, cost_ns)
            SELECT * FROM unnest(?::text[], ?::bigint[], ?::integer[])
            ON CONFLICT (rule_name) DO UPDATE SET
                evaluated_events = s.evaluated_events + excluded.evaluated_events,
                cost_ns = CASE WHEN excluded.cost_ns > 0 THEN excluded.cost_ns ELSE s.cost_ns END
            """;

    private SqlRuleCounts() {}

    /**
     * Adds what a commit brings.
     *
     * @param createdAlerts alerts that it makes, by the names of rules
     */
    public static void add(
            Connection connection,
            RuleCounts counts,
            Map<String, Integer> createdAlerts,
            Instant now)
            throws SQLException {
        if (counts.isEmpty()) {
            return;
        }
        Timestamp time = Timestamp.from(now);
        Timestamp hour = Timestamp.from(now.truncatedTo(ChronoUnit.HOURS));
        try (PreparedStatement totals = connection.prepareStatement(ADD);
                PreparedStatement hours = connection.prepareStatement(ADD_HOUR)) {
            for (Map.Entry<String, RuleCounts.Tally> one : counts.byRule().entrySet()) {
                RuleCounts.Tally tally = one.getValue();
                int alerts = createdAlerts.getOrDefault(one.getKey(), 0);
                bind(
                        totals,
                        one.getKey(),
                        tally.matches(),
                        (long) alerts,
                        tally.shadowMatches(),
                        tally.exceptedMatches(),
                        time);
                totals.addBatch();
                if (alerts + tally.shadowAlerts() > 0) {
                    bind(hours, one.getKey(), hour, (long) alerts, tally.shadowAlerts());
                    hours.addBatch();
                }
            }
            totals.executeBatch();
            hours.executeBatch();
        }
        try (PreparedStatement exceptions = connection.prepareStatement(ADD_EXCEPTION)) {
            for (Map.Entry<UUID, Long> one : counts.byException().entrySet()) {
                bind(exceptions, one.getValue(), time, one.getKey());
                exceptions.addBatch();
            }
            exceptions.executeBatch();
        }
    }

    /** Adds evaluated events, sets costs, and forgets old hours. */
    static void addEvaluated(
            Connection connection,
            Map<String, Long> evaluated,
            Map<String, Integer> costs,
            Instant now)
            throws SQLException {
        Set<String> names = new TreeSet<>(evaluated.keySet());
        names.addAll(costs.keySet());
        if (!names.isEmpty()) {
            try (PreparedStatement add = connection.prepareStatement(ADD_EVALUATED)) {
                add.setArray(1, connection.createArrayOf("text", names.toArray()));
                add.setArray(
                        2,
                        connection.createArrayOf(
                                "int8",
                                names.stream()
                                        .map(name -> evaluated.getOrDefault(name, 0L))
                                        .toArray()));
                add.setArray(
                        3,
                        connection.createArrayOf(
                                "int4",
                                names.stream().map(name -> costs.getOrDefault(name, 0)).toArray()));
                add.executeUpdate();
            }
        }
        try (PreparedStatement forget =
                connection.prepareStatement("DELETE FROM rule_hour WHERE hour < ?")) {
            forget.setTimestamp(1, Timestamp.from(now.minus(KEPT_HOURS)));
            forget.executeUpdate();
        }
    }

    private static void bind(PreparedStatement statement, Object... parameters)
            throws SQLException {
        for (int index = 0; index < parameters.length; index++) {
            statement.setObject(index + 1, parameters[index]);
        }
    }
}
