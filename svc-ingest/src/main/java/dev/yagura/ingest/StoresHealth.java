package dev.yagura.ingest;

import dev.yagura.common.error.DependencyUnavailableException;
import dev.yagura.common.persistence.Transactions;
import dev.yagura.ingest.log.RedisEventLog;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Ready while the log is: without PostgreSQL batches are still stored and served, only folding,
 * trimming and committing positions wait.
 */
@Readiness
@ApplicationScoped
class StoresHealth implements HealthCheck {
    private final RedisEventLog log;
    private final Transactions transactions;

    @Inject
    StoresHealth(RedisEventLog log, Transactions transactions) {
        this.log = log;
        this.transactions = transactions;
    }

    @Override
    public HealthCheckResponse call() {
        boolean redis = log.isConnected();
        return HealthCheckResponse.named("stores")
                .status(redis)
                .withData("redis", state(redis))
                .withData("postgresql", state(isDatabaseThere()))
                .build();
    }

    private boolean isDatabaseThere() {
        try {
            return transactions.query(connection -> connection.isValid(1));
        } catch (DependencyUnavailableException e) {
            return false;
        }
    }

    private static String state(boolean there) {
        return there ? "connected" : "away";
    }
}
