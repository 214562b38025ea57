package dev.yagura.response.channel;

import dev.yagura.common.config.InvalidSettingException;
import dev.yagura.common.config.Settings;
import java.time.Duration;

/**
 * Section "channel".
 *
 * @param takeTimeout how long an agent has to take a command
 */
public record ChannelConfig(Duration takeTimeout) {
    private static final Duration LEAST = Duration.ofSeconds(1);
    private static final Duration MOST = Duration.ofSeconds(30);

    public static ChannelConfig from(Settings settings) {
        Duration takeTimeout =
                settings.section("channel")
                        .duration(
                                "take-timeout",
                                Duration.ofSeconds(15),
                                "How long an agent has to take a command from its channel, 30 s at"
                                        + " most, before Systems Manager is tried.");
        if (takeTimeout.compareTo(LEAST) < 0 || takeTimeout.compareTo(MOST) > 0) {
            throw new InvalidSettingException(
                    "yagura.response.channel.take-timeout",
                    "is " + takeTimeout + "; expected PT1S to PT30S");
        }
        return new ChannelConfig(takeTimeout);
    }
}
