package dev.yagura.agent.spool;

import dev.yagura.proto.ingest.v1.TelemetryBatch;

/** What is next to send. */
public sealed interface SpoolEntry {
    long firstSequence();

    long lastSequence();

    long events();

    /** A batch as it was spooled. */
    record Batch(TelemetryBatch batch) implements SpoolEntry {
        @Override
        public long firstSequence() {
            return batch.getSequence();
        }

        @Override
        public long lastSequence() {
            return batch.getSequence();
        }

        @Override
        public long events() {
            return batch.getEventCount();
        }
    }

    /**
     * Sequence numbers that will never come.
     *
     * @param events lost with them; 0 when nobody can tell
     * @param timeNanos inside the hour that the loss belongs to
     */
    record Gap(long firstSequence, long lastSequence, long events, long timeNanos, String reason)
            implements SpoolEntry {}
}
