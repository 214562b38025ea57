package dev.yagura.inventory.coverage;

import dev.yagura.common.config.Settings;
import dev.yagura.inventory.reconcile.ReadingConfig;
import java.time.Duration;

/**
 * How long knowledge counts.
 *
 * @param staleAfter what was read from AWS longer ago is not known any more: 15 minutes, or as long
 *     as five readings take turns
 */
record CoverageConfig(Duration staleAfter) {
    private static final Duration MIN_STALE = Duration.ofMinutes(15);
    private static final int READINGS = 5;

    static CoverageConfig from(Settings settings) {
        Duration readings = ReadingConfig.from(settings).interval().multipliedBy(READINGS);
        return new CoverageConfig(readings.compareTo(MIN_STALE) > 0 ? readings : MIN_STALE);
    }
}
