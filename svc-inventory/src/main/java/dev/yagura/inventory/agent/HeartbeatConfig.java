package dev.yagura.inventory.agent;

import dev.yagura.common.config.InvalidSettingException;
import dev.yagura.common.config.Settings;
import java.time.Duration;

/**
 * Section "heartbeat".
 *
 * @param interval that agents are asked to report at
 * @param writeInterval how long reports are collected before they are written together
 */
record HeartbeatConfig(Duration interval, Duration writeInterval) {

    static HeartbeatConfig from(Settings settings) {
        Settings heartbeat = settings.section("heartbeat");
        HeartbeatConfig config =
                new HeartbeatConfig(
                        heartbeat.duration(
                                "interval",
                                Duration.ofSeconds(15),
                                "How often agents are asked to report; silence is 90 s."),
                        heartbeat.duration(
                                "write-interval",
                                Duration.ofSeconds(1),
                                "How long reports are collected before they are written"
                                        + " together."));
        if (config.interval().multipliedBy(2).compareTo(Agent.SILENCE) > 0) {
            throw new InvalidSettingException(
                    "yagura.inventory.heartbeat.interval",
                    "one lost report would make an agent silent: set at most PT45S");
        }
        return config;
    }
}
