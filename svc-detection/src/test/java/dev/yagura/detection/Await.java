package dev.yagura.detection;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Waits for a condition, bounded. */
public final class Await {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private Await() {}

    public static <T> T until(Supplier<T> value, Predicate<T> condition) {
        long end = System.nanoTime() + LIMIT.toNanos();
        T last = value.get();
        while (!condition.test(last)) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not within " + LIMIT + "; last: " + last);
            }
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            last = value.get();
        }
        return last;
    }
}
