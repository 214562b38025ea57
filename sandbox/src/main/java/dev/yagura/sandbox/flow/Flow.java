package dev.yagura.sandbox.flow;

import dev.yagura.sandbox.world.NetworkInterface;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a host and what interfaces remember of it.
 *
 * <pre>
 *   alive --blocked--> blocked --passes again--> alive
 *     |                   |
 *     +---- host down, closed, or blocked for 15 minutes ----> closed (persistent ones stay)
 * </pre>
 */
final class Flow {
    /** Linux gives a TCP connection up after about 15 minutes without an answer (tcp_retries2). */
    private static final Duration PATIENCE = Duration.ofMinutes(15);

    private final String id;
    private final FlowSpec spec;
    private final List<String> instanceIds;
    private final Instant openedAt;
    private final Map<String, Leg.Handling> memory = new HashMap<>();

    private Instant connectedAt;
    private @Nullable Instant lastPacketAt;
    private @Nullable Instant blockedSince;
    private @Nullable Instant closedAt;
    private @Nullable Instant nextPacketAt;
    private String reason;
    private long packets;

    Flow(String id, FlowSpec spec, List<String> instanceIds, Instant openedAt) {
        this.id = id;
        this.spec = spec;
        this.instanceIds = List.copyOf(instanceIds);
        this.openedAt = openedAt;
        this.connectedAt = openedAt;
        this.reason = "not tried yet";
        this.nextPacketAt = spec.keepalive() == null ? null : openedAt.plus(spec.keepalive());
    }

    String id() {
        return id;
    }

    FlowSpec spec() {
        return spec;
    }

    List<String> instanceIds() {
        return instanceIds;
    }

    Instant openedAt() {
        return openedAt;
    }

    Optional<Instant> lastPacketAt() {
        return Optional.ofNullable(lastPacketAt);
    }

    Optional<Instant> blockedSince() {
        return Optional.ofNullable(blockedSince);
    }

    Optional<Instant> closedAt() {
        return Optional.ofNullable(closedAt);
    }

    String reason() {
        return reason;
    }

    long packets() {
        return packets;
    }

    Map<String, Leg.Handling> memory() {
        return memory;
    }

    boolean isOpen() {
        return closedAt == null;
    }

    /** When the next keepalive is due, if it has any. */
    Optional<Instant> nextPacketAt() {
        return isOpen() ? Optional.ofNullable(nextPacketAt) : Optional.empty();
    }

    /** What an interface remembers of it at a moment, given the interface's idle timeout. */
    Optional<Leg.Handling> remembered(NetworkInterface eni, Instant at, Duration idleTimeout) {
        Leg.Handling handling = memory.get(eni.id());
        if (handling == null || lastPacketAt == null) {
            return Optional.empty();
        }
        boolean expired =
                handling == Leg.Handling.TRACKED && at.isAfter(lastPacketAt.plus(idleTimeout));
        return expired ? Optional.empty() : Optional.of(handling);
    }

    /** The end of the stretch in which packets repeat the fate of the last one. */
    Instant steadyUntil(Instant horizon) {
        Instant end = horizon;
        if (spec.reopenEvery() != null && reopenAt(spec.reopenEvery()).isBefore(end)) {
            end = reopenAt(spec.reopenEvery());
        }
        if (blockedSince != null && mayGiveUp() && givesUpAt(blockedSince).isBefore(end)) {
            end = givesUpAt(blockedSince);
        }
        return end;
    }

    /** A persistent program starts its next connection when the time for it has come. */
    void reopenIfDue(Instant at) {
        if (spec.reopenEvery() != null && !at.isBefore(reopenAt(spec.reopenEvery()))) {
            startOver(at);
        }
    }

    void delivered(Verdict verdict, Instant at) {
        memory.clear();
        for (Leg leg : verdict.legs()) {
            memory.put(leg.eni().id(), leg.handling());
        }
        lastPacketAt = at;
        blockedSince = null;
        reason = verdict.reason();
        packets++;
        scheduleAfter(at);
    }

    void blocked(Verdict verdict, Instant at) {
        if (blockedSince == null) {
            blockedSince = at;
        }
        reason = verdict.reason();
        scheduleAfter(at);
        if (!at.isBefore(givesUpAt(blockedSince))) {
            giveUp(at, verdict);
        }
    }

    /** Packets at every keepalive up to a moment, with the same fate as the last one. */
    void repeatUntil(Instant end) {
        Duration keepalive = spec.keepalive();
        if (keepalive == null || nextPacketAt == null || nextPacketAt.isAfter(end)) {
            return;
        }
        long more = Duration.between(nextPacketAt, end).dividedBy(keepalive) + 1;
        Instant last = nextPacketAt.plus(keepalive.multipliedBy(more - 1));
        if (blockedSince == null) {
            lastPacketAt = last;
            packets += more;
        }
        nextPacketAt = last.plus(keepalive);
    }

    /** The host stopped: the connection is gone; a persistent program will connect anew. */
    void hostDown(Instant at, String why) {
        if (spec.persistent()) {
            startOver(at);
            blockedSince = blockedSince == null ? at : blockedSince;
            reason = why;
        } else {
            close(at, why);
        }
    }

    void close(Instant at, String why) {
        closedAt = at;
        reason = why;
        memory.clear();
    }

    private boolean mayGiveUp() {
        return !spec.persistent() || !memory.isEmpty();
    }

    private void giveUp(Instant at, Verdict verdict) {
        if (spec.persistent()) {
            startOver(at);
        } else {
            close(at, "the host gave up: " + verdict.reason());
        }
    }

    private void startOver(Instant at) {
        memory.clear();
        connectedAt = at;
    }

    private void scheduleAfter(Instant at) {
        nextPacketAt = spec.keepalive() == null ? null : at.plus(spec.keepalive());
    }

    private Instant reopenAt(Duration every) {
        return connectedAt.plus(every);
    }

    private static Instant givesUpAt(Instant since) {
        return since.plus(PATIENCE);
    }
}
