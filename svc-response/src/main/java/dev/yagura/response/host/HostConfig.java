package dev.yagura.response.host;

import dev.yagura.common.config.InvalidSettingException;
import dev.yagura.common.config.Settings;
import java.time.Duration;

/**
 * Section "host".
 *
 * @param commandTimeout how long a host has to begin a command; it refuses a later one
 */
public record HostConfig(Duration commandTimeout) {
    /** Systems Manager's least. */
    private static final Duration LEAST = Duration.ofSeconds(30);

    public static HostConfig from(Settings settings) {
        Duration timeout =
                settings.section("host")
                        .duration(
                                "command-timeout",
                                Duration.ofMinutes(1),
                                "How long a host has to begin a command of Systems Manager, 30 s at"
                                        + " least; it refuses a later one.");
        if (timeout.compareTo(LEAST) < 0) {
            throw new InvalidSettingException(
                    "yagura.response.host.command-timeout",
                    "is " + timeout + "; Systems Manager takes PT30S at least");
        }
        return new HostConfig(timeout);
    }
}
