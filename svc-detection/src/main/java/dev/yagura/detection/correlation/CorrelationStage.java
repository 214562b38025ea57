package dev.yagura.detection.correlation;

import dev.yagura.common.error.YaguraException;
import dev.yagura.common.log.LogKeys;
import dev.yagura.common.persistence.Transactions;
import dev.yagura.detection.incident.DetectionWriter;
import dev.yagura.detection.rule.DetectionRules;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works the inbox of correlations off, one transaction after another. What another replica put in
 * is seen within a quarter of a second, what this one did at once.
 */
public final class CorrelationStage {
    private static final Logger LOG = LoggerFactory.getLogger(CorrelationStage.class);
    private static final Duration LOOK = Duration.ofMillis(250);
    private static final long MAX_PAUSE_MILLIS = 2_000;
    private static final Duration STOP_LIMIT = Duration.ofSeconds(5);
    private static final Duration HOUSEKEEPING = Duration.ofMinutes(10);

    private final CorrelationMetrics metrics = new CorrelationMetrics();
    private final CorrelationStep step;
    private final Semaphore wakeUps = new Semaphore(0);
    private volatile boolean stopped;
    private long housekeepingNanos = System.nanoTime();
    private @Nullable Thread thread;

    public CorrelationStage(
            CorrelationConfig config,
            Transactions transactions,
            DetectionWriter writer,
            DetectionRules rules,
            Clock clock) {
        this.step = new CorrelationStep(config, transactions, writer, rules, clock, metrics);
    }

    public void start() {
        thread = Thread.ofVirtual().name("correlations").start(this::run);
    }

    /** Ends after the transaction that runs; what is left in the inbox waits for the next start. */
    public void stop() throws InterruptedException {
        stopped = true;
        wake();
        if (thread != null && !thread.join(STOP_LIMIT)) {
            thread.interrupt();
        }
    }

    /** Like a process that is killed: what runs is not waited for. */
    public void kill() throws InterruptedException {
        stopped = true;
        if (thread != null) {
            thread.interrupt();
            thread.join(STOP_LIMIT);
        }
    }

    /** A commit put members into the inbox. Never blocks. */
    public void wake() {
        wakeUps.release();
    }

    private void run() {
        long pause = LOOK.toMillis();
        try {
            while (!stopped) {
                pause = work() ? LOOK.toMillis() : Math.min(MAX_PAUSE_MILLIS, pause * 2);
                if (wakeUps.tryAcquire(jittered(pause), TimeUnit.MILLISECONDS)) {
                    wakeUps.drainPermits();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static long jittered(long millis) {
        return ThreadLocalRandom.current().nextLong(millis / 2, millis + 1);
    }

    /** Until the inbox is empty; false when something is in the way. */
    private boolean work() {
        try {
            while (!stopped && step.run()) {
                metrics.looked();
            }
            metrics.looked();
            if (System.nanoTime() - housekeepingNanos >= HOUSEKEEPING.toNanos()) {
                housekeepingNanos = System.nanoTime();
                step.forget();
            }
            return true;
        } catch (YaguraException e) {
            LOG.atWarn()
                    .addKeyValue(LogKeys.REASON, e.getMessage())
                    .log("cannot correlate; trying again");
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("cannot correlate; correlations stand still");
        }
        return false;
    }
}
