package dev.yagura.ingest.telemetry;

import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** One bucket an agent, over all its streams to this process. */
final class AgentRates {
    private final long eventsPerSecond;
    private final LongSupplier nanoTime;
    private final ConcurrentHashMap<String, Shared> buckets = new ConcurrentHashMap<>();

    private record Shared(TokenBucket bucket, int streams) {}

    AgentRates(long eventsPerSecond, LongSupplier nanoTime) {
        this.eventsPerSecond = eventsPerSecond;
        this.nanoTime = nanoTime;
    }

    /** The agent's bucket, until {@link #release}. */
    TokenBucket acquire(String agentId) {
        return buckets.compute(
                        agentId,
                        (id, shared) ->
                                shared == null
                                        ? new Shared(new TokenBucket(eventsPerSecond, nanoTime), 1)
                                        : new Shared(shared.bucket(), shared.streams() + 1))
                .bucket();
    }

    /** Once for each acquire. */
    void release(String agentId) {
        buckets.computeIfPresent(
                agentId,
                (id, shared) ->
                        shared.streams() == 1
                                ? null
                                : new Shared(shared.bucket(), shared.streams() - 1));
    }
}
