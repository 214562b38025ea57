package dev.yagura.bench.client;

import dev.yagura.proto.ingest.v1.BatchAcknowledgement;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The delivery protocol of an agent without its transport: which batch comes next, what is durable,
 * and whether the log ever said something that contradicts itself. Not thread-safe.
 *
 * <pre>
 *            opened                     RETRY_AFTER, EXPECTED
 *   CLOSED ---------> SENDING ---------------------------------> DRAINING
 *      ^                 ^                                           |
 *      | broken          |  every batch in flight is answered: from  |
 *      +-----------------+------------- acknowledged + 1 ------------+
 * </pre>
 */
final class SpoolState {
    private enum Phase {
        CLOSED,
        SENDING,
        DRAINING
    }

    private final int maxInFlight;
    private final SpoolListener listener;

    /** Bytes by sequence number. */
    private final Map<Long, Integer> inFlight = new HashMap<>();

    private Phase phase = Phase.CLOSED;
    private long next = 1;
    private long allowed;
    private long acknowledged;
    private long inFlightBytes;
    private long maxInFlightBytes;
    private long holdMillis;
    private @Nullable String violation;

    /**
     * A new spool.
     *
     * @param maxInFlight batches that may be unanswered at once
     */
    SpoolState(int maxInFlight, SpoolListener listener) {
        this.maxInFlight = maxInFlight;
        this.listener = listener;
    }

    /** The producer made every batch up to this one. */
    void allow(long upTo) {
        allowed = Math.max(allowed, upTo);
    }

    /** The producer made one more batch. */
    void allowOneMore() {
        allowed++;
    }

    /** Nothing more is made than what was sent already. */
    long stopProducing() {
        allowed = Math.max(next - 1, acknowledged);
        return allowed;
    }

    /** A stream is open; the log's word decides where to go on. */
    void opened(long expectedSequence, long bytesLimit) {
        if (expectedSequence <= acknowledged) {
            violate(
                    "the log lost acknowledged batches: %d was acknowledged, it expects %d"
                            .formatted(acknowledged, expectedSequence));
        }
        inFlight.clear();
        inFlightBytes = 0;
        maxInFlightBytes = Math.max(1, bytesLimit);
        durableUpTo(expectedSequence - 1);
        next = expectedSequence;
        phase = Phase.SENDING;
    }

    /** The stream broke: what was in flight is sent again unless the log has it. */
    void broken() {
        phase = Phase.CLOSED;
    }

    boolean maySend() {
        return phase == Phase.SENDING
                && next <= allowed
                && inFlight.size() < maxInFlight
                && inFlightBytes < maxInFlightBytes;
    }

    long next() {
        return next;
    }

    void sent(int bytes) {
        inFlight.put(next, bytes);
        inFlightBytes += bytes;
        listener.sent(next);
        next++;
    }

    /** Takes the log's answer to one batch. */
    void answered(BatchAcknowledgement answer) {
        long sequence = answer.getSequence();
        Integer bytes = inFlight.remove(sequence);
        if (bytes == null) {
            violate("batch " + sequence + " was answered twice or never sent");
            return;
        }
        inFlightBytes -= bytes;
        switch (answer.getStatus()) {
            case ACKNOWLEDGEMENT_STATUS_STORED -> stored(sequence);
            case ACKNOWLEDGEMENT_STATUS_DUPLICATE -> durableUpTo(sequence);
            case ACKNOWLEDGEMENT_STATUS_RETRY_AFTER -> drain(answer.getRetryAfterMillis());
            case ACKNOWLEDGEMENT_STATUS_EXPECTED -> drain(0);
            case ACKNOWLEDGEMENT_STATUS_REJECTED ->
                    violate("batch " + sequence + " was rejected: " + answer.getReason());
            case ACKNOWLEDGEMENT_STATUS_UNSPECIFIED, UNRECOGNIZED ->
                    violate("batch " + sequence + " was answered with no known status");
        }
    }

    private void stored(long sequence) {
        if (sequence != acknowledged + 1) {
            violate(
                    "batch %d was stored although %d was the last one"
                            .formatted(sequence, acknowledged));
        }
        durableUpTo(sequence);
    }

    private void durableUpTo(long sequence) {
        while (acknowledged < sequence) {
            acknowledged++;
            listener.acknowledged(acknowledged);
        }
    }

    /** Sends nothing until every batch in flight is answered. */
    void finishInFlight() {
        drain(0);
    }

    private void drain(long holdFor) {
        if (phase == Phase.SENDING) {
            phase = Phase.DRAINING;
        }
        holdMillis = Math.max(holdMillis, holdFor);
    }

    /** Every batch in flight was answered, and none is sent before {@link #rewind}. */
    boolean isDrained() {
        return phase == Phase.DRAINING && inFlight.isEmpty();
    }

    /** How long the log asked to wait, once. */
    long takeHoldMillis() {
        long hold = holdMillis;
        holdMillis = 0;
        return hold;
    }

    /** Goes on from the first batch that is not durable. */
    void rewind() {
        next = acknowledged + 1;
        phase = Phase.SENDING;
    }

    /** The last batch that is durable, with all before it. */
    long acknowledged() {
        return acknowledged;
    }

    boolean isDone() {
        return acknowledged >= allowed;
    }

    /** The first answer that the contract forbids. */
    Optional<String> violation() {
        return Optional.ofNullable(violation);
    }

    private void violate(String text) {
        if (violation == null) {
            violation = text;
        }
    }
}
