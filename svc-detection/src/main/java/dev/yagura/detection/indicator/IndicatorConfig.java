package dev.yagura.detection.indicator;

import dev.yagura.common.config.InvalidSettingException;
import dev.yagura.common.config.Settings;
import java.time.Duration;

/**
 * Section "indicator".
 *
 * @param refresh replicas look for changed lists this often
 * @param maxIndicators in all lists together
 * @param maxImportBytes of one file
 * @param importTimeout of one statement of an import
 */
public record IndicatorConfig(
        Duration refresh, long maxIndicators, long maxImportBytes, Duration importTimeout) {
    /** Changes are promised to count within a minute. */
    private static final Duration LONGEST_REFRESH = Duration.ofSeconds(30);

    public static IndicatorConfig from(Settings settings) {
        Settings indicator = settings.section("indicator");
        Duration refresh =
                indicator.duration(
                        "refresh",
                        Duration.ofSeconds(5),
                        "How often a replica looks for changed lists of indicators; at most PT30S.");
        if (refresh.compareTo(LONGEST_REFRESH) > 0) {
            throw new InvalidSettingException(
                    "yagura.detection.indicator.refresh",
                    "expected at most PT30S, got '" + refresh + "'");
        }
        return new IndicatorConfig(
                refresh,
                indicator.number(
                        "max-indicators",
                        2_000_000,
                        1,
                        50_000_000,
                        "Indicators in all lists together; each takes 12 to 24 bytes of memory."),
                indicator.number(
                        "max-import-bytes",
                        512L * 1024 * 1024,
                        1024,
                        16L * 1024 * 1024 * 1024,
                        "Largest file of indicators; it is kept in the temporary folder meanwhile."),
                indicator.duration(
                        "import-timeout",
                        Duration.ofMinutes(5),
                        "The database ends a statement of an import after this."));
    }
}
