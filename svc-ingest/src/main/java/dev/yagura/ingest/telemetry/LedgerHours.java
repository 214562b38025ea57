package dev.yagura.ingest.telemetry;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** The ledger's hour of a batch or gap. */
final class LedgerHours {
    private static final long HOUR_NANOS = TimeUnit.HOURS.toNanos(1);
    private static final long EARLIEST =
            TimeUnit.SECONDS.toNanos(Instant.parse("2000-01-01T00:00:00Z").getEpochSecond());
    private static final long AHEAD_NANOS = Duration.ofDays(1).toNanos();

    private LedgerHours() {}

    /**
     * Hour since 1970 UTC of the corrected time. A time that cannot be (before 2000, more than a
     * day ahead) counts in the hour of receipt.
     */
    static long of(long sensorNanos, long offsetNanos, long receivedNanos) {
        long corrected = sensorNanos + offsetNanos;
        boolean believable = corrected >= EARLIEST && corrected <= receivedNanos + AHEAD_NANOS;
        return Math.floorDiv(believable ? corrected : receivedNanos, HOUR_NANOS);
    }
}
