package dev.yagura.inventory.account;

import java.time.Instant;

/** What came of one call. */
public sealed interface Answer<T> {
    /**
     * It told.
     *
     * @param observed of which time that is
     */
    record Told<T>(T value, Instant observed) implements Answer<T> {}

    /** It will tell soon; nothing failed. */
    record Pending<T>(String why) implements Answer<T> {}

    /** It told nothing. */
    record Failed<T>(String why) implements Answer<T> {}
}
