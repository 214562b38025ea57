package dev.yagura.inventory.reconcile;

import dev.yagura.proto.type.v1.Scope;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The tables patch_state and patch_reading. A reading first locks the row of its scope. */
final class PatchRows {
    private static final String COMPLETE =
            """
            INSERT INTO patch_reading AS known (partition, account_id, region, observed_time)
            VALUES (?, ?, ?, ?)
            ON CONFLICT (partition, account_id, region) DO UPDATE SET failure = '',
                observed_time = excluded.observed_time
            WHERE known.observed_time IS NULL OR known.observed_time < excluded.observed_time
            """;

    private static final String FAIL =
            """
            INSERT INTO patch_reading (partition, account_id, region, failure) VALUES (?, ?, ?, ?)
            ON CONFLICT (partition, account_id, region) DO UPDATE SET failure = excluded.failure
            """;

    private static final String SAVE =
            """
            INSERT INTO patch_state AS known
                (asset_id, partition, account_id, region, baseline_id, operation, end_time,
                missing, failed, pending_reboot, critical, security)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (asset_id) DO UPDATE SET baseline_id = excluded.baseline_id,
                operation = excluded.operation, end_time = excluded.end_time,
                missing = excluded.missing, failed = excluded.failed,
                pending_reboot = excluded.pending_reboot, critical = excluded.critical,
                security = excluded.security
            WHERE (known.baseline_id, known.operation, known.end_time, known.missing, known.failed,
                    known.pending_reboot, known.critical, known.security)
                IS DISTINCT FROM (excluded.baseline_id, excluded.operation, excluded.end_time,
                    excluded.missing, excluded.failed, excluded.pending_reboot, excluded.critical,
                    excluded.security)
            """;

    private static final String FORGET =
            """
            DELETE FROM patch_state
            WHERE partition = ? AND account_id = ? AND region = ? AND asset_id <> ALL (?)
            """;

    private static final String FIND_STATES =
            "SELECT asset_id, baseline_id, operation, end_time, missing, failed, pending_reboot,"
                    + " critical, security FROM patch_state WHERE asset_id = ANY (?)";

    private static final String FIND_READING =
            "SELECT observed_time, failure FROM patch_reading"
                    + " WHERE partition = ? AND account_id = ? AND region = ?";

    private PatchRows() {}

    /** Makes a complete reading what is known, unless a newer one is. */
    static void replace(
            Connection connection, Scope scope, Collection<PatchState> states, Instant asked)
            throws SQLException {
        try (PreparedStatement complete = connection.prepareStatement(COMPLETE)) {
            SqlNodeStore.scope(complete, 1, scope);
            complete.setTimestamp(4, Timestamp.from(asked));
            if (complete.executeUpdate() == 0) {
                return;
            }
        }
        save(connection, scope, states);
        try (PreparedStatement forget = connection.prepareStatement(FORGET)) {
            SqlNodeStore.scope(forget, 1, scope);
            forget.setArray(
                    4,
                    connection.createArrayOf(
                            "uuid", states.stream().map(PatchState::assetId).toArray()));
            forget.executeUpdate();
        }
    }

    private static void save(Connection connection, Scope scope, Collection<PatchState> states)
            throws SQLException {
        List<PatchState> ordered =
                states.stream().sorted(Comparator.comparing(PatchState::assetId)).toList();
        try (PreparedStatement save = connection.prepareStatement(SAVE)) {
            for (PatchState state : ordered) {
                save.setObject(1, state.assetId());
                SqlNodeStore.scope(save, 2, scope);
                save.setString(5, state.baselineId());
                save.setString(6, state.operation());
                save.setTimestamp(7, SqlNodeStore.timestamp(state.endTime()));
                save.setInt(8, state.missing());
                save.setInt(9, state.failed());
                save.setInt(10, state.pendingReboot());
                save.setInt(11, state.critical());
                save.setInt(12, state.security());
                save.addBatch();
            }
            save.executeBatch();
        }
    }

    static void fail(Connection connection, Scope scope, String reason) throws SQLException {
        try (PreparedStatement fail = connection.prepareStatement(FAIL)) {
            SqlNodeStore.scope(fail, 1, scope);
            fail.setString(4, reason);
            fail.executeUpdate();
        }
    }

    /** Of instances of a scope, each of them. */
    static Map<UUID, PatchKnowledge> find(
            Connection connection, Scope scope, Collection<UUID> assetIds) throws SQLException {
        PatchKnowledge reading = reading(connection, scope);
        Map<UUID, PatchState> states = states(connection, assetIds);
        return assetIds.stream()
                .collect(
                        Collectors.toMap(
                                Function.identity(),
                                id ->
                                        new PatchKnowledge(
                                                states.get(id),
                                                reading.observedTime(),
                                                reading.failure())));
    }

    /** Of no instance. */
    static PatchKnowledge reading(Connection connection, Scope scope) throws SQLException {
        try (PreparedStatement find = connection.prepareStatement(FIND_READING)) {
            SqlNodeStore.scope(find, 1, scope);
            try (ResultSet row = find.executeQuery()) {
                return row.next()
                        ? new PatchKnowledge(null, SqlNodeStore.instant(row, 1), row.getString(2))
                        : new PatchKnowledge(null, null, "");
            }
        }
    }

    private static Map<UUID, PatchState> states(Connection connection, Collection<UUID> assetIds)
            throws SQLException {
        Map<UUID, PatchState> found = new HashMap<>();
        try (PreparedStatement find = connection.prepareStatement(FIND_STATES)) {
            find.setArray(1, connection.createArrayOf("uuid", assetIds.toArray()));
            try (ResultSet row = find.executeQuery()) {
                while (row.next()) {
                    UUID id = row.getObject(1, UUID.class);
                    found.put(
                            id,
                            new PatchState(
                                    id,
                                    row.getString(2),
                                    row.getString(3),
                                    SqlNodeStore.instant(row, 4),
                                    row.getInt(5),
                                    row.getInt(6),
                                    row.getInt(7),
                                    row.getInt(8),
                                    row.getInt(9)));
                }
            }
        }
        return found;
    }
}
