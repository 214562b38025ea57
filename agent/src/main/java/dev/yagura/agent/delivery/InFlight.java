package dev.yagura.agent.delivery;

import dev.yagura.agent.spool.SpoolEntry;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * What was sent and not answered. After a rewind nothing is sent before all of it is answered, so
 * each number is in here once. Sizes only, no payloads.
 */
final class InFlight {
    private final Deque<Sent> sent = new ArrayDeque<>();
    private long bytes;

    /** One message on its way. */
    static final class Sent {
        final long firstSequence;
        final long lastSequence;
        final long events;
        final long sentNanos;
        private final int bytes;
        private boolean settled;

        private Sent(SpoolEntry entry, int bytes) {
            this.firstSequence = entry.firstSequence();
            this.lastSequence = entry.lastSequence();
            this.events = entry instanceof SpoolEntry.Batch ? entry.events() : 0;
            this.bytes = bytes;
            this.sentNanos = System.nanoTime();
        }

        private boolean holds(long sequence) {
            return firstSequence <= sequence && sequence <= lastSequence;
        }
    }

    /** Up to where everything is settled, and how many events that were. */
    record Settled(long upTo, long events) {}

    void add(SpoolEntry entry, int size) {
        sent.addLast(new Sent(entry, size));
        bytes += size;
    }

    boolean isEmpty() {
        return sent.isEmpty();
    }

    long bytes() {
        return bytes;
    }

    Optional<Sent> oldest() {
        return Optional.ofNullable(sent.peekFirst());
    }

    Optional<Sent> find(long sequence) {
        return sent.stream().filter(message -> message.holds(sequence)).findFirst();
    }

    /** Durable up to here: the log takes batches of a spool in order only. */
    Settled stored(long sequence) {
        long events = 0;
        long upTo = 0;
        while (!sent.isEmpty() && sent.getFirst().firstSequence <= sequence) {
            Sent first = removeFirst();
            events += first.settled ? 0 : first.events;
            upTo = first.lastSequence;
        }
        Settled more = settledHead();
        return new Settled(Math.max(upTo, more.upTo()), events);
    }

    /** Answered for good, but not stored. */
    Settled settle(Sent message) {
        message.settled = true;
        return settledHead();
    }

    /** Not stored: will be sent again. */
    void drop(long sequence) {
        find(sequence)
                .ifPresent(message -> {
                    sent.remove(message);
                    bytes -= message.bytes;
                });
    }

    private Settled settledHead() {
        long upTo = 0;
        while (!sent.isEmpty() && sent.getFirst().settled) {
            upTo = removeFirst().lastSequence;
        }
        return new Settled(upTo, 0);
    }

    private Sent removeFirst() {
        Sent first = sent.removeFirst();
        bytes -= first.bytes;
        return first;
    }
}
