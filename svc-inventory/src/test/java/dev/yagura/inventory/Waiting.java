package dev.yagura.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what another thread does. */
public final class Waiting {
    /** Longer than anything takes, even on a machine that does much else. */
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private Waiting() {}

    /**
     * Returns once the condition holds, and fails if it never does.
     *
     * @param what is waited for, in words
     */
    public static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
    }
}
