package dev.yagura.common.persistence;

import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;

/** A running transaction of {@link Transactions}; used by one thread. */
public final class Transaction {
    private final Connection connection;
    private final List<Runnable> afterCommit = new ArrayList<>();

    Transaction(Connection connection) {
        this.connection = connection;
    }

    /** For statements; the commit is not the caller's. */
    public Connection connection() {
        return connection;
    }

    /** Runs after the commit, in the committing thread; never after a rollback. Must not block. */
    public void afterCommit(Runnable action) {
        afterCommit.add(action);
    }

    void committed() {
        afterCommit.forEach(Runnable::run);
    }
}
