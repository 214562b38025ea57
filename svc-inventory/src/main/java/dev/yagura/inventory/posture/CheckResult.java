package dev.yagura.inventory.posture;

import dev.yagura.proto.inventory.v1.PostureOutcome;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a check found.
 *
 * @param detail what was seen, in words
 * @param remedy what mends it; empty where it passed
 * @param observed how new what counted is; null where nothing was observed
 */
record CheckResult(
        PostureOutcome outcome, String detail, String remedy, @Nullable Instant observed) {

    static CheckResult pass(String detail, @Nullable Instant observed) {
        return new CheckResult(PostureOutcome.POSTURE_OUTCOME_PASS, detail, "", observed);
    }

    static CheckResult fail(String detail, String remedy, @Nullable Instant observed) {
        return new CheckResult(PostureOutcome.POSTURE_OUTCOME_FAIL, detail, remedy, observed);
    }

    static CheckResult unknown(String detail, String remedy, @Nullable Instant observed) {
        return new CheckResult(PostureOutcome.POSTURE_OUTCOME_UNKNOWN, detail, remedy, observed);
    }
}
