package dev.yagura.inventory.posture;

import dev.yagura.common.log.LogKeys;
import dev.yagura.proto.inventory.v1.PostureOutcome;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a check found.
 *
 * @param detail what was seen, in words
 * @param remedy what mends it; empty where it passed
 * @param observed how new what counted is; null where nothing was observed
 */
record CheckResult(
        PostureOutcome outcome, String detail, String remedy, @Nullable Instant observed) {
    private static final Logger LOG = LoggerFactory.getLogger(CheckResult.class);

    /**
     * A check that breaks on what it was given knows nothing. All else is judged still: a
     * configuration is whatever AWS Config wrote, and one that nobody thought of must not hide the
     * others.
     */
    static CheckResult tried(String check, UUID assetId, Supplier<CheckResult> judge) {
        try {
            return judge.get();
        } catch (RuntimeException e) {
            LOG.atWarn()
                    .addKeyValue(LogKeys.KEY, assetId)
                    .addKeyValue(LogKeys.REASON, check)
                    .setCause(e)
                    .log("a check broke on what is known of an asset; it says unknown");
            return unknown(
                    "the check broke on what is known of it",
                    "report it, with what ./yagura logs inventory says of " + assetId,
                    null);
        }
    }

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
