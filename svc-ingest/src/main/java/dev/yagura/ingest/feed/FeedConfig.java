package dev.yagura.ingest.feed;

import dev.yagura.common.config.Settings;
import java.time.Duration;

/**
 * Section "feed".
 *
 * @param maxEntries of one message to a consumer
 * @param trimPeriod between two looks at what may be deleted
 */
public record FeedConfig(int maxEntries, Duration trimPeriod) {

    public static FeedConfig from(Settings settings) {
        Settings feed = settings.section("feed");
        return new FeedConfig(
                // 16 entries of 256 KiB fit the 8 MiB that clients take.
                feed.integer("max-entries", 16, 1, 30, "Entries of one message to a consumer."),
                feed.duration(
                        "trim-period",
                        Duration.ofSeconds(10),
                        "Time between two looks at what all consumers have processed."));
    }
}
