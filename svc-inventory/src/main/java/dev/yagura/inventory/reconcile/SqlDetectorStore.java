package dev.yagura.inventory.reconcile;

import dev.yagura.common.persistence.Transactions;
import dev.yagura.inventory.access.Scopes;
import dev.yagura.proto.type.v1.Scope;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One row a scope; a reading is one statement. */
@ApplicationScoped
class SqlDetectorStore implements DetectorStore {
    private static final String REPLACE =
            """
            INSERT INTO detector_reading AS known
                (partition, account_id, region, observed_time, status, features, off_since)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (partition, account_id, region) DO UPDATE SET failure = '',
                observed_time = excluded.observed_time, status = excluded.status,
                features = excluded.features,
                off_since = CASE WHEN excluded.off_since IS NULL THEN NULL
                    ELSE coalesce(known.off_since, excluded.off_since) END
            WHERE known.observed_time IS NULL OR known.observed_time < excluded.observed_time
            """;

    private static final String FAIL =
            """
            INSERT INTO detector_reading (partition, account_id, region, failure)
            VALUES (?, ?, ?, ?)
            ON CONFLICT (partition, account_id, region) DO UPDATE SET failure = excluded.failure
            """;

    private static final String KNOWLEDGE =
            "SELECT partition, account_id, region, observed_time, status, features, off_since,"
                    + " failure FROM detector_reading ORDER BY partition, account_id, region";

    private final Transactions transactions;

    @Inject
    SqlDetectorStore(Transactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public void replace(Scope scope, Detector detector, Instant asked) {
        transactions.run(transaction -> {
            Connection connection = transaction.connection();
            try (PreparedStatement replace = connection.prepareStatement(REPLACE)) {
                scope(replace, scope);
                replace.setTimestamp(4, Timestamp.from(asked));
                replace.setString(5, detector.status());
                replace.setArray(
                        6,
                        connection.createArrayOf(
                                "text", detector.features().stream().sorted().toArray()));
                replace.setTimestamp(7, detector.isOn() ? null : Timestamp.from(asked));
                replace.executeUpdate();
            }
        });
    }

    @Override
    public void fail(Scope scope, String reason) {
        transactions.run(transaction -> {
            try (PreparedStatement fail = transaction.connection().prepareStatement(FAIL)) {
                scope(fail, scope);
                fail.setString(4, reason);
                fail.executeUpdate();
            }
        });
    }

    @Override
    public List<DetectorKnowledge> knowledge() {
        return transactions.query(connection -> {
            List<DetectorKnowledge> all = new ArrayList<>();
            try (PreparedStatement query = connection.prepareStatement(KNOWLEDGE);
                    ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    all.add(knowledge(row));
                }
            }
            return all;
        });
    }

    private static DetectorKnowledge knowledge(ResultSet row) throws SQLException {
        Instant observed = instant(row, "observed_time");
        return new DetectorKnowledge(
                Scopes.of(row.getString(1), row.getString(2), row.getString(3)),
                observed,
                observed == null
                        ? null
                        : new Detector(
                                row.getString("status"),
                                Set.of((String[]) row.getArray("features").getArray())),
                instant(row, "off_since"),
                row.getString("failure"));
    }

    private static void scope(PreparedStatement statement, Scope scope) throws SQLException {
        statement.setString(1, scope.getPartition());
        statement.setString(2, scope.getAccountId());
        statement.setString(3, scope.getRegion());
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        Timestamp value = row.getTimestamp(column);
        return value == null ? null : value.toInstant();
    }
}
