package dev.yagura.detection.rule;

import dev.yagura.common.persistence.Transactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.OptionalLong;

/** Numbers in the table rule_set. */
@ApplicationScoped
class SqlRuleSetStore implements RuleSetStore {
    private final Transactions transactions;

    @Inject
    SqlRuleSetStore(Transactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public long numberOf(String contentHash) {
        return transactions.inTransaction(transaction -> {
            Connection connection = transaction.connection();
            OptionalLong known = find(connection, contentHash);
            if (known.isPresent()) {
                return known.getAsLong();
            }
            lock(connection);
            // Another replica may have been first.
            OptionalLong second = find(connection, contentHash);
            return second.isPresent() ? second.getAsLong() : insert(connection, contentHash);
        });
    }

    private static OptionalLong find(Connection connection, String contentHash)
            throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement(
                        "SELECT version FROM rule_set WHERE content_hash = ?")) {
            query.setString(1, contentHash);
            try (ResultSet rows = query.executeQuery()) {
                return rows.next() ? OptionalLong.of(rows.getLong(1)) : OptionalLong.empty();
            }
        }
    }

    private static void lock(Connection connection) throws SQLException {
        try (PreparedStatement lock =
                connection.prepareStatement("LOCK TABLE rule_set IN SHARE ROW EXCLUSIVE MODE")) {
            lock.execute();
        }
    }

    private static long insert(Connection connection, String contentHash) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement(
                        "INSERT INTO rule_set (version, content_hash, create_time)"
                                + " SELECT coalesce(max(version), 0) + 1, ?, now() FROM rule_set"
                                + " RETURNING version")) {
            insert.setString(1, contentHash);
            try (ResultSet rows = insert.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        }
    }
}
