package dev.yagura.gateway;

import dev.yagura.common.grpc.GrpcClientConfig;
import dev.yagura.common.grpc.GrpcClients;
import dev.yagura.common.grpc.TlsContexts;
import dev.yagura.common.tls.TlsFiles;
import dev.yagura.proto.gateway.v1.CreateTokenRequest;
import dev.yagura.proto.gateway.v1.CreateTokenResponse;
import dev.yagura.proto.gateway.v1.TokenServiceGrpc;
import dev.yagura.proto.type.v1.Role;
import dev.yagura.testkit.PostgresFixture;
import dev.yagura.testkit.TestCertificates;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import io.helidon.microprofile.server.Server;
import io.netty.handler.ssl.SslContext;
import jakarta.enterprise.inject.spi.CDI;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The whole gateway of a test class, between real clients and played services, over TLS sockets.
 *
 * <pre>{@code
 * @RegisterExtension static final GatewayFixture GATEWAY = GatewayFixture.with(Map.of());
 * }</pre>
 */
final class GatewayFixture
        implements BeforeAllCallback, AfterAllCallback, BeforeEachCallback, AfterEachCallback {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    /** Wide enough that the tests of one class do not meet the limits of each other. */
    private static final Map<String, String> SETTINGS =
            Map.of(
                    "limit.failed-attempts", "200",
                    "limit.principal-streams", "4",
                    "grpc.drain", "PT0.5S");

    private final PostgresFixture postgres = PostgresFixture.of("gateway");
    private final Map<String, String> settings = new HashMap<>(SETTINGS);
    private final boolean wired;
    private final List<ManagedChannel> open = new ArrayList<>();
    private @Nullable Path folder;
    private @Nullable TestCertificates certificates;
    private @Nullable FakeServices services;
    private @Nullable Wire servicesWire;
    private @Nullable Wire databaseWire;
    private @Nullable Server server;
    private int port;
    private int restPort;
    private String admin = "";

    private GatewayFixture(Map<String, String> settings, boolean wired) {
        this.settings.putAll(settings);
        this.wired = wired;
    }

    /** With these settings, without "yagura.gateway.", over those of all tests. */
    static GatewayFixture with(Map<String, String> settings) {
        return new GatewayFixture(settings, false);
    }

    /** Like {@link #with}; wires to the services and to the database can be cut. */
    static GatewayFixture wired(Map<String, String> settings) {
        return new GatewayFixture(settings, true);
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        postgres.beforeAll(context);
        folder = Files.createTempDirectory("yagura-gateway");
        certificates = new TestCertificates(folder, Clock.systemUTC());
        services = new FakeServices(certificates.service("behind"));
        configure(certificates.service("gateway"));
        server = Server.builder().build().start();
        port = CDI.current().select(GrpcGatewayServer.class).get().port();
        restPort = CDI.current().select(GrpcGatewayServer.class).get().restPort();
        admin = Files.readString(bootstrapFile()).strip();
    }

    private void configure(TlsFiles tls) throws IOException {
        postgres.settings().forEach(System::setProperty);
        int servicesPort = services().port();
        if (wired) {
            servicesWire = new Wire("localhost", servicesPort);
            servicesPort = servicesWire.port();
            URI database = URI.create(postgres.config().url().substring("jdbc:".length()));
            databaseWire = new Wire(database.getHost(), database.getPort());
            property(
                    "database.url",
                    "jdbc:postgresql://127.0.0.1:" + databaseWire.port() + database.getPath());
        }
        System.setProperty("server.port", "0");
        property("tls.certificate", tls.certificate().toString());
        property("tls.key", tls.key().toString());
        property("tls.authorities", certificates().authorityFile().toString());
        for (String service : List.of("ingest", "detection", "response", "inventory")) {
            property("client." + service + ".addresses", "localhost:" + servicesPort);
        }
        property("token.bootstrap-file", bootstrapFile().toString());
        settings.forEach(GatewayFixture::property);
    }

    private static void property(String key, String value) {
        System.setProperty("yagura.gateway." + key, value);
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        services().forget();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        open.forEach(ManagedChannel::shutdownNow);
        open.clear();
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        stop();
        for (AutoCloseable part :
                Stream.of(servicesWire, databaseWire, services).filter(Objects::nonNull).toList()) {
            part.close();
        }
        System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith("yagura.gateway."))
                .forEach(System::clearProperty);
        if (folder != null) {
            remove(folder);
        }
        postgres.afterAll(context);
    }

    private static void remove(Path folder) throws IOException {
        List<Path> deepestFirst;
        try (Stream<Path> paths = Files.walk(folder)) {
            deepestFirst = paths.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : deepestFirst) {
            Files.delete(path);
        }
    }

    /** Stops the gateway, now rather than after the class. */
    void stop() {
        if (server != null) {
            server.stop();
            server = null;
        }
    }

    PostgresFixture postgres() {
        return postgres;
    }

    FakeServices services() {
        return Objects.requireNonNull(services);
    }

    /** Between the gateway and the services. */
    Wire servicesWire() {
        return Objects.requireNonNull(servicesWire);
    }

    /** Between the gateway and PostgreSQL. */
    Wire databaseWire() {
        return Objects.requireNonNull(databaseWire);
    }

    AgentClients agents() {
        return new AgentClients(this, certificates(), Objects.requireNonNull(folder));
    }

    /** Of the JSON API, "https://localhost:1234". */
    URI rest() {
        return URI.create("https://localhost:" + restPort);
    }

    /** Whom clients are to believe. */
    Path authorityFile() {
        return certificates().authorityFile();
    }

    private TestCertificates certificates() {
        return Objects.requireNonNull(certificates);
    }

    /** Where the gateway wrote the first admin's token. */
    Path bootstrapFile() {
        return Objects.requireNonNull(folder).resolve("tokens/admin");
    }

    /** The first admin's token. */
    String admin() {
        return admin;
    }

    /** Connected by TLS, with no proof of who calls. */
    Channel anonymous() {
        try {
            return open(TlsContexts.clientWithoutCertificate(certificates().authorityFile()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Connected with a client certificate. */
    Channel open(TlsFiles tls) throws Exception {
        return open(TlsContexts.client(tls));
    }

    private Channel open(SslContext tls) {
        ManagedChannel channel =
                GrpcClients.forwarding(
                        new GrpcClientConfig(
                                List.of(InetSocketAddress.createUnresolved("localhost", port)),
                                Duration.ofSeconds(20)),
                        tls);
        open.add(channel);
        return channel;
    }

    /** Connected as who shows this token. */
    Channel as(String secret) {
        Metadata headers = new Metadata();
        headers.put(AUTHORIZATION, "Bearer " + secret);
        return ClientInterceptors.intercept(
                anonymous(), MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    Channel as(CreateTokenResponse token) {
        return as(token.getSecret());
    }

    /** The service of tokens, as the first admin. */
    TokenServiceGrpc.TokenServiceBlockingStub tokens() {
        return TokenServiceGrpc.newBlockingStub(as(admin));
    }

    /** A new token; no accounts mean all. */
    CreateTokenResponse token(Role role, String... accounts) {
        return tokens().createToken(
                        CreateTokenRequest.newBuilder()
                                .setDisplayName("test")
                                .setRole(role)
                                .addAllAccountIds(List.of(accounts))
                                .build());
    }

    /** The same for a program. */
    CreateTokenResponse automation(Role role) {
        return tokens().createToken(
                        CreateTokenRequest.newBuilder()
                                .setDisplayName("soar")
                                .setRole(role)
                                .setAutomation(true)
                                .build());
    }

    /** What the audit says of a token's calls: event, method, status and reason of each. */
    List<String> audit(CreateTokenResponse token) {
        return ofAudit("concat_ws(' ', event, method, status, reason)", token);
    }

    /** Where the audit says that a token's calls came from. */
    List<String> peers(CreateTokenResponse token) {
        return ofAudit("peer", token);
    }

    private List<String> ofAudit(String column, CreateTokenResponse token) {
        return postgres.transactions()
                .query(connection -> {
                    List<String> rows = new ArrayList<>();
                    try (var query =
                            connection.prepareStatement(
                                    "SELECT "
                                            + column
                                            + " FROM audit_entry WHERE principal_id = ?")) {
                        query.setString(1, id(token));
                        var found = query.executeQuery();
                        while (found.next()) {
                            rows.add(found.getString(1));
                        }
                    }
                    return rows;
                });
    }

    static String id(CreateTokenResponse token) {
        return token.getToken().getName().substring("tokens/".length());
    }
}
