package dev.yagura.response.securityhub;

import dev.yagura.common.config.Settings;
import java.time.Duration;

/**
 * Section "findings".
 *
 * @param patience how long Security Hub may take to show what it has taken
 * @param poll pause between two looks
 */
public record FindingsConfig(Duration patience, Duration poll) {

    public static FindingsConfig from(Settings settings) {
        Settings findings = settings.section("findings");
        return new FindingsConfig(
                findings.duration(
                        "patience",
                        Duration.ofMinutes(10),
                        "How long Security Hub may take to show a finding that it has taken."),
                findings.duration(
                        "poll", Duration.ofSeconds(5), "Pause between two looks for a finding."));
    }
}
