package dev.yagura.common.watch;

import dev.yagura.common.persistence.DatabaseErrors;
import dev.yagura.common.persistence.JtaCommits;
import dev.yagura.common.persistence.Transaction;
import dev.yagura.common.persistence.Transactions;
import jakarta.persistence.EntityManager;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * The numbered changes of one kind of resource, as its store writes them.
 *
 * <p>Append as the last statements of a transaction: the feed's head stays locked until the commit,
 * and every other writer waits for it. A transaction that appends to several feeds does so in
 * alphabetical order of their names, else two of them may deadlock.
 */
public final class ChangeFeed {
    private final FeedTable table;
    private final Supplier<JtaCommits> jtaCommits;
    private final Transactions transactions;
    private final ChangeWatcher watcher;

    ChangeFeed(String name, Transactions transactions, Supplier<JtaCommits> jtaCommits) {
        this.table = new FeedTable(name);
        this.transactions = transactions;
        this.jtaCommits = jtaCommits;
        this.watcher = new ChangeWatcher(name, table, transactions, System::nanoTime);
    }

    /** A feed of a process without JTA: stores in SQL only. */
    public static ChangeFeed of(String name, Transactions transactions) {
        return new ChangeFeed(
                name,
                transactions,
                () -> {
                    throw new IllegalStateException("feed " + name + " has no JTA transactions");
                });
    }

    /** Numbers the changed keys in their order; nothing for none. */
    public void append(Transaction transaction, Collection<UUID> keys) throws SQLException {
        if (!keys.isEmpty()) {
            table.append(transaction.connection(), keys);
            transaction.afterCommit(watcher::wake);
        }
    }

    /**
     * Like {@link #append(Transaction, Collection)} in a {@code @Transactional} method: flushes the
     * entities first.
     */
    public void append(EntityManager entityManager, Collection<UUID> keys) {
        if (keys.isEmpty()) {
            return;
        }
        entityManager.flush();
        try {
            table.append(entityManager.unwrap(Connection.class), keys);
        } catch (SQLException e) {
            throw DatabaseErrors.translate(e);
        }
        jtaCommits.get().afterCommit(watcher::wake);
    }

    /** Like {@link #append(EntityManager, Collection)}, for one resource. */
    public void append(EntityManager entityManager, UUID key) {
        append(entityManager, List.of(key));
    }

    /**
     * Where a watch goes on after a list. Ask before the list's own query: what is committed in
     * between is in both, and nothing is in neither.
     */
    public String cursor() {
        FeedTable.Bounds bounds = transactions.query(table::bounds);
        return new FeedCursor(bounds.incarnation(), bounds.head()).encode();
    }

    /** The feed's one watcher in this process. */
    public ChangeWatcher watcher() {
        return watcher;
    }

    /** Deletes changes that are older than the age or more than the count behind the head. */
    public void trim(Duration maxAge, long maxChanges) {
        boolean more = true;
        while (more) {
            more = transactions.query(connection -> table.trim(connection, maxAge, maxChanges));
        }
    }
}
