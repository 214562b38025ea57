package dev.yagura.response.host;

import dev.yagura.response.action.RetryLaterException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** How long an archive is read: nobody else takes the action meanwhile, and it comes to an end. */
final class ReadingTime implements Runnable {
    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final Duration TELL_EVERY = Duration.ofSeconds(5);

    private final Clock clock;
    private final Runnable extend;
    private final Instant begun;
    private Instant told;

    /**
     * Begins now.
     *
     * @param extend says that the work goes on
     */
    ReadingTime(Clock clock, Runnable extend) {
        this.clock = clock;
        this.extend = extend;
        this.begun = clock.instant();
        this.told = begun;
    }

    /**
     * Something was read.
     *
     * @throws RetryLaterException it takes too long
     */
    @Override
    public void run() {
        Instant now = clock.instant();
        if (now.isAfter(begun.plus(LONGEST))) {
            throw new RetryLaterException(
                    "S3 did not give the archive within " + LONGEST.toMinutes() + " minutes");
        }
        if (now.isAfter(told.plus(TELL_EVERY))) {
            extend.run();
            told = now;
        }
    }
}
