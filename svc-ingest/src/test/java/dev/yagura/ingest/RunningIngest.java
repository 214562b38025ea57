package dev.yagura.ingest;

import dev.yagura.common.grpc.Callers;
import dev.yagura.common.grpc.GrpcClientConfig;
import dev.yagura.common.grpc.GrpcClients;
import dev.yagura.common.grpc.ServiceServer;
import dev.yagura.common.grpc.TlsContexts;
import dev.yagura.common.tls.TlsFiles;
import dev.yagura.proto.type.v1.AgentIdentity;
import dev.yagura.proto.type.v1.Principal;
import dev.yagura.proto.type.v1.PrincipalKind;
import dev.yagura.proto.type.v1.Role;
import dev.yagura.testkit.TestCertificates;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import io.helidon.microprofile.server.Server;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.spi.CDI;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The whole service in this JVM, behind mutual TLS. */
public final class RunningIngest implements AutoCloseable {
    private final Server server;
    private final ManagedChannel gateway;
    private final ManagedChannel detection;
    private final ManagedChannel other;

    public RunningIngest(Path folder, Map<String, String> settings) throws Exception {
        TestCertificates certificates = new TestCertificates(folder, Clock.systemUTC());
        TlsFiles own = certificates.service("ingest");
        // A disk that stalls for seconds, as those of build machines do, is no outage here.
        System.setProperty("yagura.ingest.log.timeout", "PT60S");
        settings.forEach(System::setProperty);
        System.setProperty("yagura.ingest.tls.certificate", own.certificate().toString());
        System.setProperty("yagura.ingest.tls.key", own.key().toString());
        System.setProperty(
                "yagura.ingest.tls.authorities", certificates.authorityFile().toString());
        System.setProperty("server.port", "0");
        server = Server.builder().build().start();
        int port = CDI.current().select(ServiceServer.class, Any.Literal.INSTANCE).get().port();
        gateway = channel(certificates.service("gateway"), port);
        detection = channel(certificates.service("detection"), port);
        other = channel(certificates.service("response"), port);
    }

    private static ManagedChannel channel(TlsFiles files, int port) throws Exception {
        GrpcClientConfig config =
                new GrpcClientConfig(
                        List.of(InetSocketAddress.createUnresolved("localhost", port)),
                        Duration.ofSeconds(10));
        return GrpcClients.channel(config, TlsContexts.client(files));
    }

    /** A bean of the service. */
    public <T> T bean(Class<T> type) {
        return CDI.current().select(type, Any.Literal.INSTANCE).get();
    }

    public int httpPort() {
        return server.port();
    }

    /** As the gateway calls for an agent. */
    public Channel asAgent(AgentIdentity agent) {
        return as(
                Principal.newBuilder()
                        .setKind(PrincipalKind.PRINCIPAL_KIND_AGENT)
                        .setId(agent.getAgentId())
                        .setAgent(agent)
                        .build());
    }

    /** As the gateway calls for a person; no accounts mean all. */
    public Channel asUser(String... accounts) {
        return as(
                Principal.newBuilder()
                        .setKind(PrincipalKind.PRINCIPAL_KIND_USER)
                        .setId("user-1")
                        .setRole(Role.ROLE_VIEWER)
                        .addAllAccountIds(List.of(accounts))
                        .build());
    }

    /** As detection calls. */
    public Channel asService() {
        return detection;
    }

    /** As a service calls that is not detection. */
    public Channel asOtherService() {
        return other;
    }

    private Channel as(Principal principal) {
        Metadata headers = new Metadata();
        headers.put(Callers.PRINCIPAL_HEADER, principal);
        return ClientInterceptors.intercept(
                gateway, MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    @Override
    public void close() {
        gateway.shutdownNow();
        detection.shutdownNow();
        other.shutdownNow();
        server.stop();
        System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith("yagura."))
                .forEach(System::clearProperty);
    }
}
