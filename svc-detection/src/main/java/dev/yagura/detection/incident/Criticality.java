package dev.yagura.detection.incident;

import java.util.Arrays;
import java.util.Locale;

/**
 * How much a host matters, by the word that its tag says, and what that adds to the priority of an
 * incident. In the order in which one of several hosts counts: what is unknown may be anything, so
 * it counts as medium and never as low.
 */
enum Criticality {
    LOW(-10),
    UNKNOWN(0),
    MEDIUM(0),
    HIGH(10),
    CRITICAL(20);

    private final int points;

    Criticality(int points) {
        this.points = points;
    }

    /** Of a tag's value in any case of letters; UNKNOWN for other words, and for none. */
    static Criticality of(String word) {
        String upper = word.strip().toUpperCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(each -> each.name().equals(upper))
                .findFirst()
                .orElse(UNKNOWN);
    }

    int points() {
        return points;
    }
}
