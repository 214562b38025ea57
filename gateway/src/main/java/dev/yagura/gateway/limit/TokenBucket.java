package dev.yagura.gateway.limit;

import java.time.Duration;

/**
 * A bucket that fills at a constant rate up to its capacity (the token bucket of RFC 2697, one
 * rate). Times are of one nanosecond source.
 */
final class TokenBucket {
    private final double perNano;
    private final double capacity;
    private double level;
    private long filledAt;

    TokenBucket(double perSecond, double capacity, long now) {
        this.perNano = perSecond / Duration.ofSeconds(1).toNanos();
        this.capacity = capacity;
        this.level = capacity;
        this.filledAt = now;
    }

    /** Takes one; false when there is none. */
    synchronized boolean take(long now) {
        fill(now);
        if (level < 1) {
            return false;
        }
        level--;
        return true;
    }

    /** True when one could be taken. */
    synchronized boolean hasOne(long now) {
        fill(now);
        return level >= 1;
    }

    /** Until there is one again. */
    synchronized Duration untilNext(long now) {
        fill(now);
        return level >= 1
                ? Duration.ZERO
                : Duration.ofNanos((long) Math.ceil((1 - level) / perNano));
    }

    private void fill(long now) {
        level = Math.min(capacity, level + (now - filledAt) * perNano);
        filledAt = now;
    }
}
