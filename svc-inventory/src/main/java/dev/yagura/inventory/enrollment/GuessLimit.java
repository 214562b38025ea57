package dev.yagura.inventory.enrollment;

import dev.yagura.common.config.Settings;
import dev.yagura.common.error.LimitExceededException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * A bucket of wrong tokens: each takes one out, and it fills up again within a minute. While it is
 * empty every enrolment waits, good ones too: who is behind a call is the gateway's to know, and it
 * limits addresses before. The secrets alone make guessing hopeless; this keeps it off the database
 * and visible.
 */
@ApplicationScoped
class GuessLimit {
    private final int capacity;
    private final Duration refill;
    private final Clock clock;
    private double room;
    private Instant counted;

    @Inject
    GuessLimit(Settings settings, Clock clock) {
        this(EnrollmentConfig.from(settings).wrongTokensPerMinute(), clock);
    }

    GuessLimit(int perMinute, Clock clock) {
        this.capacity = perMinute;
        this.refill = Duration.ofMinutes(1).dividedBy(perMinute);
        this.clock = clock;
        this.room = perMinute;
        this.counted = clock.instant();
    }

    /**
     * Fails while too many tokens were wrong lately.
     *
     * @throws LimitExceededException says when to try again
     */
    synchronized void requireRoom() {
        fill();
        if (room < 1) {
            throw new LimitExceededException("too many wrong enrolment tokens; wait", refill);
        }
    }

    /** A token was wrong. */
    synchronized void wrong() {
        fill();
        room = Math.max(0, room - 1);
    }

    private void fill() {
        Instant now = clock.instant();
        if (now.isAfter(counted)) {
            double more = (double) Duration.between(counted, now).toNanos() / refill.toNanos();
            room = Math.min(capacity, room + more);
        }
        counted = now;
    }
}
