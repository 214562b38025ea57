package dev.yagura.ingest.ledger;

import dev.yagura.common.config.Settings;
import dev.yagura.common.grpc.ServiceServer;
import dev.yagura.common.job.PeriodicJob;
import dev.yagura.ingest.log.RedisEventLog;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;

/** Folds from time to time. */
@ApplicationScoped
class FoldJob {
    private final PeriodicJob job;

    @Inject
    FoldJob(
            Settings settings,
            RedisEventLog log,
            OpenCounts open,
            LedgerStore closed,
            Clock clock) {
        LedgerConfig config = LedgerConfig.from(settings);
        LedgerFold fold = new LedgerFold(log, open, closed, config.quiet(), clock);
        this.job = new PeriodicJob("ledger-fold", config.foldPeriod(), fold::fold);
    }

    void start(
            @Observes
                    @Priority(ServiceServer.AFTER_START_PRIORITY)
                    @Initialized(ApplicationScoped.class)
                    Object event) {
        job.start();
    }

    void stop(@Observes @Priority(2) @BeforeDestroyed(ApplicationScoped.class) Object event) {
        job.close();
    }
}
