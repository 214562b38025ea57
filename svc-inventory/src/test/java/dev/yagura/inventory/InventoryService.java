package dev.yagura.inventory;

import dev.yagura.common.grpc.Callers;
import dev.yagura.common.grpc.GrpcClientConfig;
import dev.yagura.common.grpc.GrpcClients;
import dev.yagura.common.grpc.ServiceServer;
import dev.yagura.common.grpc.TlsContexts;
import dev.yagura.common.tls.CertificateAuthority;
import dev.yagura.common.tls.Pem;
import dev.yagura.proto.type.v1.AgentIdentity;
import dev.yagura.proto.type.v1.Principal;
import dev.yagura.proto.type.v1.PrincipalKind;
import dev.yagura.proto.type.v1.Role;
import dev.yagura.proto.type.v1.Scope;
import dev.yagura.testkit.PostgresFixture;
import dev.yagura.testkit.TestCertificates;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import io.helidon.microprofile.server.Server;
import jakarta.enterprise.inject.spi.CDI;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The whole service on real PostgreSQL and real sockets, one for this JVM. Tests keep apart by
 * accounts of their own.
 */
public final class InventoryService implements BeforeAllCallback {
    private static final ExtensionContext.Namespace NAMESPACE =
            ExtensionContext.Namespace.create(InventoryService.class);

    private static final List<String> CLEARED =
            List.of(
                    "asset",
                    "asset_agent",
                    "asset_tag",
                    "asset_relation",
                    "asset_reference",
                    "asset_version",
                    "scope_reading",
                    "managed_node",
                    "node_reading",
                    "patch_state",
                    "patch_reading",
                    "software_host",
                    "software_list",
                    "software_reading",
                    "detector_reading",
                    "account_fact",
                    "account_user",
                    "posture_version",
                    "posture_round",
                    "reconciliation",
                    "organization_account");

    private @Nullable Running running;

    /** What runs; stopped when the last test has run. */
    private static final class Running implements AutoCloseable {
        private final PostgresFixture postgres = PostgresFixture.of("inventory");
        private final ExtensionContext context;
        private final Server server;
        private final AwsSignatures aws = new AwsSignatures(2048);
        private final ManagedChannel gateway;
        private final ManagedChannel detection;

        Running(ExtensionContext context) throws Exception {
            this.context = context;
            postgres.beforeAll(context);
            Path folder = Files.createTempDirectory("inventory-test");
            TestCertificates certificates = new TestCertificates(folder, Clock.systemUTC());
            var own = certificates.service("inventory");
            CertificateAuthority agents =
                    CertificateAuthority.create(
                            "agents", TestClock.CLOCK.instant(), Duration.ofDays(3650));
            Path authority = folder.resolve("agents-ca.pem");
            Files.writeString(authority, Pem.encode(List.of(agents.certificate())));
            Pem.writePrivate(folder.resolve("agents-ca.key"), Pem.encode(agents.key()));
            postgres.settings().forEach(System::setProperty);
            System.setProperty("yagura.inventory.tls.certificate", own.certificate().toString());
            System.setProperty("yagura.inventory.tls.key", own.key().toString());
            System.setProperty(
                    "yagura.inventory.tls.authorities", certificates.authorityFile().toString());
            System.setProperty("yagura.inventory.ca.certificate", authority.toString());
            System.setProperty(
                    "yagura.inventory.ca.key", folder.resolve("agents-ca.key").toString());
            System.setProperty(
                    "yagura.inventory.enrollment.identity-certificates",
                    aws.folder(folder.resolve("aws"), "ap-northeast-1").toString());
            System.setProperty("yagura.inventory.heartbeat.write-interval", "PT0.05S");
            // Tests that want a round begin it.
            System.setProperty("yagura.inventory.posture.interval", "PT24H");
            System.setProperty("yagura.inventory.enrollment.wrong-tokens-per-minute", "100000");
            // What is not about GuardDuty need not read it; GuardDutyCoverageTest judges with it.
            System.setProperty("yagura.inventory.coverage.require-guardduty", "false");
            server = Server.builder().build().start();
            int port = CDI.current().select(ServiceServer.class).get().port();
            gateway = channel(certificates, "gateway", port);
            detection = channel(certificates, "detection", port);
        }

        private static ManagedChannel channel(TestCertificates certificates, String name, int port)
                throws Exception {
            return GrpcClients.channel(
                    new GrpcClientConfig(
                            List.of(InetSocketAddress.createUnresolved("localhost", port)),
                            Duration.ofSeconds(20)),
                    TlsContexts.client(certificates.service(name)));
        }

        @Override
        public void close() throws Exception {
            gateway.shutdownNow();
            detection.shutdownNow();
            server.stop();
            postgres.afterAll(context);
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        running =
                context.getRoot()
                        .getStore(NAMESPACE)
                        .computeIfAbsent(
                                Running.class,
                                key -> {
                                    try {
                                        return new Running(context);
                                    } catch (Exception e) {
                                        throw new IllegalStateException("cannot start", e);
                                    }
                                },
                                Running.class);
    }

    public <T> T bean(Class<T> type) {
        return CDI.current().select(type).get();
    }

    /** AWS, as the service knows it in ap-northeast-1. */
    public AwsSignatures aws() {
        return running().aws;
    }

    public PostgresFixture postgres() {
        return running().postgres;
    }

    /** Forgets every asset, and what was read or judged of them; agents and tokens stay. */
    public void clear() {
        postgres()
                .execute(
                        CLEARED.stream()
                                .map("DELETE FROM %s;"::formatted)
                                .collect(Collectors.joining(" ")));
    }

    /**
     * The transaction of PostgreSQL that wrote each row last.
     *
     * @param sql selects a name and xmin of each row
     */
    public Map<String, String> rowWriters(String sql, UUID... ids) {
        return postgres()
                .transactions()
                .query(connection -> {
                    try (PreparedStatement query = connection.prepareStatement(sql)) {
                        for (int i = 0; i < ids.length; i++) {
                            query.setObject(i + 1, ids[i]);
                        }
                        Map<String, String> writers = new TreeMap<>();
                        try (ResultSet row = query.executeQuery()) {
                            while (row.next()) {
                                writers.put(row.getString(1), row.getString(2));
                            }
                        }
                        return writers;
                    }
                });
    }

    /** What the service answers to whoever asks over HTTP if it is ready; fails if it is not. */
    public String ready() {
        URI address =
                URI.create("http://localhost:%d/health/ready".formatted(running().server.port()));
        try (InputStream answer = address.toURL().openStream()) {
            return new String(answer.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("the service is not ready", e);
        }
    }

    /** Calls through the gateway by an administrator of these accounts; none means all. */
    public Channel admin(String... accounts) {
        return as(
                Principal.newBuilder()
                        .setKind(PrincipalKind.PRINCIPAL_KIND_USER)
                        .setId("token-1")
                        .setRole(Role.ROLE_ADMIN)
                        .addAllAccountIds(Set.of(accounts))
                        .build());
    }

    public Channel anonymous() {
        return as(Principal.newBuilder().setId("anonymous").build());
    }

    public Channel agent(String agentId, String hostId, Scope scope) {
        return as(
                Principal.newBuilder()
                        .setKind(PrincipalKind.PRINCIPAL_KIND_AGENT)
                        .setId(agentId)
                        .setAgent(
                                AgentIdentity.newBuilder()
                                        .setAgentId(agentId)
                                        .setHostId(hostId)
                                        .setScope(scope))
                        .build());
    }

    /** The gateway's own calls. */
    public Channel gateway() {
        return as(
                Principal.newBuilder()
                        .setKind(PrincipalKind.PRINCIPAL_KIND_SERVICE)
                        .setId("gateway")
                        .build());
    }

    /** Another service, known by its certificate. */
    public Channel detection() {
        return running().detection;
    }

    private Channel as(Principal principal) {
        Metadata headers = new Metadata();
        headers.put(Callers.PRINCIPAL_HEADER, principal);
        return ClientInterceptors.intercept(
                running().gateway, MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    private Running running() {
        if (running == null) {
            throw new IllegalStateException("register with @RegisterExtension static");
        }
        return running;
    }
}
