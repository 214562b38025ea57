package dev.yagura.common.aws;

import dev.yagura.common.config.Settings;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * Section "aws" of a service.
 *
 * @param endpoint of a stand-in for every API; empty means AWS itself
 * @param role name of the role to assume in each account; empty means the default credentials
 * @param externalId that the roles' trust policies ask for
 * @param callTimeout deadline of one call with all its attempts
 * @param attemptTimeout deadline of one attempt
 * @param throttlePause before a call that AWS throttled is made again; doubled each time
 */
public record AwsConfig(
        Optional<URI> endpoint,
        Optional<String> role,
        Optional<String> externalId,
        Duration callTimeout,
        Duration attemptTimeout,
        Duration throttlePause) {

    public static AwsConfig from(Settings settings) {
        Settings aws = settings.section("aws");
        return new AwsConfig(
                aws.optionalText("endpoint", "Address of a stand-in for AWS; empty means AWS.")
                        .map(URI::create),
                aws.optionalText(
                        "role",
                        "Name of the role to assume in each account; empty uses the default"
                                + " credentials as they are."),
                aws.optionalText("external-id", "External id that the role's trust asks for."),
                aws.duration("call-timeout", Duration.ofSeconds(20), "Deadline of one AWS call."),
                aws.duration(
                        "attempt-timeout",
                        Duration.ofSeconds(6),
                        "Deadline of one attempt of an AWS call."),
                aws.duration(
                        "throttle-pause",
                        Duration.ofSeconds(1),
                        "Pause before a call that AWS throttled is made again; doubled each time,"
                                + " at most 20 s, with jitter."));
    }
}
