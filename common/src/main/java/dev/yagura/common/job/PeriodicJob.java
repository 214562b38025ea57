package dev.yagura.common.job;

import dev.yagura.common.log.LogKeys;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Work that repeats, one run at a time; a run that fails is logged and tried again. */
public final class PeriodicJob implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PeriodicJob.class);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

    private final String name;
    private final Duration period;
    private final Runnable work;
    private final ScheduledExecutorService executor;

    public PeriodicJob(String name, Duration period, Runnable work) {
        this.name = name;
        this.period = period;
        this.work = work;
        this.executor =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name(name).factory());
    }

    /** Starts within the first period, not all processes at once. */
    public void start() {
        long nanos = period.toNanos();
        // A run never throws, so nobody has to look at the future.
        var unused =
                executor.scheduleWithFixedDelay(
                        this::run,
                        ThreadLocalRandom.current().nextLong(nanos),
                        nanos,
                        TimeUnit.NANOSECONDS);
    }

    private void run() {
        try {
            work.run();
        } catch (RuntimeException e) {
            LOG.atError()
                    .addKeyValue(LogKeys.OPERATION, name)
                    .setCause(e)
                    .log("periodic work failed; it is tried again");
        }
    }

    /** Waits for a run to end. */
    @Override
    public void close() {
        executor.shutdown();
        try {
            if (!executor.awaitTermination(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                executor.shutdownNow();
            }
        } catch (InterruptedException e) {
            executor.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
