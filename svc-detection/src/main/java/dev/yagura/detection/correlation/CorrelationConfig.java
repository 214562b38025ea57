package dev.yagura.detection.correlation;

import dev.yagura.common.config.InvalidSettingException;
import dev.yagura.common.config.Settings;
import java.time.Duration;

/**
 * Section "correlation".
 *
 * @param lateness how long after a newer one of its group an event may be matched and still count
 */
public record CorrelationConfig(Duration lateness) {
    private static final Duration MAX_LATENESS = Duration.ofDays(7);

    public static CorrelationConfig from(Settings settings) {
        Duration lateness =
                settings.section("correlation")
                        .duration(
                                "lateness",
                                Duration.ofHours(2),
                                "How long after a newer event of its group an event may come and"
                                        + " still count in a correlation; PT0S to PT168H. Groups keep"
                                        + " their events up to twice as long.");
        if (lateness.isNegative() || lateness.compareTo(MAX_LATENESS) > 0) {
            throw new InvalidSettingException(
                    "yagura.detection.correlation.lateness",
                    "expected a duration from PT0S to PT168H, got '" + lateness + "'");
        }
        return new CorrelationConfig(lateness);
    }
}
