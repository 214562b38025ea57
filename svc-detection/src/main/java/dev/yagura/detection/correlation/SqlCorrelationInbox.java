package dev.yagura.detection.correlation;

import dev.yagura.sigma.correlation.BaseMatch;
import dev.yagura.sigma.correlation.GroupKey;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/** Members on their way to their groups, within transactions of the caller. */
public final class SqlCorrelationInbox {
    /** As many as the migration makes. */
    private static final int SHARDS = 16;

    private static final String PUT =
            """
            INSERT INTO correlation_inbox (shard, correlation, group_id, group_values, removed,
                rule_index, event_id, time_ns, field_values, carried, evidence)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """;

    // One owner at a time; a shard that another replica works on is passed over.
    private static final String LOCK_SHARD =
            """
            SELECT s.shard FROM correlation_shard s WHERE EXISTS (
                SELECT 1 FROM correlation_inbox i WHERE i.shard = s.shard AND i.correlation = ANY (?))
            ORDER BY random() LIMIT 1 FOR UPDATE SKIP LOCKED
            """;

    private static final String READ =
            """
            SELECT id, correlation, group_id, group_values, removed, rule_index, event_id, time_ns,
                field_values, carried, evidence
            FROM correlation_inbox WHERE shard = ? AND correlation = ANY (?) ORDER BY id LIMIT ?
            """;

    private SqlCorrelationInbox() {}

    /** A member and its number in the inbox. */
    record Row(long id, CorrelationMember member) {}

    /** Puts members in; in the order in which those of one event are to be applied. */
    public static void put(Connection connection, List<CorrelationMember> members)
            throws SQLException {
        if (members.isEmpty()) {
            return;
        }
        try (PreparedStatement insert = connection.prepareStatement(PUT)) {
            for (CorrelationMember member : members) {
                BaseMatch match = member.match();
                insert.setInt(1, Math.floorMod(member.groupId().hashCode(), SHARDS));
                insert.setString(2, member.correlation());
                insert.setObject(3, member.groupId());
                insert.setArray(4, texts(connection, member.group().values()));
                insert.setBoolean(5, member.removed());
                insert.setInt(6, match.rule());
                insert.setString(7, match.eventId());
                insert.setLong(8, match.timeNs());
                insert.setArray(9, texts(connection, match.values()));
                insert.setArray(10, texts(connection, inTurn(match.carried())));
                insert.setBytes(11, member.evidence());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /** Takes a shard with work of these correlations until the transaction ends. */
    static OptionalInt lockShard(Connection connection, Set<String> correlations)
            throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(LOCK_SHARD)) {
            query.setArray(1, texts(connection, correlations));
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? OptionalInt.of(row.getInt(1)) : OptionalInt.empty();
            }
        }
    }

    /** The oldest of a shard. */
    static List<Row> read(Connection connection, int shard, Set<String> correlations, int limit)
            throws SQLException {
        List<Row> rows = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement(READ)) {
            query.setInt(1, shard);
            query.setArray(2, texts(connection, correlations));
            query.setInt(3, limit);
            try (ResultSet found = query.executeQuery()) {
                while (found.next()) {
                    rows.add(row(found));
                }
            }
        }
        return rows;
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(
                row.getLong(1),
                new CorrelationMember(
                        row.getString(2),
                        row.getObject(3, UUID.class),
                        new GroupKey(texts(row.getArray(4))),
                        new BaseMatch(
                                row.getInt(6),
                                row.getString(7),
                                row.getLong(8),
                                texts(row.getArray(9)),
                                pairs(texts(row.getArray(10)))),
                        row.getBoolean(5),
                        row.getBytes(11)));
    }

    static void delete(Connection connection, List<Row> rows) throws SQLException {
        try (PreparedStatement delete =
                connection.prepareStatement("DELETE FROM correlation_inbox WHERE id = ANY (?)")) {
            delete.setArray(
                    1, connection.createArrayOf("int8", rows.stream().map(Row::id).toArray()));
            delete.executeUpdate();
        }
    }

    static Array texts(Connection connection, Collection<String> texts) throws SQLException {
        return connection.createArrayOf("text", texts.toArray());
    }

    static List<String> texts(Array array) throws SQLException {
        return List.of((String[]) array.getArray());
    }

    private static List<String> inTurn(Map<String, String> fields) {
        List<String> inTurn = new ArrayList<>();
        new TreeMap<>(fields).forEach((name, value) -> inTurn.addAll(List.of(name, value)));
        return inTurn;
    }

    private static Map<String, String> pairs(List<String> inTurn) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (int index = 0; index < inTurn.size(); index += 2) {
            fields.put(inTurn.get(index), inTurn.get(index + 1));
        }
        return fields;
    }
}
