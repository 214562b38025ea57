package dev.yagura.bench.demo;

import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** Waits for something to be seen, with a bound. */
final class Awaiting {
    private static final long PAUSE_MILLIS = 100;

    private Awaiting() {}

    /**
     * The first result.
     *
     * @param what for people, when the time runs out
     * @throws StepFailedException nothing was seen within the time
     */
    static <T> T until(String what, Duration bound, Supplier<Optional<T>> look)
            throws InterruptedException {
        long end = System.nanoTime() + bound.toNanos();
        String last = "";
        while (System.nanoTime() < end) {
            try {
                Optional<T> seen = look.get();
                if (seen.isPresent()) {
                    return seen.get();
                }
            } catch (StatusRuntimeException e) {
                last = "; the last answer was " + e.getStatus();
            }
            Thread.sleep(PAUSE_MILLIS);
        }
        throw new StepFailedException(
                "not seen within " + bound.toSeconds() + " s: " + what + last);
    }
}
