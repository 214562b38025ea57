package dev.yagura.detection.rule;

import dev.yagura.common.error.AlreadyExistsException;
import dev.yagura.common.persistence.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * In SQL, not in Jakarta Persistence: the follower reads everything at once outside of any request,
 * and detection adds counts to the same tables in the transaction of its cursor.
 */
@ApplicationScoped
class SqlRuleStore implements RuleStore {
    private static final Duration KEPT_REQUESTS = Duration.ofDays(30);

    private static final String EXCEPTIONS =
            "SELECT id, rule_name, body, reason, creator, create_time, expire_time, match_count,"
                    + " last_match_time FROM rule_exception";

    private static final String TOTALS =
            """
            SELECT s.rule_name, evaluated_events, matches, s.alerts, shadow_matches,
                excepted_matches, last_match_time, cost_ns,
                coalesce(d.alerts, 0), coalesce(d.shadow_alerts, 0)
            FROM rule_statistics s LEFT JOIN (
                SELECT rule_name, sum(alerts) AS alerts, sum(shadow_alerts) AS shadow_alerts
                FROM rule_hour WHERE hour > ? AND rule_name = ANY (?) GROUP BY rule_name) d
                USING (rule_name)
            WHERE s.rule_name = ANY (?)
            """;

    private final Transactions transactions;

    @Inject
    SqlRuleStore(Transactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public long generation() {
        return transactions.query(SqlRuleStore::generation);
    }

    @Override
    public StoredRules read() {
        return transactions.inTransaction(transaction -> {
            Connection connection = transaction.connection();
            // First: what follows may be newer, and is then read again.
            long generation = generation(connection);
            return new StoredRules(
                    generation,
                    customRules(connection),
                    packs(connection),
                    deployments(connection),
                    exceptions(connection, ""));
        });
    }

    @Override
    public Optional<byte[]> archive(String pack) {
        return transactions.query(connection -> {
            try (PreparedStatement query =
                    connection.prepareStatement("SELECT archive FROM rule_pack WHERE name = ?")) {
                query.setString(1, pack);
                try (ResultSet row = query.executeQuery()) {
                    return row.next() ? Optional.of(row.getBytes(1)) : Optional.empty();
                }
            }
        });
    }

    @Override
    public List<StoredException> exceptions(String ruleName) {
        return transactions.query(connection -> exceptions(connection, ruleName));
    }

    @Override
    public Map<String, RuleTotals> statistics(List<String> ruleNames, Instant now) {
        return transactions.query(connection -> {
            Object[] names = ruleNames.toArray();
            Map<String, RuleTotals> totals = new HashMap<>();
            try (PreparedStatement query = connection.prepareStatement(TOTALS)) {
                query.setTimestamp(1, Timestamp.from(now.minus(Duration.ofDays(1))));
                query.setArray(2, connection.createArrayOf("text", names));
                query.setArray(3, connection.createArrayOf("text", names));
                try (ResultSet row = query.executeQuery()) {
                    while (row.next()) {
                        totals.put(row.getString(1), totals(row));
                    }
                }
            }
            return totals;
        });
    }

    private static RuleTotals totals(ResultSet row) throws SQLException {
        return new RuleTotals(
                row.getLong(2),
                row.getLong(3),
                row.getLong(4),
                row.getLong(5),
                row.getLong(6),
                row.getLong(9),
                row.getLong(10),
                SqlRuleEdits.instant(row, 7),
                row.getInt(8));
    }

    @Override
    public String change(Request request, Function<RuleEdits, String> change) {
        return transactions.inTransaction(transaction -> {
            Connection connection = transaction.connection();
            lock(connection);
            Optional<String> before = answered(connection, request);
            if (before.isPresent()) {
                return before.get();
            }
            String resource = change.apply(new SqlRuleEdits(connection));
            SqlRuleEdits.execute(
                    connection,
                    "INSERT INTO rule_request (request_id, fingerprint, resource, create_time)"
                            + " VALUES (?, ?, ?, ?)",
                    request.requestId(),
                    request.fingerprint(),
                    resource,
                    Timestamp.from(request.time()));
            SqlRuleEdits.execute(
                    connection,
                    "DELETE FROM rule_request WHERE create_time < ?",
                    Timestamp.from(request.time().minus(KEPT_REQUESTS)));
            SqlRuleEdits.execute(
                    connection, "UPDATE rule_generation SET generation = generation + 1");
            return resource;
        });
    }

    private static void lock(Connection connection) throws SQLException {
        try (PreparedStatement lock =
                connection.prepareStatement("SELECT generation FROM rule_generation FOR UPDATE")) {
            lock.execute();
        }
    }

    private static Optional<String> answered(Connection connection, Request request)
            throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement(
                        "SELECT fingerprint, resource FROM rule_request WHERE request_id = ?")) {
            query.setObject(1, request.requestId());
            try (ResultSet row = query.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                if (!row.getString(1).equals(request.fingerprint())) {
                    throw new AlreadyExistsException(
                            "request_id "
                                    + request.requestId()
                                    + " was used for another request; make a new one");
                }
                return Optional.of(row.getString(2));
            }
        }
    }

    private static long generation(Connection connection) throws SQLException {
        try (PreparedStatement query =
                        connection.prepareStatement("SELECT generation FROM rule_generation");
                ResultSet row = query.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    private static List<CustomRule> customRules(Connection connection) throws SQLException {
        List<CustomRule> rules = new ArrayList<>();
        try (PreparedStatement query =
                        connection.prepareStatement(
                                SqlRuleEdits.CUSTOM_RULES + " ORDER BY rule_id");
                ResultSet row = query.executeQuery()) {
            while (row.next()) {
                rules.add(SqlRuleEdits.customRule(row));
            }
        }
        return rules;
    }

    private static List<ImportedPack> packs(Connection connection) throws SQLException {
        List<ImportedPack> packs = new ArrayList<>();
        try (PreparedStatement query =
                        connection.prepareStatement(SqlRuleEdits.PACKS + " ORDER BY name");
                ResultSet row = query.executeQuery()) {
            while (row.next()) {
                packs.add(SqlRuleEdits.pack(row));
            }
        }
        return packs;
    }

    private static Map<String, Deployment> deployments(Connection connection) throws SQLException {
        Map<String, Deployment> deployments = new HashMap<>();
        try (PreparedStatement query = connection.prepareStatement(SqlRuleEdits.DEPLOYMENTS);
                ResultSet row = query.executeQuery()) {
            while (row.next()) {
                deployments.put(row.getString(1), SqlRuleEdits.deployment(row));
            }
        }
        return deployments;
    }

    /** Of all rules when the name is empty. */
    private static List<StoredException> exceptions(Connection connection, String ruleName)
            throws SQLException {
        List<StoredException> exceptions = new ArrayList<>();
        String where = ruleName.isEmpty() ? "" : " WHERE rule_name = ?";
        try (PreparedStatement query =
                connection.prepareStatement(EXCEPTIONS + where + " ORDER BY create_time, id")) {
            if (!ruleName.isEmpty()) {
                query.setString(1, ruleName);
            }
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    exceptions.add(
                            new StoredException(
                                    row.getObject(1, UUID.class),
                                    row.getString(2),
                                    row.getString(3),
                                    row.getString(4),
                                    row.getString(5),
                                    row.getTimestamp(6).toInstant(),
                                    SqlRuleEdits.instant(row, 7),
                                    row.getLong(8),
                                    SqlRuleEdits.instant(row, 9)));
                }
            }
        }
        return exceptions;
    }
}
