package dev.yagura.response.host;

import dev.yagura.common.config.InvalidSettingException;
import dev.yagura.common.config.Settings;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Section "install-agent".
 *
 * @param bucket that has the package and the tokens; empty refuses install_agent
 * @param region of the bucket; empty for that of the instance
 * @param packageKey of the package in the bucket
 * @param packageSha256 of its content, lower-case hex
 * @param gateway that hosts enrol at, host:port
 * @param settle how long an agent that was started is waited for
 */
public record InstallConfig(
        Optional<String> bucket,
        Optional<String> region,
        String packageKey,
        String packageSha256,
        String gateway,
        Duration settle) {
    static final String BUCKET = "yagura.response.install-agent.bucket";

    private static final String PREFIX = "yagura.response.install-agent.";
    private static final Pattern BUCKET_NAME = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern ADDRESS = Pattern.compile("[A-Za-z0-9.-]{1,253}:[0-9]{1,5}");

    public static InstallConfig from(Settings settings) {
        Settings install = settings.section("install-agent");
        InstallConfig config =
                new InstallConfig(
                        install.optionalText(
                                "bucket",
                                "S3 bucket with the agent's package and the enrolment tokens of"
                                        + " install_agent; without it that is refused."),
                        install.optionalText(
                                "region",
                                "Region of that bucket; empty means that of the instance."),
                        install.text(
                                "package-key",
                                "agent/yagura-agent.tar.gz",
                                "Key of the package in that bucket."),
                        install.text(
                                "package-sha256",
                                "",
                                "SHA-256 of the package, which hosts check; required with a"
                                        + " bucket."),
                        install.text(
                                "gateway",
                                "",
                                "Where hosts enrol their agent, as host:port; required with a"
                                        + " bucket."),
                        install.duration(
                                "settle",
                                Duration.ofMinutes(1),
                                "How long install_agent waits for the command channel of the agent"
                                        + " that it has started."));
        config.bucket().ifPresent(config::check);
        return config;
    }

    private void check(String name) {
        require(
                BUCKET_NAME.matcher(name).matches(),
                "bucket",
                name + " is no name of a bucket; write it without s3://");
        require(
                SHA256.matcher(packageSha256).matches(),
                "package-sha256",
                "must be 64 hexadecimal digits in lower case, as sha256sum prints them");
        require(
                ADDRESS.matcher(gateway).matches(),
                "gateway",
                "must be an address such as edr.example.com:7443");
    }

    private static void require(boolean holds, String key, String problem) {
        if (!holds) {
            throw new InvalidSettingException(PREFIX + key, problem);
        }
    }
}
