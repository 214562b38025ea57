package dev.yagura.detection.incident;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.yagura.common.ids.Ids;
import dev.yagura.detection.alert.Nanos;
import dev.yagura.proto.detection.v1.Incident;
import dev.yagura.proto.detection.v1.IncidentState;
import dev.yagura.proto.detection.v1.VisibilityGap;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Incidents, their keys and losses of telemetry, in the transaction of the cursor. */
final class SqlIncidentStore {
    private static final UUID LOSSES = UUID.fromString("5b2f2d0a-1f6f-5f0e-8f63-5a6f6f3f9c04");
    private static final int MAX_GAPS = 100;
    private static final int MAX_TOUCHED = 200;

    // An analyst may judge one at the same time.
    private static final String LOAD =
            "SELECT id, host_id, version, body FROM incident WHERE id = ANY (?) ORDER BY id FOR UPDATE";

    private static final String UPSERT =
            """
            INSERT INTO incident (id, aws_partition, account_id, region, host_id, instance_id, state,
                severity, create_time, update_time, version, body, priority)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET state = excluded.state, severity = excluded.severity,
                priority = excluded.priority, update_time = excluded.update_time, version = excluded.version, body = excluded.body
            """;

    private static final String KEYS =
            """
            SELECT k.host_id, k.key, k.incident_id, k.seen_ns
            FROM unnest(?::uuid[], ?::text[]) AS wanted (host_id, key)
            JOIN incident_key k ON k.host_id = wanted.host_id AND k.key = wanted.key
            """;

    private static final String UPSERT_KEYS =
            """
            INSERT INTO incident_key (host_id, key, incident_id, seen_ns) VALUES (?, ?, ?, ?)
            ON CONFLICT (host_id, key, incident_id) DO UPDATE SET seen_ns = excluded.seen_ns
                WHERE incident_key.seen_ns < excluded.seen_ns
            """;

    // All keys of the old one, also those that this transaction did not ask for.
    private static final String MOVE_KEYS =
            """
            WITH moved AS (DELETE FROM incident_key WHERE incident_id = ? RETURNING host_id, key, seen_ns)
            INSERT INTO incident_key (host_id, key, incident_id, seen_ns)
            SELECT host_id, key, ?, seen_ns FROM moved
            ON CONFLICT (host_id, key, incident_id) DO UPDATE
                SET seen_ns = greatest(incident_key.seen_ns, excluded.seen_ns)
            """;

    private static final String INSERT_LOSS =
            """
            INSERT INTO visibility_gap (id, partition_id, host_id, start_ns, end_ns, reason)
            VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING
            """;

    private static final String LOSSES_OF_HOST =
            """
            SELECT start_ns, end_ns, reason FROM visibility_gap
            WHERE partition_id = ? AND (host_id = ? OR host_id IS NULL)
                AND end_ns >= ? AND start_ns <= ?
            ORDER BY start_ns, id LIMIT
            """
                    + MAX_GAPS;

    private static final String OPEN_NEAR_LOSS =
            """
            SELECT id, host_id FROM incident
            WHERE state = ? AND update_time > clock_timestamp() - interval '1 day'
                AND (host_id = ? OR (? AND host_id IN (
                    SELECT host_id FROM host_process WHERE partition_id = ?)))
            ORDER BY id LIMIT
            """
                    + MAX_TOUCHED;

    private final Connection connection;

    SqlIncidentStore(Connection connection) {
        this.connection = connection;
    }

    Map<UUID, StoredIncident> load(Collection<UUID> ids) throws SQLException {
        Map<UUID, StoredIncident> found = new HashMap<>();
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
                            new StoredIncident(
                                    id,
                                    rows.getObject(2, UUID.class),
                                    rows.getLong(3),
                                    parse(rows.getBytes(4))));
                }
            }
        } finally {
            array.free();
        }
        return found;
    }

    /** In the order given: by id. */
    void upsert(List<StoredIncident> incidents) throws SQLException {
        if (incidents.isEmpty()) {
            return;
        }
        try (PreparedStatement upsert = connection.prepareStatement(UPSERT)) {
            for (StoredIncident stored : incidents) {
                Incident incident = stored.incident();
                upsert.setObject(1, stored.id());
                upsert.setString(2, incident.getScope().getPartition());
                upsert.setString(3, incident.getScope().getAccountId());
                upsert.setString(4, incident.getScope().getRegion());
                upsert.setObject(5, stored.hostId());
                upsert.setString(6, incident.getAsset().getInstanceId());
                upsert.setInt(7, incident.getStateValue());
                upsert.setInt(8, incident.getSeverityValue());
                upsert.setTimestamp(9, Timestamp.from(Nanos.instant(incident.getCreateTime())));
                upsert.setTimestamp(10, Timestamp.from(Nanos.instant(incident.getUpdateTime())));
                upsert.setLong(11, stored.version());
                upsert.setBytes(12, incident.toByteArray());
                upsert.setInt(13, incident.getPriority());
                upsert.addBatch();
            }
            upsert.executeBatch();
        }
    }

    List<IncidentBoard.KeyRow> keys(Collection<IncidentBoard.KeyPlace> wanted) throws SQLException {
        List<IncidentBoard.KeyRow> found = new ArrayList<>();
        if (wanted.isEmpty()) {
            return found;
        }
        List<IncidentBoard.KeyPlace> places = List.copyOf(wanted);
        Array hosts =
                connection.createArrayOf(
                        "uuid", places.stream().map(IncidentBoard.KeyPlace::hostId).toArray());
        Array texts =
                connection.createArrayOf(
                        "text", places.stream().map(IncidentBoard.KeyPlace::key).toArray());
        try (PreparedStatement query = connection.prepareStatement(KEYS)) {
            query.setArray(1, hosts);
            query.setArray(2, texts);
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    found.add(
                            new IncidentBoard.KeyRow(
                                    new IncidentBoard.KeyPlace(
                                            rows.getObject(1, UUID.class), rows.getString(2)),
                                    rows.getObject(3, UUID.class),
                                    rows.getLong(4)));
                }
            }
        } finally {
            hosts.free();
            texts.free();
        }
        return found;
    }

    void upsertKeys(List<IncidentBoard.KeyRow> keys) throws SQLException {
        if (keys.isEmpty()) {
            return;
        }
        try (PreparedStatement upsert = connection.prepareStatement(UPSERT_KEYS)) {
            for (IncidentBoard.KeyRow row : keys) {
                upsert.setObject(1, row.place().hostId());
                upsert.setString(2, row.place().key());
                upsert.setObject(3, row.incidentId());
                upsert.setLong(4, row.seenNs());
                upsert.addBatch();
            }
            upsert.executeBatch();
        }
    }

    void moveKeys(UUID from, UUID into) throws SQLException {
        try (PreparedStatement move = connection.prepareStatement(MOVE_KEYS)) {
            move.setObject(1, from);
            move.setObject(2, into);
            move.executeUpdate();
        }
    }

    /** The same loss told twice is one. */
    void insertLosses(List<VisibilityLoss> losses) throws SQLException {
        if (losses.isEmpty()) {
            return;
        }
        try (PreparedStatement insert = connection.prepareStatement(INSERT_LOSS)) {
            for (VisibilityLoss loss : losses) {
                String host = loss.hostId().map(UUID::toString).orElse("");
                insert.setObject(
                        1,
                        Ids.v5(
                                LOSSES,
                                Integer.toString(loss.partition()),
                                host,
                                Long.toString(loss.startNs()),
                                loss.reason()));
                insert.setInt(2, loss.partition());
                insert.setObject(3, loss.hostId().orElse(null));
                insert.setLong(4, loss.startNs());
                insert.setLong(5, loss.endNs());
                insert.setString(6, loss.reason());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /** Open incidents that a loss may concern: id → host. */
    Map<UUID, UUID> openNear(VisibilityLoss loss) throws SQLException {
        Map<UUID, UUID> found = new HashMap<>();
        try (PreparedStatement query = connection.prepareStatement(OPEN_NEAR_LOSS)) {
            query.setInt(1, IncidentState.INCIDENT_STATE_OPEN_VALUE);
            query.setObject(2, loss.hostId().orElse(null));
            query.setBoolean(3, loss.hostId().isEmpty());
            query.setInt(4, loss.partition());
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    found.put(rows.getObject(1, UUID.class), rows.getObject(2, UUID.class));
                }
            }
        }
        return found;
    }

    List<VisibilityGap> losses(int partition, UUID hostId, long fromNs, long toNs)
            throws SQLException {
        List<VisibilityGap> gaps = new ArrayList<>();
        try (PreparedStatement query = connection.prepareStatement(LOSSES_OF_HOST)) {
            query.setInt(1, partition);
            query.setObject(2, hostId);
            query.setLong(3, fromNs);
            query.setLong(4, toNs);
            try (ResultSet rows = query.executeQuery()) {
                while (rows.next()) {
                    gaps.add(
                            VisibilityGap.newBuilder()
                                    .setStart(Nanos.timestamp(rows.getLong(1)))
                                    .setEnd(Nanos.timestamp(rows.getLong(2)))
                                    .setReason(rows.getString(3))
                                    .build());
                }
            }
        }
        return gaps;
    }

    static Incident parse(byte[] body) {
        try {
            return Incident.parseFrom(body);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a stored incident cannot be read", e);
        }
    }
}
