package dev.yagura.bench.fault;

import dev.yagura.bench.load.BatchSource;
import dev.yagura.bench.load.Batches;
import dev.yagura.proto.telemetry.v1.Device;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;

/**
 * What agents send: the same events at the same times on every platform, one marker a batch, spread
 * over a few processes of each host, so that alerts have counts.
 *
 * @param baseNanos all events are within a minute after it, nanoseconds UTC
 */
record Workload(long baseNanos) {
    static final int AGENTS = 8;
    static final int MARKERS_IN_BATCH = 1;
    private static final int PROCESSES = 5;

    /** Away from every boundary that a period of alerts could have. */
    private static final Duration INTO_THE_HOUR = Duration.ofSeconds(32 * 60 + 15);

    /** In the hour before. */
    static Workload before(Instant now) {
        Instant base =
                now.truncatedTo(ChronoUnit.HOURS).minus(1, ChronoUnit.HOURS).plus(INTO_THE_HOUR);
        return new Workload(TimeUnit.SECONDS.toNanos(base.getEpochSecond()));
    }

    BatchSource of(Device device) {
        Batches batches = new Batches(device.getBootId());
        return sequence ->
                batches.batch(
                        sequence,
                        baseNanos + TimeUnit.SECONDS.toNanos(sequence % 60),
                        new Batches.Markers(
                                sequence * MARKERS_IN_BATCH, MARKERS_IN_BATCH, PROCESSES));
    }
}
