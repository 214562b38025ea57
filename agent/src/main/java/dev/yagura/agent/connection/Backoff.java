package dev.yagura.agent.connection;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/** Exponential back-off with full jitter: a delay between nothing and the current bound. */
public final class Backoff {
    private final Duration first;
    private final Duration most;
    private final DoubleSupplier random;
    private int failures;

    /**
     * A back-off.
     *
     * @param random from 0 to 1
     */
    public Backoff(Duration first, Duration most, DoubleSupplier random) {
        this.first = first;
        this.most = most;
        this.random = random;
    }

    public Duration next() {
        double bound = Math.min(most.toMillis(), first.toMillis() * Math.pow(2, failures));
        failures = Math.min(failures + 1, 30);
        return Duration.ofMillis((long) (bound * random.getAsDouble()));
    }

    public void reset() {
        failures = 0;
    }
}
