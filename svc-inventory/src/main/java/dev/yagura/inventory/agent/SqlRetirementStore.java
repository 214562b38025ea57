package dev.yagura.inventory.agent;

import dev.yagura.common.persistence.Transactions;
import dev.yagura.common.watch.ChangeFeeds;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Joins agents and assets: of a fleet of any size only the few that are silent are looked at. */
@ApplicationScoped
class SqlRetirementStore implements RetirementStore {
    private static final String RETIRE =
            """
            UPDATE agent SET revoke_time = ?, update_time = ?, retired = true,
                revoke_reason = 'instance ' || instance_id || ' is gone'
            WHERE id IN (SELECT a.id FROM agent a JOIN asset host ON host.id = a.host_id
                WHERE a.revoke_time IS NULL
                    AND coalesce(a.last_heartbeat_time, a.enroll_time) < ?
                    AND host.state = 'TOMBSTONE' AND host.resource_type = 'AWS::EC2::Instance'
                ORDER BY a.id LIMIT ? FOR UPDATE OF a SKIP LOCKED)
            RETURNING id
            """;

    private static final String READMIT =
            """
            UPDATE agent SET revoke_time = NULL, update_time = ?, retired = false,
                revoke_reason = ''
            WHERE id IN (SELECT a.id FROM agent a JOIN asset host ON host.id = a.host_id
                WHERE a.retired AND a.revoke_time > ?
                    AND host.state = 'ACTIVE' AND host.resource_type = 'AWS::EC2::Instance'
                ORDER BY a.id LIMIT ? FOR UPDATE OF a SKIP LOCKED)
            RETURNING id
            """;

    private final Transactions transactions;
    private final ChangeFeeds feeds;

    @Inject
    SqlRetirementStore(Transactions transactions, ChangeFeeds feeds) {
        this.transactions = transactions;
        this.feeds = feeds;
    }

    @Override
    public int retire(Instant now, Instant silentSince, int limit) {
        return change(
                RETIRE,
                update -> {
                    update.setTimestamp(1, Timestamp.from(now));
                    update.setTimestamp(2, Timestamp.from(now));
                    update.setTimestamp(3, Timestamp.from(silentSince));
                    update.setInt(4, limit);
                });
    }

    @Override
    public int readmit(Instant now, Instant retiredSince, int limit) {
        return change(
                READMIT,
                update -> {
                    update.setTimestamp(1, Timestamp.from(now));
                    update.setTimestamp(2, Timestamp.from(retiredSince));
                    update.setInt(3, limit);
                });
    }

    /** Gives a statement its values. */
    private interface Values {
        void set(PreparedStatement statement) throws SQLException;
    }

    private int change(String sql, Values values) {
        return transactions.inTransaction(transaction -> {
            List<UUID> changed = new ArrayList<>();
            try (PreparedStatement update = transaction.connection().prepareStatement(sql)) {
                values.set(update);
                try (ResultSet row = update.executeQuery()) {
                    while (row.next()) {
                        changed.add(row.getObject(1, UUID.class));
                    }
                }
            }
            if (!changed.isEmpty()) {
                feeds.feed(AgentCatalog.FEED).append(transaction, changed);
            }
            return changed.size();
        });
    }
}
