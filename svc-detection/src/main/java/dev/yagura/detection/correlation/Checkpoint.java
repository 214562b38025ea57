package dev.yagura.detection.correlation;

import dev.yagura.detection.alert.Nanos;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;

/**
 * What tells how far a group's time is closed. An event is late when others of its group that are
 * newer were matched long before it, by the clock: an old log that is worked off, partition by
 * partition, brings no late events.
 *
 * @param newestNs newest event of the group
 * @param thenNs newest event as of {@code then}
 * @param then a while ago
 */
record Checkpoint(long newestNs, long thenNs, Instant then) {

    /** Of a group without events. */
    static Checkpoint begin(Instant now) {
        return new Checkpoint(Long.MIN_VALUE, Long.MIN_VALUE, now);
    }

    Checkpoint seen(long timeNs) {
        return new Checkpoint(Math.max(newestNs, timeNs), thenNs, then);
    }

    /**
     * The time before which nothing is waited for any more; empty when that is as it was. An event
     * from the future closes nothing: no more than was past at the time counts.
     */
    OptionalLong closes(Instant now, Duration lateness) {
        return isDue(now, lateness) && thenNs > Long.MIN_VALUE
                ? OptionalLong.of(Math.min(thenNs, Nanos.of(then)))
                : OptionalLong.empty();
    }

    /** After what is due was closed. */
    Checkpoint next(Instant now, Duration lateness) {
        return isDue(now, lateness) || thenNs == Long.MIN_VALUE
                ? new Checkpoint(newestNs, newestNs, now)
                : this;
    }

    private boolean isDue(Instant now, Duration lateness) {
        return Duration.between(then, now).compareTo(lateness) >= 0;
    }
}
