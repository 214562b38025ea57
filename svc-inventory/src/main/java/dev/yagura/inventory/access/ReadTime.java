package dev.yagura.inventory.access;

import com.google.protobuf.Timestamp;
import dev.yagura.common.error.InvalidFieldException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The field read_time of requests. */
public final class ReadTime {
    private static final int LAST_NANO = 999_999_999;

    /** Of the years 1 and 9999: what a Timestamp can be. */
    private static final long FIRST_SECOND = -62_135_596_800L;

    private static final long LAST_SECOND = 253_402_300_799L;

    private ReadTime() {}

    /**
     * In the resolution of the database.
     *
     * @throws InvalidFieldException it is no time
     */
    public static Instant of(Timestamp time) {
        if (time.getSeconds() < FIRST_SECOND
                || time.getSeconds() > LAST_SECOND
                || time.getNanos() < 0
                || time.getNanos() > LAST_NANO) {
            throw new InvalidFieldException("read_time", "is no time", "send RFC 3339 in UTC");
        }
        return Instant.ofEpochSecond(time.getSeconds(), time.getNanos())
                .truncatedTo(ChronoUnit.MICROS);
    }
}
