package dev.yagura.gateway.audit;

import dev.yagura.common.persistence.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.List;

/** In PostgreSQL, one statement for many rows; the role of the gateway may only add. */
@ApplicationScoped
class SqlAuditStore implements AuditStore {
    private static final String INSERT =
            """
            INSERT INTO audit_entry (call_id, event, method, principal_kind, principal_id,
                principal_name, role, peer, status, reason, occurred_at, duration_us, calls)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """;

    private final Transactions transactions;

    @Inject
    SqlAuditStore(Transactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public void append(List<AuditEntry> entries) {
        transactions.run(transaction -> insert(transaction.connection(), entries));
    }

    private static void insert(Connection connection, List<AuditEntry> entries)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            for (AuditEntry entry : entries) {
                bind(insert, entry);
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private static void bind(PreparedStatement insert, AuditEntry entry) throws SQLException {
        int column = 0;
        insert.setObject(++column, entry.callId());
        insert.setString(++column, entry.event().name());
        insert.setString(++column, entry.method());
        insert.setString(++column, entry.who().kind());
        insert.setString(++column, entry.who().id());
        insert.setString(++column, entry.who().name());
        insert.setString(++column, entry.who().role());
        insert.setString(++column, entry.peer());
        insert.setString(++column, entry.status());
        insert.setString(++column, entry.reason());
        insert.setTimestamp(++column, Timestamp.from(entry.time()));
        insert.setLong(++column, entry.duration().toNanos() / 1_000);
        insert.setLong(++column, entry.calls());
    }
}
