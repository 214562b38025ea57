package dev.yagura.inventory.coverage;

import dev.yagura.common.config.InvalidSettingException;
import dev.yagura.common.config.Settings;
import dev.yagura.inventory.reconcile.ReadingConfig;
import java.time.Duration;
import java.util.Optional;

/**
 * How long knowledge counts, and which agents are too old.
 *
 * @param staleAfter what was read from AWS longer ago is not known any more: 15 minutes, or as long
 *     as five readings take turns
 * @param minAgentVersion empty where none is too old
 * @param requireGuardDuty whether GuardDuty that is off is a gap
 */
record CoverageConfig(
        Duration staleAfter, Optional<AgentVersion> minAgentVersion, boolean requireGuardDuty) {
    private static final Duration MIN_STALE = Duration.ofMinutes(15);
    private static final int READINGS = 5;

    static CoverageConfig from(Settings settings) {
        Settings coverage = settings.section("coverage");
        Duration readings = ReadingConfig.from(settings).interval().multipliedBy(READINGS);
        return new CoverageConfig(
                readings.compareTo(MIN_STALE) > 0 ? readings : MIN_STALE,
                minAgentVersion(coverage),
                coverage.flag(
                        "require-guardduty",
                        true,
                        "Whether an account and region without GuardDuty is a gap of each"
                                + " instance, task and function there; false where another"
                                + " product watches what GuardDuty would."));
    }

    private static Optional<AgentVersion> minAgentVersion(Settings coverage) {
        String text =
                coverage.text(
                        "min-agent-version",
                        "",
                        "Oldest version of an agent that protects its host, for example 1.4.0;"
                                + " empty: no agent is too old.");
        Optional<AgentVersion> version = AgentVersion.parse(text);
        if (!text.isEmpty() && version.isEmpty()) {
            throw new InvalidSettingException(
                    "yagura.inventory.coverage.min-agent-version",
                    "must be a version such as 1.4.0, got '" + text + "'");
        }
        return version;
    }
}
