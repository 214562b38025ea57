package dev.yagura.common.grpc;

import dev.yagura.common.log.LogKeys;
import io.grpc.BindableService;
import io.grpc.HandlerRegistry;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallExecutorSupplier;
import io.grpc.ServerInterceptor;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionService;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * grpc-java's Netty server with this platform's rules: executor per method, mutual TLS, health and
 * reflection, size limits, keepalive, a stop that lets open calls end.
 */
public final class GrpcServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GrpcServer.class);
    private static final int FLOW_CONTROL_WINDOW = 1024 * 1024;
    private static final int MAX_METADATA_BYTES = 16 * 1024;

    private final GrpcServerConfig config;
    private final HealthStatusManager health = new HealthStatusManager();
    private final ExecutorService virtualThreads =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("grpc-", 0).factory());
    private final Server server;
    private int port;

    /**
     * What a server is made of.
     *
     * @param services handlers; those marked {@link DirectCallbacks} run on the transport's thread
     * @param interceptors outermost first
     * @param fallback methods of no service, for a proxy; null answers UNIMPLEMENTED
     * @param onVirtualThreads full names of other methods whose interceptors and callbacks may
     *     block; the rest of them runs on the transport's thread
     */
    public record Parts(
            List<? extends BindableService> services,
            List<? extends ServerInterceptor> interceptors,
            @Nullable HandlerRegistry fallback,
            Predicate<String> onVirtualThreads) {
        public Parts {
            services = List.copyOf(services);
            interceptors = List.copyOf(interceptors);
        }

        /** Everything but the services runs on the transport's thread. */
        public Parts(
                List<? extends BindableService> services,
                List<? extends ServerInterceptor> interceptors,
                @Nullable HandlerRegistry fallback) {
            this(services, interceptors, fallback, method -> false);
        }
    }

    public GrpcServer(GrpcServerConfig config, SslContext tls, Parts parts) {
        this.config = config;
        NettyServerBuilder builder =
                NettyServerBuilder.forAddress(new InetSocketAddress(config.host(), config.port()))
                        .sslContext(tls)
                        .directExecutor()
                        .maxInboundMessageSize(config.maxMessageBytes())
                        .maxInboundMetadataSize(MAX_METADATA_BYTES)
                        .flowControlWindow(FLOW_CONTROL_WINDOW)
                        .permitKeepAliveTime(10, TimeUnit.SECONDS)
                        .permitKeepAliveWithoutCalls(true)
                        .keepAliveTime(60, TimeUnit.SECONDS)
                        .keepAliveTimeout(20, TimeUnit.SECONDS)
                        .maxConnectionAge(
                                config.maxConnectionAge().toMillis(), TimeUnit.MILLISECONDS)
                        .maxConnectionAgeGrace(config.drain().toMillis(), TimeUnit.MILLISECONDS)
                        .addService(health.getHealthService())
                        .addService(ProtoReflectionServiceV1.newInstance())
                        .addService(olderReflection());
        Set<String> direct = new HashSet<>();
        for (BindableService service : parts.services()) {
            var definition = service.bindService();
            if (isDirect(service)) {
                direct.add(definition.getServiceDescriptor().getName());
            }
            builder.addService(definition);
        }
        if (parts.fallback() != null) {
            builder.fallbackHandlerRegistry(parts.fallback());
        }
        // The builder runs the interceptor added last first.
        parts.interceptors().reversed().forEach(builder::intercept);
        Set<String> onVirtualThreads = new HashSet<>();
        parts.services().stream()
                .map(service -> service.bindService().getServiceDescriptor().getName())
                .filter(name -> !direct.contains(name))
                .forEach(onVirtualThreads::add);
        builder.callExecutor(
                new PerMethodExecutor(
                        Set.copyOf(onVirtualThreads), parts.onVirtualThreads(), virtualThreads));
        this.server = builder.build();
    }

    /** The protocol before v1, which many clients still speak, Python's among them. */
    @SuppressWarnings("deprecation")
    private static BindableService olderReflection() {
        return ProtoReflectionService.newInstance();
    }

    /**
     * Starts to listen.
     *
     * @throws IOException when the port is taken; the text names the port
     */
    public GrpcServer start() throws IOException {
        try {
            server.start();
        } catch (IOException e) {
            throw new IOException(
                    "cannot listen on "
                            + config.host()
                            + ":"
                            + config.port()
                            + " ("
                            + rootMessage(e)
                            + "); stop what uses the port or set another grpc.port",
                    e);
        }
        port = server.getPort();
        LOG.atInfo()
                .addKeyValue(LogKeys.ADDRESS, config.host())
                .addKeyValue(LogKeys.PORT, port)
                .log("gRPC server listens");
        return this;
    }

    /** Port that it listens on, also after it stopped; 0 before the start. */
    public int port() {
        return port;
    }

    public boolean isServing() {
        return !server.isShutdown();
    }

    /** New calls are refused and clients told to go elsewhere; open calls go on. */
    public void beginDrain() {
        health.enterTerminalState();
        server.shutdown();
    }

    /** New calls are refused, open ones may end within the drain time, then they are cut. */
    @Override
    public void close() {
        beginDrain();
        try {
            if (!server.awaitTermination(config.drain().toMillis(), TimeUnit.MILLISECONDS)) {
                server.shutdownNow().awaitTermination(2, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        }
        virtualThreads.shutdownNow();
    }

    private static boolean isDirect(BindableService service) {
        for (Class<?> type = service.getClass(); type != null; type = type.getSuperclass()) {
            if (type.isAnnotationPresent(DirectCallbacks.class)) {
                return true; // CDI proxies are subclasses of the bean
            }
        }
        return false;
    }

    private static String rootMessage(Throwable error) {
        Throwable cause = error;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage());
    }

    private record PerMethodExecutor(
            Set<String> virtualServices, Predicate<String> virtualMethods, Executor virtualThreads)
            implements ServerCallExecutorSupplier {
        @Override
        public <Q, S> @Nullable Executor getExecutor(ServerCall<Q, S> call, Metadata metadata) {
            String service = call.getMethodDescriptor().getServiceName();
            boolean mayBlock =
                    (service != null && virtualServices.contains(service))
                            || virtualMethods.test(call.getMethodDescriptor().getFullMethodName());
            return mayBlock ? virtualThreads : null;
        }
    }
}
