package dev.yagura.ingest.telemetry;

import dev.yagura.common.config.Settings;
import java.time.Duration;

/**
 * Section "telemetry": limits on what agents send.
 *
 * @param maxMessageBytes of one message; a larger one ends the stream
 * @param maxEventsPerBatch of one batch
 * @param maxEventBytes of one serialized event
 * @param maxUnpackedBytes of one batch after decompression
 * @param streamBytes batches of one stream that are not acknowledged yet
 * @param bufferBytes the same of all streams together
 * @param eventsPerSecond of one agent; twice as many at once
 * @param retryAfter how long an agent is asked to wait while the log is full or away
 * @param workers threads that decompress and check
 */
public record TelemetryConfig(
        int maxMessageBytes,
        int maxEventsPerBatch,
        int maxEventBytes,
        int maxUnpackedBytes,
        int streamBytes,
        int bufferBytes,
        int eventsPerSecond,
        Duration retryAfter,
        int workers) {
    private static final int KIB = 1024;
    private static final int MIB = 1024 * KIB;

    /** Room in a message for what is around the events. */
    private static final int ENVELOPE_BYTES = 8 * KIB;

    public static TelemetryConfig from(Settings settings) {
        Settings telemetry = settings.section("telemetry");
        return new TelemetryConfig(
                telemetry.integer(
                        "max-message-bytes",
                        256 * KIB,
                        16 * KIB,
                        512 * KIB,
                        "Largest message of an agent; a larger one ends its stream."),
                telemetry.integer(
                        "max-events-per-batch", 500, 1, 10_000, "Events of one batch at most."),
                telemetry.integer(
                        "max-event-bytes",
                        64 * KIB,
                        KIB,
                        8 * MIB,
                        "Serialized size of one event at most."),
                telemetry.integer(
                        "max-unpacked-bytes",
                        8 * MIB,
                        64 * KIB,
                        64 * MIB,
                        "Size of one batch after decompression at most."),
                telemetry.integer(
                        "stream-bytes",
                        MIB,
                        256 * KIB,
                        64 * MIB,
                        "Batches of one stream that may be unacknowledged at once."),
                telemetry.integer(
                        "buffer-bytes",
                        32 * MIB,
                        MIB,
                        1024 * MIB,
                        "Batches of all streams that may be unacknowledged at once."),
                telemetry.integer(
                        "events-per-second",
                        50_000,
                        1,
                        10_000_000,
                        "Events that one agent may send; twice as many at once."),
                telemetry.duration(
                        "retry-after",
                        Duration.ofSeconds(1),
                        "How long agents are asked to wait while the log is full or away."),
                telemetry.integer(
                        "workers", 2, 1, 256, "Threads that decompress and check batches."));
    }

    /** Largest blob of events that is taken. */
    int maxBatchBytes() {
        return maxMessageBytes - ENVELOPE_BYTES;
    }
}
