package dev.yagura.inventory.agent;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.yagura.common.persistence.Transactions;
import dev.yagura.proto.inventory.v1.HostReport;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** One row an agent. */
@ApplicationScoped
class SqlHostReportStore implements HostReportStore {
    private static final String SAVE =
            """
            INSERT INTO host_report AS known (agent_id, receive_time, report)
            SELECT id, ?, ? FROM agent WHERE id = ? AND revoke_time IS NULL
            ON CONFLICT (agent_id) DO UPDATE SET receive_time = excluded.receive_time,
                report = excluded.report
            WHERE known.receive_time < excluded.receive_time
            """;

    private static final String FIND =
            "SELECT receive_time, report, agent_id FROM host_report WHERE agent_id = ANY (?)";

    private final Transactions transactions;

    @Inject
    SqlHostReportStore(Transactions transactions) {
        this.transactions = transactions;
    }

    /**
     * Writes those that came with heartbeats and are newer than what is known, of agents that are
     * not revoked.
     *
     * @param heartbeats by agent, in the order in which their rows are locked
     */
    static void write(Connection connection, Map<UUID, Heartbeat> heartbeats) throws SQLException {
        try (PreparedStatement save = connection.prepareStatement(SAVE)) {
            for (Map.Entry<UUID, Heartbeat> entry : heartbeats.entrySet()) {
                ReceivedReport received = entry.getValue().hostReport();
                if (received != null) {
                    save.setTimestamp(1, Timestamp.from(received.time()));
                    save.setBytes(2, received.report().toByteArray());
                    save.setObject(3, entry.getKey());
                    save.addBatch();
                }
            }
            save.executeBatch();
        }
    }

    @Override
    public Map<UUID, ReceivedReport> find(Collection<UUID> agentIds) {
        return transactions.query(connection -> {
            try (PreparedStatement find = connection.prepareStatement(FIND)) {
                find.setArray(1, connection.createArrayOf("uuid", agentIds.toArray()));
                Map<UUID, ReceivedReport> found = new HashMap<>();
                try (ResultSet row = find.executeQuery()) {
                    while (row.next()) {
                        found.put(row.getObject(3, UUID.class), received(row));
                    }
                }
                return found;
            }
        });
    }

    private static ReceivedReport received(ResultSet row) throws SQLException {
        try {
            return new ReceivedReport(
                    row.getTimestamp(1).toInstant(), HostReport.parseFrom(row.getBytes(2)));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("host_report has what is no report", e);
        }
    }
}
