package dev.yagura.detection.alert;

import dev.yagura.common.config.InvalidSettingException;
import dev.yagura.common.config.Settings;
import java.time.Duration;

/**
 * Section "alert".
 *
 * @param period matches of one rule, host and entity within one such period, counted from 1970 UTC,
 *     are one alert
 */
public record AlertConfig(Duration period) {
    private static final Duration DAY = Duration.ofDays(1);

    public static AlertConfig from(Settings settings) {
        Duration period =
                settings.section("alert")
                        .duration(
                                "period",
                                Duration.ofHours(1),
                                "Matches of one rule, host and entity within one such period (UTC)"
                                        + " are one alert; PT1S to PT24H.");
        if (period.compareTo(Duration.ofSeconds(1)) < 0 || period.compareTo(DAY) > 0) {
            throw new InvalidSettingException(
                    "yagura.detection.alert.period",
                    "expected a duration from PT1S to PT24H, got '" + period + "'");
        }
        return new AlertConfig(period);
    }
}
