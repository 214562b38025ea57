package dev.yagura.ingest.log;

import java.util.Optional;

/**
 * One step of a spool: a batch, or sequence numbers that are used up without one.
 *
 * @param firstSequence must be the spool's next one
 * @param lastSequence the same for a batch
 * @param entry a serialized LogEntry; empty for loss
 * @param count what the ledger gets
 */
public record Append(
        SpoolSession session,
        long firstSequence,
        long lastSequence,
        Optional<byte[]> entry,
        Count count) {

    /**
     * A ledger count.
     *
     * @param hour since 1970 UTC
     * @param events stored
     * @param bytes of those, as the agent sent them
     * @param lost events declared lost
     * @param lossReason of the lost ones, short
     */
    public record Count(long hour, long events, long bytes, long lost, String lossReason) {}

    /** A batch. */
    public static Append batch(SpoolSession session, long sequence, byte[] entry, Count count) {
        return new Append(session, sequence, sequence, Optional.of(entry), count);
    }

    /** Sequence numbers that hold nothing. */
    public static Append loss(SpoolSession session, long first, long last, Count count) {
        return new Append(session, first, last, Optional.empty(), count);
    }
}
