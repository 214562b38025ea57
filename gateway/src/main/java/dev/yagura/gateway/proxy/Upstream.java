package dev.yagura.gateway.proxy;

import dev.yagura.common.grpc.GrpcClientConfig;
import dev.yagura.common.grpc.GrpcClients;
import io.grpc.ManagedChannel;
import io.netty.handler.ssl.SslContext;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Connections to one service. A connection has one flow-control window for all of its streams, as
 * large as that of each (grpc-java sets both alike), so one receiver that stops reading can hold up
 * every other call on it. Hence three kinds: short calls share one channel, each stream of a person
 * or program has a channel of its own while it lasts, and the many streams of agents are spread
 * over a few channels, which only the service itself can hold up.
 */
final class Upstream implements AutoCloseable {
    /** A channel for one call; {@code release} gives it back. */
    record Lease(ManagedChannel channel, Runnable release) {}

    private final String name;
    private final int maxIdle;
    private final Supplier<ManagedChannel> maker;
    private final ManagedChannel shortCalls;
    private final List<ManagedChannel> agents = new ArrayList<>();
    private final Deque<ManagedChannel> idle = new ArrayDeque<>();
    private final Set<ManagedChannel> leased = new HashSet<>();
    private boolean closed;

    Upstream(String name, GrpcClientConfig client, SslContext tls, ProxyConfig config) {
        this.name = "svc-" + name;
        this.maxIdle = config.idleStreamConnections();
        this.maker = () -> GrpcClients.forwarding(client, tls);
        this.shortCalls = maker.get();
        for (int i = 0; i < config.agentConnections(); i++) {
            agents.add(maker.get());
        }
    }

    /** For people: "svc-ingest". */
    String name() {
        return name;
    }

    Lease shortCall() {
        return new Lease(shortCalls, () -> {});
    }

    /** Streams of one agent share a channel. */
    Lease agentStream(String agentId) {
        return new Lease(agents.get(Math.floorMod(agentId.hashCode(), agents.size())), () -> {});
    }

    Lease stream() {
        ManagedChannel channel;
        synchronized (idle) {
            channel = idle.isEmpty() ? maker.get() : idle.pop();
            leased.add(channel);
        }
        return new Lease(channel, () -> release(channel));
    }

    private void release(ManagedChannel channel) {
        synchronized (idle) {
            leased.remove(channel);
            if (!closed && idle.size() < maxIdle) {
                idle.push(channel);
                return;
            }
        }
        channel.shutdown();
    }

    @Override
    public void close() {
        shortCalls.shutdownNow();
        agents.forEach(ManagedChannel::shutdownNow);
        List<ManagedChannel> streams;
        synchronized (idle) {
            closed = true;
            streams = new ArrayList<>(idle);
            streams.addAll(leased);
            idle.clear();
        }
        streams.forEach(ManagedChannel::shutdownNow);
    }
}
