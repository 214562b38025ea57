package dev.yagura.agent.spool;

import dev.yagura.common.config.Settings;

/**
 * Section "spool" of the agent; all in bytes.
 *
 * @param segmentBytes a segment is closed when it would pass this
 * @param maxBytes of all segments; the oldest is given up beyond that
 * @param minFreeBytes of the disk that the spool leaves to others
 */
public record SpoolConfig(int segmentBytes, long maxBytes, long minFreeBytes) {
    private static final int MIB = 1024 * 1024;

    public static SpoolConfig from(Settings settings) {
        Settings spool = settings.section("spool");
        return new SpoolConfig(
                spool.integer("segment-bytes", 4 * MIB, MIB, 8 * MIB, "Size of a segment file."),
                spool.number(
                        "max-bytes",
                        512L * MIB,
                        16L * MIB,
                        1L << 40,
                        "Size of the whole spool; the oldest segment is given up and declared lost beyond it."),
                spool.number(
                        "min-free-bytes",
                        256L * MIB,
                        0,
                        1L << 40,
                        "Free disk space that the spool leaves; the oldest segment is given up and declared lost below it."));
    }
}
