package dev.yagura.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.yagura.common.grpc.GrpcClientConfig;
import dev.yagura.common.grpc.GrpcClients;
import dev.yagura.common.grpc.RemoteErrors;
import dev.yagura.common.grpc.TlsContexts;
import dev.yagura.common.tls.CertificateAuthority;
import dev.yagura.common.tls.Pem;
import dev.yagura.common.tls.TlsFiles;
import dev.yagura.proto.detection.v1.AlertServiceGrpc;
import dev.yagura.proto.detection.v1.GetAlertRequest;
import dev.yagura.proto.detection.v1.ListAlertsRequest;
import dev.yagura.proto.detection.v1.WatchAlertsRequest;
import dev.yagura.proto.detection.v1.WatchAlertsResponse;
import dev.yagura.proto.gateway.v1.CreateTokenRequest;
import dev.yagura.proto.gateway.v1.CreateTokenResponse;
import dev.yagura.proto.gateway.v1.ListTokensRequest;
import dev.yagura.proto.gateway.v1.RevokeTokenRequest;
import dev.yagura.proto.gateway.v1.TokenServiceGrpc;
import dev.yagura.proto.ingest.v1.EventFeedServiceGrpc;
import dev.yagura.proto.ingest.v1.GetLogRequest;
import dev.yagura.proto.ingest.v1.StreamTelemetryRequest;
import dev.yagura.proto.ingest.v1.StreamTelemetryResponse;
import dev.yagura.proto.ingest.v1.TelemetryBatch;
import dev.yagura.proto.ingest.v1.TelemetryServiceGrpc;
import dev.yagura.proto.inventory.v1.Admission;
import dev.yagura.proto.inventory.v1.AgentServiceGrpc;
import dev.yagura.proto.inventory.v1.EnrollAgentRequest;
import dev.yagura.proto.response.v1.ActionServiceGrpc;
import dev.yagura.proto.response.v1.CreateActionRequest;
import dev.yagura.proto.type.v1.Principal;
import dev.yagura.proto.type.v1.PrincipalKind;
import dev.yagura.proto.type.v1.Role;
import dev.yagura.testkit.PostgresFixture;
import dev.yagura.testkit.TestCertificates;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.helidon.microprofile.server.Server;
import jakarta.enterprise.inject.spi.CDI;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.sql.ResultSet;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The whole gateway between real clients and played services, over TLS sockets. */
class GatewayTest {
    @RegisterExtension static final PostgresFixture POSTGRES = PostgresFixture.of("gateway");

    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private static @TempDir Path folder;
    private static TestCertificates certificates;
    private static FakeServices services;
    private static Server gateway;
    private static int port;
    private static String admin;

    private final List<ManagedChannel> open = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        certificates = new TestCertificates(folder, Clock.systemUTC());
        services = new FakeServices(certificates.service("behind"), 0);
        TlsFiles tls = certificates.service("gateway");
        POSTGRES.settings().forEach(System::setProperty);
        System.setProperty("server.port", "0");
        property("tls.certificate", tls.certificate().toString());
        property("tls.key", tls.key().toString());
        property("tls.authorities", certificates.authorityFile().toString());
        for (String service : List.of("ingest", "detection", "response", "inventory")) {
            property("client." + service + ".addresses", "localhost:" + services.port());
        }
        property("token.bootstrap-file", folder.resolve("tokens/admin").toString());
        property("limit.failed-attempts", "200");
        property("limit.principal-streams", "4");
        property("grpc.drain", "PT0.5S");
        gateway = Server.builder().build().start();
        port = CDI.current().select(GrpcGatewayServer.class).get().port();
        admin = Files.readString(folder.resolve("tokens/admin")).strip();
    }

    @AfterAll
    static void stop() {
        gateway.stop();
        services.close();
        System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith("yagura."))
                .forEach(System::clearProperty);
    }

    @BeforeEach
    void forget() {
        services.headers.clear();
        services.principals.clear();
        services.telemetry.clear();
    }

    @AfterEach
    void closeChannels() {
        open.forEach(ManagedChannel::shutdownNow);
    }

    @Test
    void forwardsAsThePrincipalOfTheTokenAndStripsWhatCallersSay() throws Exception {
        Metadata forged = new Metadata();
        forged.put(
                dev.yagura.common.grpc.Callers.PRINCIPAL_HEADER,
                Principal.newBuilder().setRole(Role.ROLE_ADMIN).setId("forged").build());
        forged.put(Metadata.Key.of("yagura-other", Metadata.ASCII_STRING_MARSHALLER), "x");
        forged.put(Metadata.Key.of("trace", Metadata.ASCII_STRING_MARSHALLER), "kept");
        Channel viewer =
                ClientInterceptors.intercept(
                        as(token(Role.ROLE_VIEWER, "111122223333").getSecret()),
                        MetadataUtils.newAttachHeadersInterceptor(forged));

        assertThat(
                        AlertServiceGrpc.newBlockingStub(viewer)
                                .listAlerts(listAlerts())
                                .getNextPageToken())
                .isEqualTo("next");

        Principal seen = seen(PrincipalKind.PRINCIPAL_KIND_USER);
        assertThat(seen.getKind()).isEqualTo(PrincipalKind.PRINCIPAL_KIND_USER);
        assertThat(seen.getRole()).isEqualTo(Role.ROLE_VIEWER);
        assertThat(seen.getAccountIdsList()).containsExactly("111122223333");
        assertThat(seenHeaders("trace").keys())
                .contains("trace")
                .doesNotContain("authorization", "yagura-other");
    }

    @Test
    void eachRoleMayDoItsOwnAndNotMore() {
        for (Role role :
                List.of(
                        Role.ROLE_VIEWER,
                        Role.ROLE_ANALYST,
                        Role.ROLE_RESPONDER,
                        Role.ROLE_ADMIN)) {
            Channel channel = as(token(role).getSecret());
            AlertServiceGrpc.newBlockingStub(channel).listAlerts(listAlerts());
            assertThat(
                            code(() ->
                                    ActionServiceGrpc.newBlockingStub(channel)
                                            .createAction(
                                                    CreateActionRequest.getDefaultInstance())))
                    .isEqualTo(
                            role.getNumber() >= Role.ROLE_RESPONDER_VALUE
                                    ? Status.Code.OK
                                    : Status.Code.PERMISSION_DENIED);
            assertThat(
                            code(() ->
                                    TokenServiceGrpc.newBlockingStub(channel)
                                            .listTokens(ListTokensRequest.getDefaultInstance())))
                    .isEqualTo(
                            role == Role.ROLE_ADMIN
                                    ? Status.Code.OK
                                    : Status.Code.PERMISSION_DENIED);
        }
    }

    @Test
    void refusesNoTokenAndWrongTokensAndExpiredOnes() throws Exception {
        CreateTokenResponse expired =
                tokens().createToken(
                                tokenRequest(Role.ROLE_VIEWER)
                                        .setTtl(
                                                com.google.protobuf.Duration.newBuilder()
                                                        .setSeconds(1))
                                        .build());
        assertThat(code(() -> list(channel()))).isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(code(() -> list(as("nonsense")))).isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(code(() -> list(as(admin.substring(0, admin.length() - 4) + "AAAA"))))
                .isEqualTo(Status.Code.UNAUTHENTICATED);
        await(() -> code(() -> list(as(expired.getSecret()))) == Status.Code.UNAUTHENTICATED);
    }

    @Test
    void aRevokedTokenEndsItsStreams() throws Exception {
        CreateTokenResponse token = token(Role.ROLE_VIEWER);
        Watch watch = new Watch(as(token.getSecret()));
        watch.request(1);
        await(() -> watch.received.get() == 1);

        tokens().revokeToken(
                        RevokeTokenRequest.newBuilder()
                                .setName(token.getToken().getName())
                                .build());

        // The stream is stalled: the end is behind what is buffered for it.
        watch.request(Integer.MAX_VALUE);
        assertThat(watch.closed.get(10, TimeUnit.SECONDS).getCode())
                .isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(code(() -> list(as(token.getSecret())))).isEqualTo(Status.Code.UNAUTHENTICATED);
    }

    @Test
    void aRevocationByAnotherGatewayIsHeard() throws Exception {
        CreateTokenResponse token = token(Role.ROLE_VIEWER);
        list(as(token.getSecret()));
        UUID id = UUID.fromString(token.getToken().getName().substring("tokens/".length()));

        POSTGRES.execute(
                """
                UPDATE token SET revoked_at = now() WHERE id = '%s';
                UPDATE feed_head SET head = head + 1 WHERE feed = 'tokens';
                INSERT INTO feed_change (feed, number, key)
                    SELECT 'tokens', head, '%s' FROM feed_head WHERE feed = 'tokens';
                """
                        .formatted(id, id));

        await(() -> code(() -> list(as(token.getSecret()))) == Status.Code.UNAUTHENTICATED);
    }

    @Test
    void anyoneMayEnrolWithoutProof() throws Exception {
        assertThat(
                        AgentServiceGrpc.newBlockingStub(channel())
                                .enrollAgent(EnrollAgentRequest.getDefaultInstance())
                                .getAgentId())
                .isEqualTo("new");
        Principal seen = seen(PrincipalKind.PRINCIPAL_KIND_UNSPECIFIED);
        assertThat(seen.getKind()).isEqualTo(PrincipalKind.PRINCIPAL_KIND_UNSPECIFIED);
        assertThat(seen.getId()).isEqualTo("anonymous");
    }

    @Test
    void methodsOfTheInsideAndUnknownOnesAreNotThere() {
        Channel channel = as(admin);
        assertThat(
                        code(() ->
                                EventFeedServiceGrpc.newBlockingStub(channel)
                                        .getLog(GetLogRequest.getDefaultInstance())))
                .isEqualTo(Status.Code.UNIMPLEMENTED);
        var unknown =
                AlertServiceGrpc.getListAlertsMethod().toBuilder()
                        .setFullMethodName("yagura.Nothing/Nothing")
                        .build();
        assertThat(
                        code(() ->
                                ClientCalls.blockingUnaryCall(
                                        channel, unknown, CallOptions.DEFAULT, listAlerts())))
                .isEqualTo(Status.Code.UNIMPLEMENTED);
    }

    @Test
    void errorDetailsOfTheServicePass() {
        StatusRuntimeException error =
                failure(() ->
                        AlertServiceGrpc.newBlockingStub(as(admin))
                                .getAlert(
                                        GetAlertRequest.newBuilder().setName("alerts/x").build()));
        assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
        assertThat(RemoteErrors.reason(error)).contains("NOT_FOUND");
        assertThat(Objects.requireNonNull(StatusProto.fromThrowable(error)).getDetailsCount())
                .isEqualTo(2);
    }

    @Test
    void deadlineAndCancellationPass() throws Exception {
        AlertServiceGrpc.AlertServiceBlockingStub alerts =
                AlertServiceGrpc.newBlockingStub(as(admin));
        alerts.withDeadlineAfter(60, TimeUnit.SECONDS).listAlerts(listAlerts());
        assertThat(services.lastDeadlineMillis).isBetween(30_000L, 60_000L);

        assertThat(
                        code(() ->
                                alerts.withDeadlineAfter(300, TimeUnit.MILLISECONDS)
                                        .listAlerts(
                                                ListAlertsRequest.newBuilder()
                                                        .setPageToken("hang")
                                                        .build())))
                .isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        assertThat(services.cancelled.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aCallerThatStopsReadingHoldsTheService() throws Exception {
        Watch watch = new Watch(as(admin));
        watch.request(5);
        await(() -> watch.received.get() == 5);
        int sent = stalled(services.alertsSent);

        // Two flow-control windows on each of two hops, and one message between them.
        assertThat(sent - 5).isLessThan(6 * 1024 * 1024 / FakeServices.ALERT_BYTES);
        assertThat(code(() -> list(as(admin)))).isEqualTo(Status.Code.OK);
        watch.request(100);
        await(() -> watch.received.get() == 105);
    }

    @Test
    void aServiceThatStopsTakingHoldsTheAgent() throws Exception {
        services.batchesTaken.set(0);
        String agent = UUID.randomUUID().toString();
        Channel channel = agentChannel(agent, Instant.now().minus(Duration.ofHours(1)), true);
        TelemetryCall call = new TelemetryCall(channel);
        var taking = services.telemetry.poll(10, TimeUnit.SECONDS);
        StreamTelemetryRequest batch =
                StreamTelemetryRequest.newBuilder()
                        .setBatch(
                                TelemetryBatch.newBuilder()
                                        .setEvents(ByteString.copyFrom(new byte[64 * 1024])))
                        .build();
        AtomicInteger sent = new AtomicInteger();
        Thread sender =
                Thread.ofVirtual()
                        .start(() -> {
                            while (sent.get() < 1_000) {
                                if (call.call.isReady()) {
                                    call.call.sendMessage(batch);
                                    sent.incrementAndGet();
                                } else {
                                    LockSupport.parkNanos(1_000_000);
                                }
                            }
                        });

        assertThat(stalled(sent)).isLessThan(6 * 1024 * 1024 / (64 * 1024));
        assertThat(services.batchesTaken.get()).isZero();

        taking.request(1_000);
        sender.join();
        await(() -> services.batchesTaken.get() == 1_000);
    }

    @Test
    void anAgentIsKnownByItsCertificateAndItsRevocationEndsItsStreams() throws Exception {
        String agent = UUID.randomUUID().toString();
        Channel channel = agentChannel(agent, Instant.now().minus(Duration.ofHours(1)), true);
        TelemetryCall call = new TelemetryCall(channel);
        assertThat(services.telemetry.poll(10, TimeUnit.SECONDS)).isNotNull();
        Principal seen = seen(PrincipalKind.PRINCIPAL_KIND_AGENT);
        assertThat(seen.getKind()).isEqualTo(PrincipalKind.PRINCIPAL_KIND_AGENT);
        assertThat(seen.getAgent().getHostId()).isEqualTo("host-of-" + agent);
        assertThat(code(() -> list(channel))).isEqualTo(Status.Code.PERMISSION_DENIED);

        services.admit(
                Objects.requireNonNull(services.admissions.get(agent)).toBuilder()
                        .setRevoked(true)
                        .build());

        assertThat(call.closed.get(10, TimeUnit.SECONDS).getCode())
                .isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(new TelemetryCall(channel).closed.get(10, TimeUnit.SECONDS).getCode())
                .isEqualTo(Status.Code.UNAUTHENTICATED);
    }

    @Test
    void unknownAgentsAreRefusedAndNewOnesWait() throws Exception {
        Channel old =
                agentChannel(
                        "old-" + UUID.randomUUID(),
                        Instant.now().minus(Duration.ofHours(1)),
                        false);
        assertThat(new TelemetryCall(old).closed.get(10, TimeUnit.SECONDS).getCode())
                .isEqualTo(Status.Code.UNAUTHENTICATED);
        Channel fresh = agentChannel("new-" + UUID.randomUUID(), Instant.now(), false);
        assertThat(new TelemetryCall(fresh).closed.get(10, TimeUnit.SECONDS).getCode())
                .isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(new TelemetryCall(as(admin)).closed.get(10, TimeUnit.SECONDS).getCode())
                .isEqualTo(Status.Code.UNAUTHENTICATED);
    }

    @Test
    void certificatesThatAreOverOrOfAnotherAuthorityDoNotConnect() throws Exception {
        KeyPair pair = CertificateAuthority.newKeyPair();
        TlsFiles over =
                files(
                        "over",
                        pair,
                        certificates
                                .authority()
                                .issueAgent(
                                        "over",
                                        pair.getPublic(),
                                        Instant.now().minus(Duration.ofDays(2)),
                                        Duration.ofDays(1)));
        TlsFiles foreign =
                files(
                        "foreign",
                        pair,
                        CertificateAuthority.create("foreign", Instant.now(), Duration.ofDays(1))
                                .issueAgent(
                                        "foreign",
                                        pair.getPublic(),
                                        Instant.now(),
                                        Duration.ofDays(1)));
        for (TlsFiles tls : List.of(over, foreign)) {
            Channel channel = open(tls);
            assertThat(
                            code(() ->
                                    AlertServiceGrpc.newBlockingStub(channel)
                                            .withDeadlineAfter(10, TimeUnit.SECONDS)
                                            .listAlerts(listAlerts())))
                    .isEqualTo(Status.Code.UNAVAILABLE);
        }
    }

    @Test
    void limitsTheStreamsOfAPrincipal() throws Exception {
        Channel channel = as(token(Role.ROLE_VIEWER).getSecret());
        for (int i = 0; i < 4; i++) {
            Watch watch = new Watch(channel);
            watch.request(1);
            await(() -> watch.received.get() == 1);
        }
        Watch tooMany = new Watch(channel);
        assertThat(tooMany.closed.get(10, TimeUnit.SECONDS).getCode())
                .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(
                        RemoteErrors.reason(
                                new StatusRuntimeException(tooMany.closed.get(), tooMany.trailers)))
                .contains("LIMIT_EXCEEDED");
    }

    @Test
    void refusesMessagesThatAreTooLarge() {
        assertThat(
                        code(() ->
                                AlertServiceGrpc.newBlockingStub(as(admin))
                                        .listAlerts(
                                                ListAlertsRequest.newBuilder()
                                                        .setPageToken("x".repeat(600_000))
                                                        .build())))
                .isIn(Status.Code.RESOURCE_EXHAUSTED, Status.Code.CANCELLED);
    }

    @Test
    void reflectionDescribesWhatIsPublicAndNothingElse() throws Exception {
        CompletableFuture<ServerReflectionResponse> answer = new CompletableFuture<>();
        var requests = ServerReflectionGrpc.newStub(as(admin)).serverReflectionInfo(first(answer));
        requests.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
        assertThat(answer.get(10, TimeUnit.SECONDS).getListServicesResponse().getServiceList())
                .extracting(service -> service.getName())
                .contains(
                        "yagura.detection.v1.AlertService",
                        "yagura.gateway.v1.TokenService",
                        "yagura.ingest.v1.TelemetryService")
                .doesNotContain(
                        "yagura.ingest.v1.EventFeedService",
                        "yagura.inventory.v1.AgentAdmissionService");

        CompletableFuture<ServerReflectionResponse> file = new CompletableFuture<>();
        var symbol = ServerReflectionGrpc.newStub(as(admin)).serverReflectionInfo(first(file));
        symbol.onNext(
                ServerReflectionRequest.newBuilder()
                        .setFileContainingSymbol("yagura.detection.v1.AlertService")
                        .build());
        assertThat(
                        file.get(10, TimeUnit.SECONDS)
                                .getFileDescriptorResponse()
                                .getFileDescriptorProtoCount())
                .isPositive();
        assertThat(
                        code(() -> {
                            CompletableFuture<ServerReflectionResponse> none =
                                    new CompletableFuture<>();
                            ServerReflectionGrpc.newStub(channel())
                                    .serverReflectionInfo(first(none));
                            try {
                                none.get(10, TimeUnit.SECONDS);
                            } catch (java.util.concurrent.ExecutionException e) {
                                throw (StatusRuntimeException) e.getCause();
                            } catch (Exception e) {
                                throw new AssertionError(e);
                            }
                        }))
                .isEqualTo(Status.Code.UNAUTHENTICATED);
    }

    @Test
    void writesEveryCallAndTheRoleOfTheGatewayCannotRewrite() {
        CreateTokenResponse responder = token(Role.ROLE_RESPONDER);
        ActionServiceGrpc.newBlockingStub(as(responder.getSecret()))
                .createAction(CreateActionRequest.getDefaultInstance());
        assertThat(
                        code(() ->
                                tokens(as(responder.getSecret()))
                                        .listTokens(ListTokensRequest.getDefaultInstance())))
                .isEqualTo(Status.Code.PERMISSION_DENIED);
        String id = responder.getToken().getName().substring("tokens/".length());

        await(() -> audit(id).size() == 3);
        assertThat(audit(id))
                .containsExactlyInAnyOrder(
                        "BEGAN yagura.response.v1.ActionService/CreateAction  ",
                        "ENDED yagura.response.v1.ActionService/CreateAction OK ",
                        "REFUSED yagura.gateway.v1.TokenService/ListTokens PERMISSION_DENIED"
                                + " PERMISSION_DENIED");
        assertThatThrownBy(() ->
                        POSTGRES.transactions()
                                .query(connection ->
                                        connection
                                                .createStatement()
                                                .executeUpdate("DELETE FROM audit_entry")))
                .hasStackTraceContaining("permission denied");
    }

    @Test
    void writesTheBootstrapTokenForItsUserOnly() throws Exception {
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(folder.resolve("tokens/admin"))))
                .isEqualTo("rw-------");
    }

    /** Of this kind: ends of other tests' calls may come late. */
    private static Principal seen(PrincipalKind kind) throws InterruptedException {
        while (true) {
            Principal next = Objects.requireNonNull(services.principals.poll(10, TimeUnit.SECONDS));
            if (next.getKind() == kind) {
                return next;
            }
        }
    }

    private static Metadata seenHeaders(String withKey) throws InterruptedException {
        while (true) {
            Metadata next = Objects.requireNonNull(services.headers.poll(10, TimeUnit.SECONDS));
            if (next.keys().contains(withKey)) {
                return next;
            }
        }
    }

    private static void property(String key, String value) {
        System.setProperty("yagura.gateway." + key, value);
    }

    private static List<String> audit(String principal) {
        return POSTGRES.transactions()
                .query(connection -> {
                    List<String> rows = new ArrayList<>();
                    try (var query =
                            connection.prepareStatement(
                                    "SELECT event, method, status, reason FROM audit_entry WHERE principal_id = ?")) {
                        query.setString(1, principal);
                        ResultSet found = query.executeQuery();
                        while (found.next()) {
                            rows.add(
                                    String.join(
                                            " ",
                                            found.getString(1),
                                            found.getString(2),
                                            found.getString(3),
                                            found.getString(4)));
                        }
                    }
                    return rows;
                });
    }

    private Channel agentChannel(String agent, Instant from, boolean admitted) throws Exception {
        KeyPair pair = CertificateAuthority.newKeyPair();
        if (admitted) {
            byte[] hash =
                    java.security.MessageDigest.getInstance("SHA-256")
                            .digest(pair.getPublic().getEncoded());
            services.admit(
                    Admission.newBuilder()
                            .setAgentId(agent)
                            .setHostId("host-of-" + agent)
                            .setPublicKeySha256(HexFormat.of().formatHex(hash))
                            .build());
        }
        Channel channel =
                open(
                        files(
                                agent,
                                pair,
                                certificates
                                        .authority()
                                        .issueAgent(
                                                agent,
                                                pair.getPublic(),
                                                from,
                                                Duration.ofDays(1))));
        if (admitted) {
            await(() -> code(() -> list(channel)) == Status.Code.PERMISSION_DENIED);
        }
        return channel;
    }

    private static TlsFiles files(
            String name, KeyPair pair, java.security.cert.X509Certificate certificate)
            throws Exception {
        Path file = folder.resolve(name + ".pem");
        Path key = folder.resolve(name + ".key");
        Files.writeString(file, Pem.encode(List.of(certificate)));
        Pem.writePrivate(key, Pem.encode(pair.getPrivate()));
        return new TlsFiles(file, key, List.of(certificates.authorityFile()));
    }

    private ManagedChannel open(TlsFiles tls) throws Exception {
        return opened(TlsContexts.client(tls));
    }

    private ManagedChannel channel() {
        try {
            return opened(TlsContexts.clientWithoutCertificate(certificates.authorityFile()));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private ManagedChannel opened(io.netty.handler.ssl.SslContext tls) {
        ManagedChannel channel =
                GrpcClients.forwarding(
                        new GrpcClientConfig(
                                List.of(InetSocketAddress.createUnresolved("localhost", port)),
                                Duration.ofSeconds(20)),
                        tls);
        open.add(channel);
        return channel;
    }

    private Channel as(String secret) {
        Metadata headers = new Metadata();
        headers.put(AUTHORIZATION, "Bearer " + secret);
        return ClientInterceptors.intercept(
                channel(), MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    private TokenServiceGrpc.TokenServiceBlockingStub tokens() {
        return tokens(as(admin));
    }

    private static TokenServiceGrpc.TokenServiceBlockingStub tokens(Channel channel) {
        return TokenServiceGrpc.newBlockingStub(channel);
    }

    private CreateTokenResponse token(Role role, String... accounts) {
        return tokens().createToken(tokenRequest(role).addAllAccountIds(List.of(accounts)).build());
    }

    private static CreateTokenRequest.Builder tokenRequest(Role role) {
        return CreateTokenRequest.newBuilder().setDisplayName("test").setRole(role);
    }

    private static ListAlertsRequest listAlerts() {
        return ListAlertsRequest.getDefaultInstance();
    }

    private static void list(Channel channel) {
        assertThat(AlertServiceGrpc.newBlockingStub(channel).listAlerts(listAlerts())).isNotNull();
    }

    private static Status.Code code(Runnable call) {
        try {
            call.run();
            return Status.Code.OK;
        } catch (StatusRuntimeException e) {
            return e.getStatus().getCode();
        }
    }

    private static StatusRuntimeException failure(Runnable call) {
        try {
            call.run();
        } catch (StatusRuntimeException e) {
            return e;
        }
        throw new AssertionError("the call succeeded");
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(15);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited too long").isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    /** Waits until nothing was counted for a while. */
    private static int stalled(AtomicInteger counter) {
        int before = -1;
        int unchanged = 0;
        while (unchanged < 30) {
            int now = counter.get();
            unchanged = now == before ? unchanged + 1 : 0;
            before = now;
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
        return before;
    }

    private static <T> io.grpc.stub.StreamObserver<T> first(CompletableFuture<T> answer) {
        return new io.grpc.stub.StreamObserver<>() {
            @Override
            public void onNext(T value) {
                answer.complete(value);
            }

            @Override
            public void onError(Throwable error) {
                answer.completeExceptionally(error);
            }

            @Override
            public void onCompleted() {
                // The first answer is what counts.
            }
        };
    }

    /** A raw call that reads only what it asked for. */
    private abstract static class RawCall<Q, S> extends ClientCall.Listener<S> {
        final ClientCall<Q, S> call;
        final AtomicInteger received = new AtomicInteger();
        final CompletableFuture<Status> closed = new CompletableFuture<>();
        Metadata trailers = new Metadata();

        RawCall(Channel channel, MethodDescriptor<Q, S> method) {
            call = channel.newCall(method, CallOptions.DEFAULT);
        }

        void request(int count) {
            call.request(count);
        }

        @Override
        public void onMessage(S message) {
            received.incrementAndGet();
        }

        @Override
        public void onClose(Status status, Metadata received) {
            trailers = received;
            closed.complete(status);
        }
    }

    private static final class Watch extends RawCall<WatchAlertsRequest, WatchAlertsResponse> {
        Watch(Channel channel) {
            super(channel, AlertServiceGrpc.getWatchAlertsMethod());
            call.start(this, new Metadata());
            call.sendMessage(WatchAlertsRequest.getDefaultInstance());
            call.halfClose();
        }
    }

    private static final class TelemetryCall
            extends RawCall<StreamTelemetryRequest, StreamTelemetryResponse> {
        TelemetryCall(Channel channel) {
            super(channel, TelemetryServiceGrpc.getStreamTelemetryMethod());
            call.start(this, new Metadata());
            call.request(1);
        }
    }
}
