package dev.yagura.inventory.coverage;

import dev.yagura.common.config.Settings;
import dev.yagura.inventory.reconcile.ReadingConfig;
import java.time.Duration;

/**
 * Section "coverage".
 *
 * @param ownerTag key of the tag that names an asset's owner
 * @param environmentTag key of the tag that names its environment
 * @param staleAfter what was read from AWS longer ago is not known any more: 15 minutes, or as long
 *     as five readings take turns
 */
record CoverageConfig(String ownerTag, String environmentTag, Duration staleAfter) {
    private static final Duration MIN_STALE = Duration.ofMinutes(15);
    private static final int READINGS = 5;

    static CoverageConfig from(Settings settings) {
        Settings coverage = settings.section("coverage");
        Duration readings = ReadingConfig.from(settings).interval().multipliedBy(READINGS);
        return new CoverageConfig(
                coverage.text("owner-tag", "Owner", "Tag whose value is an asset's owner."),
                coverage.text(
                        "environment-tag",
                        "Environment",
                        "Tag whose value is an asset's environment."),
                readings.compareTo(MIN_STALE) > 0 ? readings : MIN_STALE);
    }
}
