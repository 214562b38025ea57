package dev.yagura.common.grpc;

import dev.yagura.common.config.Settings;
import dev.yagura.common.tls.TlsFiles;
import io.grpc.BindableService;
import io.helidon.metrics.api.Metrics;
import io.netty.handler.ssl.ClientAuth;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.context.control.RequestContextController;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Default;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.jspecify.annotations.Nullable;

/**
 * The gRPC server of a service: every {@link BindableService} bean, behind mutual TLS. Starts after
 * migrations, stops first; a service without such beans (the gateway) has its own server.
 */
@ApplicationScoped
@Readiness
@Default
public class ServiceServer implements HealthCheck {
    /** Migrations and other preparation observe the same event with a lower number. */
    public static final int START_PRIORITY = 10_000;

    /** For threads of a service: after the server has its port, so that a failed start ends. */
    public static final int AFTER_START_PRIORITY = 11_000;

    private final Instance<BindableService> services;
    private final Instance<RequestContextController> scopes;
    private final Event<DrainStarted> drainStarted;
    private final GrpcServerConfig config;
    private final TlsFiles tls;
    private @Nullable GrpcServer server;

    /** Fired when the service begins to stop: open streams tell their peers and end. */
    public record DrainStarted() {}

    @Inject
    ServiceServer(
            @Any Instance<BindableService> services,
            Instance<RequestContextController> scopes,
            Event<DrainStarted> drainStarted,
            Settings settings) {
        this.services = services;
        this.scopes = scopes;
        this.drainStarted = drainStarted;
        this.config = GrpcServerConfig.from(settings);
        this.tls = TlsFiles.from(settings);
    }

    void start(
            @Observes @Priority(START_PRIORITY) @Initialized(ApplicationScoped.class) Object event)
            throws IOException {
        List<BindableService> handlers = services.stream().toList();
        if (handlers.isEmpty()) {
            return;
        }
        server =
                new GrpcServer(
                                config,
                                TlsContexts.server(tls, ClientAuth.REQUIRE),
                                new GrpcServer.Parts(
                                        handlers,
                                        List.of(
                                                new CallMetricsInterceptor(
                                                        Metrics.globalRegistry()),
                                                new ErrorInterceptor(),
                                                new PrincipalInterceptor(),
                                                new RequestScopeInterceptor(scopes)),
                                        null))
                        .start();
    }

    void stop(@Observes @Priority(1) @BeforeDestroyed(ApplicationScoped.class) Object event) {
        drainStarted.fire(new DrainStarted());
        if (server != null) {
            server.close();
        }
    }

    /** Port that the server listens on; 0 when it does not run. */
    public int port() {
        return server == null ? 0 : server.port();
    }

    /** Ready while it serves; a service with its own server has a check of its own. */
    @Override
    public HealthCheckResponse call() {
        boolean serving = services.isUnsatisfied() || (server != null && server.isServing());
        return HealthCheckResponse.named("grpc").status(serving).withData("port", port()).build();
    }
}
