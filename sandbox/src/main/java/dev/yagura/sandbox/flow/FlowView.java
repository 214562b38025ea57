package dev.yagura.sandbox.flow;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A connection as the control API shows it.
 *
 * @param state {@code alive}, {@code blocked} or {@code closed}: what would happen to a packet now
 * @param direction seen from the instance asked about
 * @param lastPacketAt the last packet that was answered
 * @param reason the rule, route or state that decides now
 * @param memory interface id to {@code TRACKED} or {@code UNTRACKED}
 */
public record FlowView(
        String id,
        String label,
        String state,
        String direction,
        String protocol,
        String source,
        int sourcePort,
        String destination,
        int destinationPort,
        boolean persistent,
        Instant openedAt,
        @Nullable Instant lastPacketAt,
        @Nullable Instant blockedSince,
        @Nullable Instant closedAt,
        long packets,
        String reason,
        Map<String, String> memory) {}
