package dev.yagura.detection.alert;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.yagura.proto.detection.v1.Alert;
import java.sql.Array;
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
import java.util.Objects;
import java.util.UUID;

/**
 * Alerts in the transaction of the cursor. Only the owner of a host's partition writes its alerts,
 * and the transaction holds the lease, so what is read here is still so at the commit.
 */
public final class SqlAlertStore {
    private static final String LOAD =
            "SELECT id, incident_id, version, body FROM alert WHERE id = ANY (?)";

    private static final String UPSERT =
            """
            INSERT INTO alert (id, aws_partition, account_id, region, host_id, instance_id, rule_id,
                severity, technique_keys, incident_id, create_time, update_time, version, body)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET severity = excluded.severity, incident_id = excluded.incident_id,
                update_time = excluded.update_time, version = excluded.version, body = excluded.body
            """;

    private static final String REASSIGN =
            """
            UPDATE alert SET incident_id = ?, version = version + 1, update_time = ?
            WHERE incident_id = ANY (?) RETURNING id
            """;

    private SqlAlertStore() {}

    /** Those that exist, by id. */
    public static Map<UUID, AlertGroup> load(Connection connection, Collection<UUID> ids)
            throws SQLException {
        Map<UUID, AlertGroup> found = new HashMap<>();
        if (ids.isEmpty()) {
            return found;
        }
        Array array = connection.createArrayOf("uuid", ids.toArray());
        try (PreparedStatement query = connection.prepareStatement(LOAD)) {
            query.setArray(1, array);
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    UUID id = rows.getObject(1, UUID.class);
                    found.put(
                            id,
                            AlertGroup.stored(
                                    new AlertGroup.Stored(
                                            id,
                                            rows.getObject(2, UUID.class),
                                            rows.getLong(3),
                                            parse(rows.getBytes(4)))));
                }
            }
        } finally {
            array.free();
        }
        return found;
    }

    /** Writes all, in the order of their ids. */
    public static void upsert(Connection connection, Collection<AlertGroup> groups)
            throws SQLException {
        if (groups.isEmpty()) {
            return;
        }
        List<AlertGroup> ordered = new ArrayList<>(groups);
        ordered.sort(Comparator.comparing(AlertGroup::id));
        try (PreparedStatement upsert = connection.prepareStatement(UPSERT)) {
            for (AlertGroup group : ordered) {
                bind(connection, upsert, group);
                upsert.addBatch();
            }
            upsert.executeBatch();
        }
    }

    private static void bind(Connection connection, PreparedStatement upsert, AlertGroup group)
            throws SQLException {
        Alert alert = group.alert();
        upsert.setObject(1, group.id());
        upsert.setString(2, alert.getScope().getPartition());
        upsert.setString(3, alert.getScope().getAccountId());
        upsert.setString(4, alert.getScope().getRegion());
        upsert.setString(5, alert.getAsset().getHostId());
        upsert.setString(6, alert.getAsset().getInstanceId());
        upsert.setString(7, alert.getRule().getId());
        upsert.setInt(8, alert.getSeverityValue());
        upsert.setArray(
                9,
                connection.createArrayOf(
                        "text",
                        AlertGroup.techniqueKeys(alert.getRule().getTechniquesList()).toArray()));
        upsert.setObject(
                10, Objects.requireNonNull(group.incidentId(), "every alert is in an incident"));
        upsert.setTimestamp(11, Timestamp.from(Nanos.instant(alert.getCreateTime())));
        upsert.setTimestamp(12, Timestamp.from(Nanos.instant(alert.getUpdateTime())));
        upsert.setLong(13, group.version() + 1);
        upsert.setBytes(14, alert.toByteArray());
    }

    /**
     * Moves the alerts of merged incidents.
     *
     * @return ids of the moved alerts
     */
    public static List<UUID> reassign(
            Connection connection, Collection<UUID> from, UUID to, Instant now)
            throws SQLException {
        List<UUID> moved = new ArrayList<>();
        Array array = connection.createArrayOf("uuid", from.toArray());
        try (PreparedStatement update = connection.prepareStatement(REASSIGN)) {
            update.setObject(1, to);
            update.setTimestamp(2, Timestamp.from(now));
            update.setArray(3, array);
            try (ResultSet rows = update.executeQuery()) {
                while (rows.next()) {
                    moved.add(rows.getObject(1, UUID.class));
                }
            }
        } finally {
            array.free();
        }
        return moved;
    }

    static Alert parse(byte[] body) {
        try {
            return Alert.parseFrom(body);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a stored alert cannot be read", e);
        }
    }
}
