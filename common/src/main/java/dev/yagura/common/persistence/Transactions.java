package dev.yagura.common.persistence;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/**
 * Transactions of stores written in SQL: one connection, READ COMMITTED, committed when the work
 * returns, rolled back when it throws.
 *
 * <p>A deadlock or serialization failure rolls everything back, and the work runs again, three
 * times in all; so the work must have no effect but on the database. When the connection is lost
 * during the commit nobody knows its outcome: the error is the same DependencyUnavailableException,
 * and the caller's retry must find what is there already.
 */
@ApplicationScoped
public class Transactions {
    private static final int ATTEMPTS = 3;
    private static final long MAX_PAUSE_MILLIS = 20;

    private final DataSource dataSource;

    /** Statements of one transaction. */
    @FunctionalInterface
    public interface Work<T> {
        T run(Transaction transaction) throws SQLException;
    }

    /** Statements of one transaction, without a result. */
    @FunctionalInterface
    public interface Action {
        void run(Transaction transaction) throws SQLException;
    }

    /** Statements that need no transaction. */
    @FunctionalInterface
    public interface Query<T> {
        T run(Connection connection) throws SQLException;
    }

    @Inject
    public Transactions(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * Runs the work in a transaction of its own.
     *
     * @throws dev.yagura.common.error.DependencyUnavailableException the database is away or busy
     * @throws UncheckedSqlException a statement was refused
     */
    public <T> T inTransaction(Work<T> work) {
        for (int attempt = 1; ; attempt++) {
            try {
                return attempt(work);
            } catch (SQLException e) {
                if (attempt == ATTEMPTS || !DatabaseErrors.isConflict(e)) {
                    throw DatabaseErrors.translate(e);
                }
            } catch (RuntimeException e) {
                if (attempt == ATTEMPTS || !DatabaseErrors.isConflict(e)) {
                    throw DatabaseErrors.translate(e);
                }
            }
            pause();
        }
    }

    /** Like {@link #inTransaction}, without a result. */
    public void run(Action action) {
        inTransaction(transaction -> {
            action.run(transaction);
            return transaction;
        });
    }

    /** Runs single statements, each its own transaction, on one connection. */
    public <T> T query(Query<T> query) {
        try (Connection connection = dataSource.getConnection()) {
            return query.run(connection);
        } catch (SQLException e) {
            throw DatabaseErrors.translate(e);
        }
    }

    private <T> T attempt(Work<T> work) throws SQLException {
        T result;
        Transaction transaction;
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            transaction = new Transaction(connection);
            // The pool rolls back and restores auto-commit when the work throws.
            result = work.run(transaction);
            connection.commit();
        }
        transaction.committed();
        return result;
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(
                    ThreadLocalRandom.current().nextLong(1, MAX_PAUSE_MILLIS + 1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
