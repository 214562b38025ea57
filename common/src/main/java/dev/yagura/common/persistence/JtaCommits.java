package dev.yagura.common.persistence;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;

/** What happens after the commit of a {@code @Transactional} method. */
@ApplicationScoped
public class JtaCommits {
    private final TransactionSynchronizationRegistry registry;

    @Inject
    public JtaCommits(TransactionSynchronizationRegistry registry) {
        this.registry = registry;
    }

    /**
     * Runs after the commit of the caller's transaction; never after a rollback. Must not block.
     *
     * @throws IllegalStateException without a transaction
     */
    public void afterCommit(Runnable action) {
        registry.registerInterposedSynchronization(
                new Synchronization() {
                    @Override
                    public void beforeCompletion() {}

                    @Override
                    public void afterCompletion(int status) {
                        if (status == Status.STATUS_COMMITTED) {
                            action.run();
                        }
                    }
                });
    }
}
