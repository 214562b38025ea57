package dev.yagura.inventory.coverage;

import dev.yagura.proto.inventory.v1.CoverageReason;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A gap, or something that could not be judged.
 *
 * @param since null where that is not known
 * @param detail what was seen, in words
 * @param remedy what closes it, in words, with a command
 * @param action the response action that closes it; empty where none does
 */
public record Finding(
        CoverageReason reason,
        @Nullable Instant since,
        String detail,
        String remedy,
        Optional<RemedyAction> action) {

    Finding(CoverageReason reason, @Nullable Instant since, String detail, String remedy) {
        this(reason, since, detail, remedy, Optional.empty());
    }

    /** True when it has lasted as long; false when its beginning is not known. */
    boolean isAtLeast(Duration age, Instant now) {
        return since != null && !since.isAfter(now.minus(age));
    }
}
