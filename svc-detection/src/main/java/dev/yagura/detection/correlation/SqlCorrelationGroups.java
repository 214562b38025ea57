package dev.yagura.detection.correlation;

import dev.yagura.sigma.correlation.GroupKey;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** Groups and the evidence of their members; written by who holds the lock of their shard. */
final class SqlCorrelationGroups {
    private static final String SAVE =
            """
            INSERT INTO correlation_group (group_id, correlation, group_values, state, newest_ns,
                checkpoint_ns, checkpoint_time, update_time)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (group_id) DO UPDATE SET state = excluded.state,
                newest_ns = excluded.newest_ns, checkpoint_ns = excluded.checkpoint_ns,
                checkpoint_time = excluded.checkpoint_time, update_time = excluded.update_time
            """;

    private static final String SAVE_EVIDENCE =
            """
            INSERT INTO correlation_evidence (group_id, event_id, time_ns, evidence)
            VALUES (?, ?, ?, ?) ON CONFLICT (group_id, event_id) DO NOTHING
            """;

    private static final String FORGET_EVIDENCE =
            "DELETE FROM correlation_evidence WHERE group_id = ? AND time_ns <= ?";

    private static final String EVIDENCE =
            """
            SELECT group_id, event_id, evidence FROM correlation_evidence
            WHERE group_id = ANY (?) AND event_id = ANY (?)
            """;

    private static final String FORGET_GROUPS =
            """
            WITH gone AS (
                DELETE FROM correlation_group WHERE group_id IN (
                    SELECT group_id FROM correlation_group
                    WHERE update_time < ? AND correlation = ANY (?) LIMIT 1000)
                RETURNING group_id)
            DELETE FROM correlation_evidence e USING gone WHERE e.group_id = gone.group_id
            """;

    private SqlCorrelationGroups() {}

    /**
     * What is stored of a group.
     *
     * @param state as bytes
     */
    record Stored(byte[] state, Checkpoint checkpoint) {}

    /** Those of the groups that are stored. */
    static Map<UUID, Stored> load(Connection connection, Collection<UUID> groups)
            throws SQLException {
        Map<UUID, Stored> stored = new HashMap<>();
        try (PreparedStatement query =
                connection.prepareStatement(
                        "SELECT group_id, state, newest_ns, checkpoint_ns, checkpoint_time FROM correlation_group WHERE group_id = ANY (?)")) {
            query.setArray(1, connection.createArrayOf("uuid", groups.toArray()));
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    stored.put(
                            rows.getObject(1, UUID.class),
                            new Stored(
                                    rows.getBytes(2),
                                    new Checkpoint(
                                            rows.getLong(3),
                                            rows.getLong(4),
                                            rows.getTimestamp(5).toInstant())));
                }
            }
        }
        return stored;
    }

    /** An event of a group. */
    record Place(UUID groupId, String eventId) {}

    /** Evidence as bytes, of those that are kept. */
    static Map<Place, byte[]> evidence(Connection connection, Collection<Place> places)
            throws SQLException {
        Map<Place, byte[]> found = new HashMap<>();
        if (places.isEmpty()) {
            return found;
        }
        try (PreparedStatement query = connection.prepareStatement(EVIDENCE)) {
            query.setArray(
                    1,
                    connection.createArrayOf(
                            "uuid", places.stream().map(Place::groupId).distinct().toArray()));
            query.setArray(
                    2,
                    connection.createArrayOf(
                            "text", places.stream().map(Place::eventId).distinct().toArray()));
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    found.put(
                            new Place(rows.getObject(1, UUID.class), rows.getString(2)),
                            rows.getBytes(3));
                }
            }
        }
        return found;
    }

    /** A group as it is to be stored. */
    record Saved(
            UUID groupId,
            String correlation,
            GroupKey group,
            byte[] state,
            Checkpoint checkpoint,
            long horizonNs,
            Collection<CorrelationMember> added) {}

    static void save(Connection connection, Collection<Saved> groups, Instant now)
            throws SQLException {
        try (PreparedStatement save = connection.prepareStatement(SAVE);
                PreparedStatement evidence = connection.prepareStatement(SAVE_EVIDENCE);
                PreparedStatement forget = connection.prepareStatement(FORGET_EVIDENCE)) {
            for (Saved group : groups) {
                save.setObject(1, group.groupId());
                save.setString(2, group.correlation());
                save.setArray(3, SqlCorrelationInbox.texts(connection, group.group().values()));
                save.setBytes(4, group.state());
                save.setLong(5, group.checkpoint().newestNs());
                save.setLong(6, group.checkpoint().thenNs());
                save.setTimestamp(7, Timestamp.from(group.checkpoint().then()));
                save.setTimestamp(8, Timestamp.from(now));
                save.addBatch();
                for (CorrelationMember member : group.added()) {
                    evidence.setObject(1, group.groupId());
                    evidence.setString(2, member.match().eventId());
                    evidence.setLong(3, member.match().timeNs());
                    evidence.setBytes(4, member.evidence());
                    evidence.addBatch();
                }
                forget.setObject(1, group.groupId());
                forget.setLong(2, group.horizonNs());
                forget.addBatch();
            }
            save.executeBatch();
            evidence.executeBatch();
            forget.executeBatch();
        }
    }

    /** Forgets groups of a correlation to which nothing came since then, with their evidence. */
    static void forget(Connection connection, Collection<String> correlations, Instant before)
            throws SQLException {
        try (PreparedStatement forget = connection.prepareStatement(FORGET_GROUPS)) {
            forget.setTimestamp(1, Timestamp.from(before));
            forget.setArray(2, SqlCorrelationInbox.texts(connection, correlations));
            forget.executeUpdate();
        }
    }

    /** Forgets what belongs to correlations that no replica has had in force since then. */
    static void forgetOthers(Connection connection, Collection<String> inForce, Instant before)
            throws SQLException {
        for (String statement :
                new String[] {
                    "DELETE FROM correlation_inbox WHERE create_time < ? AND NOT correlation = ANY (?)",
                    """
                    DELETE FROM correlation_evidence e USING correlation_group g
                    WHERE g.group_id = e.group_id AND g.update_time < ? AND NOT g.correlation = ANY (?)
                    """,
                    "DELETE FROM correlation_group WHERE update_time < ? AND NOT correlation = ANY (?)"
                }) {
            try (PreparedStatement forget = connection.prepareStatement(statement)) {
                forget.setTimestamp(1, Timestamp.from(before));
                forget.setArray(2, SqlCorrelationInbox.texts(connection, inForce));
                forget.executeUpdate();
            }
        }
    }
}
