package dev.yagura.ingest.telemetry;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Events that an agent may send: a rate, and twice as many at once. */
final class TokenBucket {
    private static final int BURST_SECONDS = 2;

    private final long perSecond;
    private final LongSupplier nanoTime;
    private double tokens;
    private long filledAt;

    TokenBucket(long perSecond, LongSupplier nanoTime) {
        this.perSecond = perSecond;
        this.nanoTime = nanoTime;
        this.tokens = capacity();
        this.filledAt = nanoTime.getAsLong();
    }

    /**
     * Takes tokens, or none.
     *
     * @param count more than fit the bucket need a full one
     * @return 0 when taken, else milliseconds until they are there
     */
    synchronized long tryTake(int count) {
        fill();
        double needed = Math.min(count, capacity());
        if (tokens >= needed) {
            tokens -= needed;
            return 0;
        }
        return Math.max(1, (long) Math.ceil((needed - tokens) * 1000 / perSecond));
    }

    private void fill() {
        long now = nanoTime.getAsLong();
        double more = (double) (now - filledAt) * perSecond / TimeUnit.SECONDS.toNanos(1);
        tokens = Math.min(capacity(), tokens + more);
        filledAt = now;
    }

    private double capacity() {
        return (double) perSecond * BURST_SECONDS;
    }
}
