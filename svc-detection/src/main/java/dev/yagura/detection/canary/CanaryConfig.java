package dev.yagura.detection.canary;

import dev.yagura.common.config.InvalidSettingException;
import dev.yagura.common.config.Settings;
import java.time.Duration;

/**
 * Section "canary".
 *
 * @param interval between two rounds
 * @param deadline how long after two missed rounds a canary counts as failing
 * @param window telemetry of a log source within it makes its canaries travel
 */
public record CanaryConfig(Duration interval, Duration deadline, Duration window) {
    private static final Duration LONGEST_WINDOW = Duration.ofDays(90);

    /** Keys below "canary". */
    public static CanaryConfig from(Settings settings) {
        Settings canary = settings.section("canary");
        Duration window =
                canary.duration(
                        "window",
                        Duration.ofDays(7),
                        "Canaries are sent for log sources whose telemetry arrived within this; at"
                                + " most P90D.");
        if (window.compareTo(LONGEST_WINDOW) > 0) {
            throw new InvalidSettingException(
                    "yagura.detection.canary.window",
                    "expected at most P90D, got '" + window + "'");
        }
        return new CanaryConfig(
                canary.duration(
                        "interval",
                        Duration.ofMinutes(1),
                        "How often canaries are put into every partition of the event log."),
                canary.duration(
                        "deadline",
                        Duration.ofSeconds(30),
                        "A canary is failing this long after two intervals without a proof."),
                window);
    }

    /** The age from which a proof is too old. */
    Duration limit() {
        return interval.multipliedBy(2).plus(deadline);
    }

    /** How often a replica looks. */
    Duration check() {
        Duration sixth = interval.dividedBy(6);
        return sixth.compareTo(Duration.ofSeconds(10)) > 0 ? Duration.ofSeconds(10) : sixth;
    }
}
