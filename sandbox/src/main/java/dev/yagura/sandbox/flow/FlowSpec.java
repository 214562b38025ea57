package dev.yagura.sandbox.flow;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a connection behaves.
 *
 * @param label for people, for example "beacon"
 * @param keepalive time between packets; null if it is silent until {@link FlowTable#sendPacket}
 * @param persistent the program connects anew whenever it can, also after a restart of the host
 * @param reopenEvery how long a persistent program keeps one connection before it opens the next
 */
public record FlowSpec(
        String label,
        Connection connection,
        @Nullable Duration keepalive,
        boolean persistent,
        @Nullable Duration reopenEvery) {
    public FlowSpec {
        if (keepalive != null && (keepalive.isNegative() || keepalive.isZero())) {
            throw new IllegalArgumentException("keepalive must be positive: " + keepalive);
        }
        if (reopenEvery != null && (reopenEvery.isNegative() || reopenEvery.isZero())) {
            throw new IllegalArgumentException("reopenEvery must be positive: " + reopenEvery);
        }
    }
}
