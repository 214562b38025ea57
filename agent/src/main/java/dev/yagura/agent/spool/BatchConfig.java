package dev.yagura.agent.spool;

import dev.yagura.common.config.Settings;
import java.time.Duration;

/**
 * Section "batch" of the agent.
 *
 * @param maxEvents of one batch
 * @param maxBytes of one batch before compression, so that it is below 256 KiB after it
 * @param maxDelay how long an event waits for others
 */
public record BatchConfig(int maxEvents, int maxBytes, Duration maxDelay) {
    public static BatchConfig from(Settings settings) {
        Settings batch = settings.section("batch");
        return new BatchConfig(
                batch.integer("max-events", 500, 1, 500, "Events of one batch."),
                batch.integer(
                        "max-bytes",
                        240 * 1024,
                        80 * 1024,
                        240 * 1024,
                        "Size of one batch before compression."),
                batch.duration(
                        "max-delay",
                        Duration.ofMillis(200),
                        "How long an event waits for others of its batch."));
    }
}
