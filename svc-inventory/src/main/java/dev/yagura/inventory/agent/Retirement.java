package dev.yagura.inventory.agent;

import dev.yagura.common.grpc.ServiceServer;
import dev.yagura.common.job.PeriodicJob;
import dev.yagura.common.log.LogKeys;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Retires the agents of instances that are gone, whichever way their assets became tombstones.
 * Every replica does it; none needs to be the only one, and what one leaves undone the next finds.
 */
@ApplicationScoped
class Retirement {
    private static final Logger LOG = LoggerFactory.getLogger(Retirement.class);
    private static final Duration INTERVAL = Duration.ofSeconds(30);

    /** An instance that was believed gone is found again by the next readings, or never. */
    private static final Duration REVERSIBLE = Duration.ofDays(7);

    private static final int AT_ONCE = 500;

    private final RetirementStore store;
    private final Clock clock;
    private final PeriodicJob job = new PeriodicJob("retirement", INTERVAL, this::once);

    @Inject
    Retirement(RetirementStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
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

    /** Brings every agent into step with its instance. */
    void once() {
        int changed;
        do {
            Instant now = clock.instant();
            changed = store.readmit(now, now.minus(REVERSIBLE), AT_ONCE);
            log("agents let in again, their instances are not gone", changed);
        } while (changed == AT_ONCE && !Thread.currentThread().isInterrupted());
        do {
            Instant now = clock.instant();
            changed = store.retire(now, now.minus(Agent.SILENCE), AT_ONCE);
            log("agents retired with their instances", changed);
        } while (changed == AT_ONCE && !Thread.currentThread().isInterrupted());
    }

    private static void log(String what, int count) {
        if (count > 0) {
            LOG.atInfo().addKeyValue(LogKeys.COUNT, count).log(what);
        }
    }
}
