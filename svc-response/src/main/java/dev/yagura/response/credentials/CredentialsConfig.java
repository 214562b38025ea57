package dev.yagura.response.credentials;

import dev.yagura.common.config.Settings;
import java.time.Duration;
import java.util.Optional;

/**
 * Section "credentials".
 *
 * @param quarantineProfile name of the instance profile that a contained instance gets, the same in
 *     every account
 * @param ssmWait how long the deny waits for Systems Manager to hear the instance after its profile
 *     was replaced
 * @param trailWait how long an answer of CloudTrail is waited for; a plan waits for all of them for
 *     no longer
 */
public record CredentialsConfig(
        Optional<String> quarantineProfile, Duration ssmWait, Duration trailWait) {

    public static CredentialsConfig from(Settings settings) {
        Settings credentials = settings.section("credentials");
        return new CredentialsConfig(
                credentials.optionalText(
                        "quarantine-profile",
                        "Name of the instance profile, in each account, that an instance gets while"
                                + " its role is contained; its role may have no policy but"
                                + " AmazonSSMManagedInstanceCore."),
                credentials.duration(
                        "ssm-wait",
                        Duration.ofSeconds(15),
                        "How long the deny of a role's sessions waits for Systems Manager to hear"
                                + " the instance with its new profile; stolen sessions work until"
                                + " then. Longer needs more action.attempts."),
                credentials.duration(
                        "trail-wait",
                        Duration.ofSeconds(5),
                        "How long one answer of CloudTrail about the roles that stolen sessions"
                                + " went on to is waited for; a plan waits for all of them for no"
                                + " longer, and says what it did not learn. Shorter than"
                                + " client.response.deadline of the gateway."));
    }
}
