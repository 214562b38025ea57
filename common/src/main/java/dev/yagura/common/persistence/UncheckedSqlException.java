package dev.yagura.common.persistence;

import java.sql.SQLException;

/** The database refused a statement: a mistake of ours, or a constraint that did its work. */
public final class UncheckedSqlException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UncheckedSqlException(SQLException cause) {
        super("PostgreSQL refused a statement, state " + cause.getSQLState(), cause);
    }
}
