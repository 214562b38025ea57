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
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A reading is one transaction, whose first statement locks the scope's row. */
@ApplicationScoped
class SqlNodeStore implements NodeStore {
    private static final String COMPLETE =
            """
            INSERT INTO node_reading AS known
                (partition, account_id, region, first_time, observed_time)
            VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (partition, account_id, region) DO UPDATE SET failure = '',
                first_time = coalesce(known.first_time, excluded.first_time),
                observed_time = excluded.observed_time
            WHERE known.observed_time IS NULL OR known.observed_time < excluded.observed_time
            """;

    private static final String FAIL =
            """
            INSERT INTO node_reading (partition, account_id, region, failure) VALUES (?, ?, ?, ?)
            ON CONFLICT (partition, account_id, region) DO UPDATE SET failure = excluded.failure
            """;

    /** Writes only what is new: most nodes are as they were. */
    private static final String SAVE =
            """
            INSERT INTO managed_node AS known
                (asset_id, partition, account_id, region, ping_status, last_ping_time,
                platform_name, platform_version)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (asset_id) DO UPDATE SET ping_status = excluded.ping_status,
                last_ping_time = excluded.last_ping_time, absent_time = NULL,
                platform_name = excluded.platform_name,
                platform_version = excluded.platform_version
            WHERE (known.ping_status, known.last_ping_time, known.absent_time,
                    known.platform_name, known.platform_version)
                IS DISTINCT FROM (excluded.ping_status, excluded.last_ping_time, NULL,
                    excluded.platform_name, excluded.platform_version)
            """;

    private static final String ABSENT =
            """
            UPDATE managed_node SET absent_time = ?
            WHERE partition = ? AND account_id = ? AND region = ?
                AND absent_time IS NULL AND asset_id <> ALL (?)
            """;

    private static final String FIND =
            "SELECT asset_id, ping_status, last_ping_time, platform_name, platform_version,"
                    + " absent_time FROM managed_node WHERE asset_id = ANY (?)";

    private static final String KNOWLEDGE =
            "SELECT partition, account_id, region, first_time, observed_time, failure"
                    + " FROM node_reading ORDER BY partition, account_id, region";

    private final Transactions transactions;

    @Inject
    SqlNodeStore(Transactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public void replace(Scope scope, Collection<ManagedNode> managed, Instant asked) {
        transactions.run(transaction -> {
            Connection connection = transaction.connection();
            if (complete(connection, scope, asked)) {
                save(connection, scope, managed);
                leaveAbsent(connection, scope, managed, asked);
            }
        });
    }

    @Override
    public void fail(Scope scope, String reason) {
        transactions.run(transaction -> {
            try (PreparedStatement fail = transaction.connection().prepareStatement(FAIL)) {
                scope(fail, 1, scope);
                fail.setString(4, reason);
                fail.executeUpdate();
            }
        });
    }

    @Override
    public Map<UUID, ManagedNode> find(Collection<UUID> assetIds) {
        return transactions.query(connection -> {
            try (PreparedStatement find = connection.prepareStatement(FIND)) {
                find.setArray(1, connection.createArrayOf("uuid", assetIds.toArray()));
                Map<UUID, ManagedNode> found = new HashMap<>();
                try (ResultSet row = find.executeQuery()) {
                    while (row.next()) {
                        UUID id = row.getObject(1, UUID.class);
                        found.put(
                                id,
                                new ManagedNode(
                                        id,
                                        row.getString(2),
                                        instant(row, 3),
                                        row.getString(4),
                                        row.getString(5),
                                        instant(row, 6)));
                    }
                }
                return found;
            }
        });
    }

    @Override
    public List<NodeKnowledge> knowledge() {
        return transactions.query(connection -> {
            List<NodeKnowledge> all = new ArrayList<>();
            try (PreparedStatement query = connection.prepareStatement(KNOWLEDGE);
                    ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    all.add(
                            new NodeKnowledge(
                                    Scopes.of(row.getString(1), row.getString(2), row.getString(3)),
                                    instant(row, 4),
                                    instant(row, 5),
                                    row.getString(6)));
                }
            }
            return all;
        });
    }

    @Override
    public void replacePatches(Scope scope, Collection<PatchState> states, Instant asked) {
        transactions.run(
                transaction -> PatchRows.replace(transaction.connection(), scope, states, asked));
    }

    @Override
    public void failPatches(Scope scope, String reason) {
        transactions.run(transaction -> PatchRows.fail(transaction.connection(), scope, reason));
    }

    @Override
    public Optional<Instant> patchesRead(Scope scope) {
        return transactions.query(connection ->
                Optional.ofNullable(PatchRows.reading(connection, scope).observedTime()));
    }

    @Override
    public Map<UUID, PatchKnowledge> patches(Scope scope, Collection<UUID> assetIds) {
        return transactions.query(connection -> PatchRows.find(connection, scope, assetIds));
    }

    private static boolean complete(Connection connection, Scope scope, Instant asked)
            throws SQLException {
        try (PreparedStatement complete = connection.prepareStatement(COMPLETE)) {
            scope(complete, 1, scope);
            complete.setTimestamp(4, Timestamp.from(asked));
            complete.setTimestamp(5, Timestamp.from(asked));
            return complete.executeUpdate() == 1;
        }
    }

    private static void save(Connection connection, Scope scope, Collection<ManagedNode> managed)
            throws SQLException {
        try (PreparedStatement save = connection.prepareStatement(SAVE)) {
            for (ManagedNode node :
                    managed.stream().sorted(Comparator.comparing(ManagedNode::assetId)).toList()) {
                save.setObject(1, node.assetId());
                scope(save, 2, scope);
                save.setString(5, node.pingStatus());
                save.setTimestamp(6, timestamp(node.lastPingTime()));
                save.setString(7, node.platformName());
                save.setString(8, node.platformVersion());
                save.addBatch();
            }
            save.executeBatch();
        }
    }

    private static void leaveAbsent(
            Connection connection, Scope scope, Collection<ManagedNode> managed, Instant asked)
            throws SQLException {
        try (PreparedStatement absent = connection.prepareStatement(ABSENT)) {
            absent.setTimestamp(1, Timestamp.from(asked));
            scope(absent, 2, scope);
            absent.setArray(
                    5,
                    connection.createArrayOf(
                            "uuid", managed.stream().map(ManagedNode::assetId).toArray()));
            absent.executeUpdate();
        }
    }

    static void scope(PreparedStatement statement, int index, Scope scope) throws SQLException {
        statement.setString(index, scope.getPartition());
        statement.setString(index + 1, scope.getAccountId());
        statement.setString(index + 2, scope.getRegion());
    }

    static @Nullable Timestamp timestamp(@Nullable Instant instant) {
        return instant == null ? null : Timestamp.from(instant);
    }

    static @Nullable Instant instant(ResultSet row, int column) throws SQLException {
        Timestamp value = row.getTimestamp(column);
        return value == null ? null : value.toInstant();
    }
}
