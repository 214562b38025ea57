package dev.yagura.response.playbook;

import dev.yagura.proto.response.v1.PlaybookSpec;
import dev.yagura.proto.response.v1.PlaybookStep;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** How long runs and steps may take. */
final class Timeouts {
    static final Duration LONGEST_RUN = Duration.ofDays(7);

    private static final Duration RUN = Duration.ofHours(4);
    private static final Duration STEP = Duration.ofMinutes(30);

    private Timeouts() {}

    static Duration of(PlaybookSpec spec) {
        return parse(spec.getTimeout()).orElse(RUN);
    }

    static Duration of(PlaybookStep step) {
        return parse(step.getTimeout()).orElse(STEP);
    }

    /** Empty for what is no ISO 8601 duration. */
    static Optional<Duration> parse(String text) {
        try {
            return Optional.of(Duration.parse(text));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
