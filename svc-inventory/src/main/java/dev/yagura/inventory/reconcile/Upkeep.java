package dev.yagura.inventory.reconcile;

import dev.yagura.common.grpc.ServiceServer;
import dev.yagura.common.job.PeriodicJob;
import dev.yagura.common.log.LogKeys;
import dev.yagura.inventory.asset.AssetHistory;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends reconciliations whose time is over, and deletes in small portions what is kept no longer:
 * them, and what assets were. Every replica does it; none needs to be the only one.
 */
@ApplicationScoped
class Upkeep {
    private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);
    private static final Duration INTERVAL = Duration.ofMinutes(1);

    /** As long as request ids are kept everywhere. */
    private static final Duration KEPT = Duration.ofDays(30);

    private static final int AT_ONCE = 20;
    private static final String TOO_LATE =
            "did not end within its time; see ./yagura logs inventory";

    private final ReconciliationStore reconciliations;
    private final AssetHistory history;
    private final PeriodicJob job = new PeriodicJob("upkeep", INTERVAL, this::once);

    @Inject
    Upkeep(ReconciliationStore reconciliations, AssetHistory history) {
        this.reconciliations = reconciliations;
        this.history = history;
    }

    void start(
            @Observes
                    @Priority(ServiceServer.AFTER_START_PRIORITY)
                    @Initialized(ApplicationScoped.class)
                    Object event) {
        job.start();
    }

    void stop(@Observes @Priority(1) @BeforeDestroyed(ApplicationScoped.class) Object event) {
        job.close();
    }

    void once() {
        int givenUp = reconciliations.giveUp(TOO_LATE);
        if (givenUp > 0) {
            LOG.atWarn()
                    .addKeyValue(LogKeys.COUNT, givenUp)
                    .log("a reconciliation did not end within its time; these sets were given up");
        }
        int forgotten;
        do {
            forgotten = reconciliations.forget(KEPT, AT_ONCE);
            log("reconciliations deleted that were kept long enough", forgotten);
        } while (forgotten == AT_ONCE && !Thread.currentThread().isInterrupted());
        do {
            forgotten = history.forget();
            log("versions of assets deleted that were kept long enough", forgotten);
        } while (forgotten > 0 && !Thread.currentThread().isInterrupted());
    }

    private static void log(String what, int count) {
        if (count > 0) {
            LOG.atInfo().addKeyValue(LogKeys.COUNT, count).log(what);
        }
    }
}
