package dev.yagura.inventory.organization;

import java.time.Instant;

/**
 * An account that was listed once.
 *
 * @param state Organizations' word, or {@link #LEFT} when the last complete list lacked it
 * @param since when it was first listed so
 */
public record KnownAccount(String id, String name, String state, Instant since) {
    static final String LEFT = "LEFT";

    /** Why it is not read, for people; of one that is not active. */
    public String whyNotRead() {
        String what =
                state.equals(LEFT)
                        ? "is no longer listed by Organizations"
                        : "is %s in Organizations".formatted(state);
        return "account %s (%s) %s since %s; it is read no more, its assets stay"
                .formatted(id, name, what, since);
    }
}
