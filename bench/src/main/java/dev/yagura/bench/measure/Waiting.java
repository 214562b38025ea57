package dev.yagura.bench.measure;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Passing time in a measurement. */
final class Waiting {
    private static final Duration LOOK = Duration.ofMillis(20);

    private Waiting() {}

    static void pass(Duration time) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(time.toNanos());
    }

    /**
     * Waits for a condition.
     *
     * @throws IllegalStateException it is not met within the limit
     */
    static void until(String what, Duration limit, BooleanSupplier condition)
            throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("not within " + limit + ": " + what);
            }
            pass(LOOK);
        }
    }
}
