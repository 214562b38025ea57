package dev.yagura.gateway.rest;

import dev.yagura.gateway.guard.GrpcPeerHeader;
import dev.yagura.gateway.proxy.RawMethods;
import io.grpc.BindableService;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.HandlerRegistry;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerInterceptor;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * The gateway's methods, called from within: the same guard, the same handlers, no socket. Who
 * calls is told by headers, which only this server believes.
 */
public final class LocalCalls implements AutoCloseable {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private static final long DEADLINE_SECONDS = 30;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Server server;
    private final ManagedChannel channel;

    /**
     * Who calls.
     *
     * @param authorization as sent; empty for none
     */
    record Caller(InetSocketAddress peer, String authorization) {}

    /**
     * Starts.
     *
     * @param interceptors the first is the outer one
     */
    public LocalCalls(
            List<? extends BindableService> services,
            List<? extends ServerInterceptor> interceptors,
            HandlerRegistry others)
            throws IOException {
        String name = InProcessServerBuilder.generateName();
        InProcessServerBuilder builder =
                InProcessServerBuilder.forName(name)
                        .executor(threads)
                        .fallbackHandlerRegistry(others);
        services.forEach(builder::addService);
        // The builder runs the interceptor added last first.
        interceptors.reversed().forEach(builder::intercept);
        this.server = builder.build().start();
        this.channel = InProcessChannelBuilder.forName(name).executor(threads).build();
    }

    /**
     * One request, one answer.
     *
     * @throws StatusRuntimeException what the guard or the method says
     */
    byte[] unary(HttpRule rule, Caller caller, byte[] request) {
        return ClientCalls.blockingUnaryCall(
                as(caller),
                RawMethods.of(rule.method()),
                CallOptions.DEFAULT.withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS),
                request);
    }

    /**
     * One request, many answers; ends when it is cancelled.
     *
     * @throws StatusException cannot be begun
     */
    BlockingClientCall<byte[], byte[]> stream(HttpRule rule, Caller caller, byte[] request)
            throws InterruptedException, StatusException {
        return ClientCalls.blockingV2ServerStreamingCall(
                as(caller), RawMethods.of(rule.method()), CallOptions.DEFAULT, request);
    }

    private Channel as(Caller caller) {
        Metadata headers = new Metadata();
        headers.put(GrpcPeerHeader.KEY, caller.peer());
        if (!caller.authorization().isEmpty()) {
            headers.put(AUTHORIZATION, caller.authorization());
        }
        return ClientInterceptors.intercept(
                channel, MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    @Override
    public void close() {
        channel.shutdownNow();
        server.shutdownNow();
        threads.shutdownNow();
    }
}
