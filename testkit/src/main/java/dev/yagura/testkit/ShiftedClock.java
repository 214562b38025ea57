package dev.yagura.testkit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;

/** The real clock, ahead by what a test says. */
public final class ShiftedClock extends Clock {
    private final AtomicReference<Duration> ahead;

    public ShiftedClock(AtomicReference<Duration> ahead) {
        this.ahead = ahead;
    }

    @Override
    public Instant instant() {
        return Instant.now().plus(ahead.get());
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    /** This clock: nothing here depends on a zone. */
    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
