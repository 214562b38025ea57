package dev.yagura.sandbox.world;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * The time inside the sandbox: the wall clock plus what was added by {@link #advance}, or standing
 * still. Instances boot, connections idle out and commands run by this clock; signatures and
 * session credentials follow the wall clock, because clients sign by that.
 */
public final class SimulatedClock extends Clock {
    private final Clock wall;
    private Duration ahead = Duration.ZERO;
    private @Nullable Instant frozenAt;

    public SimulatedClock(Clock wall) {
        this.wall = wall;
    }

    @Override
    public synchronized Instant instant() {
        return frozenAt != null ? frozenAt : wall.instant().plus(ahead);
    }

    /** Moves time forward; it never goes back. */
    public synchronized void advance(Duration by) {
        if (by.isNegative()) {
            throw new IllegalArgumentException("time does not go back: " + by);
        }
        if (frozenAt != null) {
            frozenAt = frozenAt.plus(by);
        } else {
            ahead = ahead.plus(by);
        }
    }

    /** Time moves only by {@link #advance} from now on. */
    public synchronized void freeze() {
        frozenAt = instant();
    }

    /** Time runs on from where it stands. */
    public synchronized void run() {
        ahead = Duration.between(wall.instant(), instant());
        frozenAt = null;
    }

    public synchronized boolean isFrozen() {
        return frozenAt != null;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("the sandbox's clock is UTC");
    }
}
