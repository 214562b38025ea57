package dev.yagura.common.persistence;

import dev.yagura.common.error.DependencyUnavailableException;
import jakarta.transaction.RollbackException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an error of the database means to a caller. States are those of PostgreSQL, Appendix A
 * "Error Codes".
 */
public final class DatabaseErrors {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
    private static final String CONNECTION_CLASS = "08";
    private static final String UNIQUE_VIOLATION = "23505";

    /** Serialization failure and deadlock: the whole transaction may simply be run again. */
    private static final Set<String> CONFLICTS = Set.of("40001", "40P01");

    /**
     * admin_shutdown, crash_shutdown, cannot_connect_now, too_many_connections,
     * idle_in_transaction_session_timeout.
     */
    private static final Set<String> AWAY = Set.of("57P01", "57P02", "57P03", "53300", "25P03");

    /** query_canceled by statement_timeout, lock_not_available by lock_timeout. */
    private static final Set<String> TOO_SLOW = Set.of("57014", "55P03");

    private DatabaseErrors() {}

    /**
     * The error to throw on: {@link DependencyUnavailableException} when the database is away or
     * too busy, else the same error. Wrapping exceptions (EclipseLink, JTA) are looked through.
     */
    public static RuntimeException translate(RuntimeException error) {
        return sqlException(error).filter(DatabaseErrors::isUnavailable).isPresent()
                ? unavailable(error)
                : error;
    }

    /** Like {@link #translate(RuntimeException)}; any other error comes back unchecked. */
    public static RuntimeException translate(SQLException error) {
        return isUnavailable(error) ? unavailable(error) : new UncheckedSqlException(error);
    }

    /**
     * The error to throw on when JTA could not commit: {@link DependencyUnavailableException} when
     * the database is away, or nobody knows whether it committed.
     *
     * @param error of jakarta.transaction
     */
    static RuntimeException translateCommit(Exception error) {
        boolean refused =
                error instanceof RollbackException
                        && sqlException(error).filter(DatabaseErrors::isUnavailable).isEmpty();
        return refused
                ? new IllegalStateException("the transaction was rolled back", error)
                : unavailable(error);
    }

    /** The row exists already: the name of the violated constraint or index is in the text. */
    public static boolean isUniqueViolation(Throwable error) {
        return sqlException(error)
                .filter(cause -> UNIQUE_VIOLATION.equals(cause.getSQLState()))
                .isPresent();
    }

    static boolean isConflict(Throwable error) {
        return sqlException(error).filter(cause -> hasState(cause, CONFLICTS)).isPresent();
    }

    /** No connection, or one that was lost. */
    static boolean isConnectionLoss(SQLException error) {
        String state = error.getSQLState();
        return error instanceof SQLTransientConnectionException
                || error instanceof SQLNonTransientConnectionException
                || error instanceof SQLRecoverableException
                || (state != null && state.startsWith(CONNECTION_CLASS))
                || hasState(error, AWAY);
    }

    private static boolean isUnavailable(SQLException error) {
        return isConnectionLoss(error) || hasState(error, TOO_SLOW) || hasState(error, CONFLICTS);
    }

    private static boolean hasState(SQLException error, Set<String> states) {
        String state = error.getSQLState();
        return state != null && states.contains(state);
    }

    private static DependencyUnavailableException unavailable(Throwable cause) {
        return new DependencyUnavailableException("PostgreSQL", RETRY_AFTER, cause);
    }

    /** The innermost one: the pool wraps what the driver said, JTA suppresses what it wraps. */
    static Optional<SQLException> sqlException(Throwable error) {
        Optional<SQLException> found = Optional.empty();
        for (@Nullable Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException exception) {
                if (found.isEmpty() || exception.getSQLState() != null) {
                    found = Optional.of(exception);
                }
            }
            for (Throwable suppressed : cause.getSuppressed()) {
                if (found.isEmpty()) {
                    found = sqlException(suppressed);
                }
            }
        }
        return found;
    }
}
