package dev.yagura.inventory.enrollment;

import dev.yagura.common.config.Settings;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Sections "ca" and "enrollment".
 *
 * @param certificate of the authority of agents, PEM
 * @param key its private key, PKCS #8 PEM
 * @param validity of an agent's certificate
 * @param wrongTokensPerMinute enrolments with a wrong token that are answered before every
 *     enrolment has to wait
 */
public record EnrollmentConfig(
        Path certificate, Path key, Duration validity, int wrongTokensPerMinute) {

    public static EnrollmentConfig from(Settings settings) {
        Settings ca = settings.section("ca");
        return new EnrollmentConfig(
                ca.requiredPath("certificate", "Certificate of the authority of agents, PEM."),
                ca.requiredPath("key", "Private key of that authority, PKCS #8 PEM."),
                ca.duration(
                        "validity",
                        Duration.ofDays(90),
                        "How long an agent's certificate is valid; the agent enrols again before."),
                settings.section("enrollment")
                        .integer(
                                "wrong-tokens-per-minute",
                                60,
                                1,
                                100_000,
                                "Wrong tokens answered in a minute before every enrolment has to"
                                        + " wait."));
    }
}
