package dev.yagura.gateway;

import dev.yagura.common.config.Settings;
import dev.yagura.common.grpc.ErrorInterceptor;
import dev.yagura.common.grpc.GrpcServer;
import dev.yagura.common.grpc.GrpcServerConfig;
import dev.yagura.common.grpc.ServiceServer;
import dev.yagura.common.grpc.TlsContexts;
import dev.yagura.common.tls.TlsFiles;
import dev.yagura.gateway.access.AccessRule;
import dev.yagura.gateway.access.AccessTable;
import dev.yagura.gateway.admission.AgentAdmissions;
import dev.yagura.gateway.guard.Gate;
import dev.yagura.gateway.guard.GuardInterceptor;
import dev.yagura.gateway.proxy.ForwardingRegistry;
import dev.yagura.gateway.proxy.ProxyConfig;
import dev.yagura.gateway.rest.HttpTable;
import dev.yagura.gateway.rest.LocalCalls;
import dev.yagura.gateway.rest.RestConfig;
import dev.yagura.gateway.rest.RestServer;
import dev.yagura.gateway.stream.OpenCalls;
import dev.yagura.gateway.token.TokenCatalog;
import dev.yagura.gateway.token.TokenEndpoint;
import io.grpc.ServerInterceptor;
import io.netty.handler.ssl.ClientAuth;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Default;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The public ports. Streams of agents run on the transport's threads: their guard looks at memory
 * only and their relay hands bytes on, so a hop would be the larger part of the work. Everything
 * else may wait (for a token, for the audit) and runs on virtual threads.
 */
@ApplicationScoped
@Readiness
@Default
public class GrpcGatewayServer implements HealthCheck {
    private static final Logger LOG = LoggerFactory.getLogger(GrpcGatewayServer.class);
    private static final long SWEEP_MILLIS = 500;

    private final Gate gate;
    private final TokenCatalog tokens;
    private final OpenCalls calls;
    private final AgentAdmissions agents;
    private final GrpcServerConfig config;
    private final TlsFiles tls;
    private final ProxyConfig proxyConfig;
    private final RestConfig restConfig;
    private final ScheduledExecutorService sweeper =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("call-sweep").factory());
    private @Nullable GrpcServer server;
    private @Nullable ForwardingRegistry registry;
    private @Nullable LocalCalls localCalls;
    private @Nullable RestServer rest;

    @Inject
    GrpcGatewayServer(
            Gate gate,
            TokenCatalog tokens,
            OpenCalls calls,
            AgentAdmissions agents,
            Settings settings) {
        this.gate = gate;
        this.tokens = tokens;
        this.calls = calls;
        this.agents = agents;
        this.config = GrpcServerConfig.from(settings);
        this.tls = TlsFiles.from(settings);
        this.proxyConfig = ProxyConfig.from(settings);
        this.restConfig = RestConfig.from(settings);
    }

    void start(
            @Observes @Priority(ServiceServer.START_PRIORITY) @Initialized(ApplicationScoped.class)
                    Object event)
            throws IOException {
        AccessTable access = gate.access();
        registry = new ForwardingRegistry(access, proxyConfig, TlsContexts.client(tls));
        List<TokenEndpoint> services = List.of(new TokenEndpoint(tokens));
        server =
                new GrpcServer(
                                config,
                                TlsContexts.server(tls, ClientAuth.OPTIONAL),
                                new GrpcServer.Parts(
                                        services,
                                        guarded(GuardInterceptor.ofSockets(gate)),
                                        registry,
                                        method -> mayBlock(access, method)))
                        .start();
        localCalls =
                new LocalCalls(services, guarded(GuardInterceptor.ofLocalCalls(gate)), registry);
        rest =
                new RestServer(
                        restConfig, TlsContexts.https(tls), HttpTable.complete(access), localCalls);
        sweeper.scheduleWithFixedDelay(
                this::sweep, SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** The outer one is for the guard's own failures. */
    private static List<ServerInterceptor> guarded(GuardInterceptor guard) {
        return List.of(new ErrorInterceptor(), guard, new ErrorInterceptor());
    }

    void stop(@Observes @Priority(1) @BeforeDestroyed(ApplicationScoped.class) Object event) {
        if (server != null) {
            server.beginDrain();
            calls.terminateStreams();
            server.close();
        }
        if (rest != null) {
            rest.close();
        }
        if (localCalls != null) {
            localCalls.close();
        }
        sweeper.shutdownNow();
        if (registry != null) {
            registry.close();
        }
    }

    /** Port that the server listens on; 0 when it does not run. */
    public int port() {
        return server == null ? 0 : server.port();
    }

    /** Port of the JSON API; 0 when it does not run. */
    public int restPort() {
        return rest == null ? 0 : rest.port();
    }

    @Override
    public HealthCheckResponse call() {
        boolean serving = server != null && server.isServing();
        return HealthCheckResponse.named("gateway")
                .status(serving)
                .withData("port", port())
                .withData("rest-port", restPort())
                .withData("agents-known", agents.isCurrent())
                .build();
    }

    private void sweep() {
        try {
            calls.terminateExpired();
            agents.closeWhenTooLongAway();
        } catch (RuntimeException e) {
            // The executor would never sweep again.
            LOG.atError().setCause(e).log("cannot end calls whose time is over; trying again");
        }
    }

    private static boolean mayBlock(AccessTable access, String method) {
        return access.rule(method).filter(AccessRule.Agents.class::isInstance).isEmpty();
    }
}
