package dev.yagura.detection.feed;

import dev.yagura.common.config.Settings;
import java.time.Duration;

/**
 * Section "feed".
 *
 * @param lease how long a partition stays with a replica that is not heard of
 * @param cursorInterval cursors of batches without a match are committed this often
 * @param tableInterval process tables are stored this often; what came since is read again
 * @param maxPendingBytes read but not yet committed
 * @param maxUnpackedBytes of one batch
 * @param maxHostProcesses processes, and files written, kept of one host
 */
public record FeedConfig(
        Duration lease,
        Duration cursorInterval,
        Duration tableInterval,
        int maxPendingBytes,
        int maxUnpackedBytes,
        int maxHostProcesses) {

    public static FeedConfig from(Settings settings) {
        Settings feed = settings.section("feed");
        return new FeedConfig(
                feed.duration(
                        "lease",
                        Duration.ofSeconds(6),
                        "How long a partition stays with a replica that is not heard of."),
                feed.duration(
                        "cursor-interval",
                        Duration.ofSeconds(1),
                        "How often the cursor is committed while nothing matches."),
                feed.duration(
                        "table-interval",
                        Duration.ofSeconds(30),
                        "How often process tables are stored; a restart reads again what came since."),
                feed.integer(
                        "max-pending-bytes",
                        16 * 1024 * 1024,
                        1024 * 1024,
                        1024 * 1024 * 1024,
                        "What may be read but not yet committed; then reading waits."),
                feed.integer(
                        "max-unpacked-bytes",
                        8 * 1024 * 1024,
                        64 * 1024,
                        64 * 1024 * 1024,
                        "Largest batch after unpacking; a larger one is skipped and said to be lost."),
                feed.integer(
                        "max-host-processes",
                        2_000,
                        100,
                        100_000,
                        "Processes kept for each host, and as many files that they wrote."));
    }
}
