package dev.yagura.inventory.agent;

import dev.yagura.common.persistence.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.PreparedStatement;
import java.sql.Timestamp;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * One batch of updates a write: with a large fleet this is the service's hot path.
 *
 * <p>A host that starts again changes its boot id once. Two changes within the time of silence are
 * of hosts that report by turns with one key: one of them is a copy of the other.
 */
@ApplicationScoped
class SqlHeartbeatStore implements HeartbeatStore {
    private static final String UPDATE =
            """
            UPDATE agent SET last_heartbeat_time = ?, health = ?, update_time = ?,
                degraded_since = CASE WHEN ? THEN coalesce(degraded_since, ?) END,
                shared_key_since = CASE
                    WHEN ? OR (boot_id <> '' AND nullif(?, '') <> boot_id
                            AND boot_change_time > ?)
                        THEN coalesce(shared_key_since, ?)
                    WHEN boot_change_time > ? THEN shared_key_since END,
                boot_change_time = CASE
                    WHEN ? OR (boot_id <> '' AND nullif(?, '') <> boot_id) THEN ?
                    ELSE boot_change_time END,
                version = coalesce(nullif(?, ''), version),
                boot_id = coalesce(nullif(?, ''), boot_id)
            WHERE id = ? AND revoke_time IS NULL
                AND (last_heartbeat_time IS NULL OR last_heartbeat_time < ?)
            """;

    private final Transactions transactions;

    @Inject
    SqlHeartbeatStore(Transactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public void write(Map<UUID, Heartbeat> heartbeats) {
        // By id, so that replicas lock rows in one order.
        Map<UUID, Heartbeat> ordered = new TreeMap<>(heartbeats);
        transactions.run(transaction -> {
            try (PreparedStatement update = transaction.connection().prepareStatement(UPDATE)) {
                for (Map.Entry<UUID, Heartbeat> entry : ordered.entrySet()) {
                    Heartbeat heartbeat = entry.getValue();
                    Timestamp time = Timestamp.from(heartbeat.time());
                    update.setTimestamp(1, time);
                    update.setBytes(2, heartbeat.health().toByteArray());
                    update.setTimestamp(3, time);
                    update.setBoolean(4, heartbeat.health().getProblemsCount() > 0);
                    update.setTimestamp(5, time);
                    Timestamp silent = Timestamp.from(heartbeat.time().minus(Agent.SILENCE));
                    update.setBoolean(6, heartbeat.ofSeveral());
                    update.setString(7, heartbeat.bootId());
                    update.setTimestamp(8, silent);
                    update.setTimestamp(9, time);
                    update.setTimestamp(10, silent);
                    update.setBoolean(11, heartbeat.ofSeveral());
                    update.setString(12, heartbeat.bootId());
                    update.setTimestamp(13, time);
                    update.setString(14, heartbeat.version());
                    update.setString(15, heartbeat.bootId());
                    update.setObject(16, entry.getKey());
                    update.setTimestamp(17, time);
                    update.addBatch();
                }
                update.executeBatch();
            }
            SqlHostReportStore.write(transaction.connection(), ordered);
        });
    }
}
