package dev.yagura.detection.alert;

import com.google.protobuf.Timestamp;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** Nanoseconds since 1970 UTC, as sensors count, and the contract's timestamps. */
public final class Nanos {
    private static final long PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private Nanos() {}

    public static Timestamp timestamp(long nanos) {
        return Timestamp.newBuilder()
                .setSeconds(Math.floorDiv(nanos, PER_SECOND))
                .setNanos((int) Math.floorMod(nanos, PER_SECOND))
                .build();
    }

    public static Timestamp timestamp(Instant instant) {
        return Timestamp.newBuilder()
                .setSeconds(instant.getEpochSecond())
                .setNanos(instant.getNano())
                .build();
    }

    public static long of(Timestamp timestamp) {
        return timestamp.getSeconds() * PER_SECOND + timestamp.getNanos();
    }

    public static long of(Instant instant) {
        return instant.getEpochSecond() * PER_SECOND + instant.getNano();
    }

    /** With six digits of the second, as PostgreSQL keeps them. */
    public static Instant instant(Timestamp timestamp) {
        return Instant.ofEpochSecond(timestamp.getSeconds(), timestamp.getNanos());
    }
}
