package dev.yagura.common.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.rpc.BadRequest;
import dev.yagura.common.error.DependencyUnavailableException;
import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.common.error.PositionLostException;
import dev.yagura.common.error.YaguraException;
import dev.yagura.proto.ingest.v1.CommitPositionRequest;
import dev.yagura.proto.ingest.v1.CommitPositionResponse;
import dev.yagura.proto.ingest.v1.EventFeedServiceGrpc;
import dev.yagura.proto.ingest.v1.GetLogRequest;
import dev.yagura.proto.ingest.v1.GetLogResponse;
import dev.yagura.proto.type.v1.Principal;
import dev.yagura.proto.type.v1.PrincipalKind;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.netty.handler.ssl.ClientAuth;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GrpcServerTest {
    private final List<AutoCloseable> open = new ArrayList<>();
    private @TempDir Path folder;
    private TestPeers peers;
    private final ProbeService probe = new ProbeService();

    @BeforeEach
    void makePeers() throws Exception {
        peers = new TestPeers(folder);
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable resource : open.reversed()) {
            resource.close();
        }
    }

    @Test
    void servesAServicePeerOnAVirtualThreadAsItself() throws Exception {
        GetLogResponse answer =
                feed(start(probe), "detection").getLog(GetLogRequest.getDefaultInstance());

        assertThat(answer.getIncarnation()).isEqualTo("detection virtual=true");
    }

    @Test
    void believesThePrincipalOfTheGatewayOnly() throws Exception {
        GrpcServer server = start(probe);
        Metadata headers = new Metadata();
        headers.put(
                Callers.PRINCIPAL_HEADER,
                Principal.newBuilder()
                        .setId("user-1")
                        .setKind(PrincipalKind.PRINCIPAL_KIND_USER)
                        .build());
        var attach = MetadataUtils.newAttachHeadersInterceptor(headers);

        assertThat(
                        feed(server, "gateway")
                                .withInterceptors(attach)
                                .getLog(request())
                                .getIncarnation())
                .startsWith("user-1 ");
        assertThat(
                        feed(server, "response")
                                .withInterceptors(attach)
                                .getLog(request())
                                .getIncarnation())
                .startsWith("response ");
        assertThatThrownBy(() -> feed(server, "gateway").getLog(request()))
                .hasMessageContaining("UNAUTHENTICATED");
    }

    @Test
    void refusesAgentsAndStrangers() throws Exception {
        GrpcServer server = start(probe);
        var asAgent =
                EventFeedServiceGrpc.newBlockingStub(
                        channel(TlsContexts.client(peers.agent("a-1")), server.port()));
        var asStranger =
                EventFeedServiceGrpc.newBlockingStub(
                        channel(
                                TlsContexts.clientWithoutCertificate(folder.resolve("ca.pem")),
                                server.port()));

        assertThatThrownBy(() -> asAgent.getLog(request())).hasMessageContaining("UNAUTHENTICATED");
        assertThatThrownBy(() -> asStranger.getLog(request())).hasMessageContaining("UNAVAILABLE");
    }

    @Test
    void answersExpectedErrorsWithDetails() throws Exception {
        probe.answer =
                () -> {
                    throw new InvalidFieldException(
                            "filter.host_id", "is no UUID", "copy it from assets");
                };

        StatusRuntimeException error = failure(start(probe));

        assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(RemoteErrors.reason(error)).contains("INVALID_FIELD");
        assertThat(
                        Objects.requireNonNull(StatusProto.fromThrowable(error))
                                .getDetails(1)
                                .unpack(BadRequest.class))
                .satisfies(request ->
                        assertThat(request.getFieldViolations(0).getField())
                                .isEqualTo("filter.host_id"));
    }

    @Test
    void findsTheExpectedErrorInsideAWrapper() throws Exception {
        probe.answer =
                () -> {
                    throw new IllegalStateException(new PositionLostException("beyond the tail"));
                };

        StatusRuntimeException error = failure(start(probe));

        assertThat(RemoteErrors.translate("svc-ingest", error))
                .isInstanceOf(PositionLostException.class)
                .hasMessage("beyond the tail");
    }

    @Test
    void hidesTheUnforeseenBehindAnId() throws Exception {
        probe.answer =
                () -> {
                    throw new IllegalStateException("password=secret");
                };

        StatusRuntimeException error = failure(start(probe));

        assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.INTERNAL);
        assertThat(error).hasMessageContaining("internal error ");
        assertThat(error).message().doesNotContain("secret");
    }

    @Test
    void answersHealth() throws Exception {
        GrpcServer server = start(probe);
        var health =
                HealthGrpc.newBlockingStub(
                        channel(TlsContexts.client(peers.service("detection")), server.port()));

        assertThat(health.check(HealthCheckRequest.getDefaultInstance()).getStatus())
                .isEqualTo(HealthCheckResponse.ServingStatus.SERVING);
    }

    @Test
    void namesThePortThatIsTaken() throws Exception {
        GrpcServer server = start(probe);
        GrpcServerConfig taken =
                new GrpcServerConfig(
                        "localhost",
                        server.port(),
                        1024,
                        Duration.ofSeconds(1),
                        Duration.ofHours(1));

        assertThatThrownBy(() -> start(taken, probe))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("localhost:" + server.port())
                .hasMessageContaining("set another grpc.port");
    }

    @Test
    void balancesOverAllAddressesAndSurvivesOne() throws Exception {
        ProbeService other = new ProbeService();
        GrpcServer first = start(probe);
        GrpcServer second = start(other);
        var stub =
                EventFeedServiceGrpc.newBlockingStub(
                        channel(
                                TlsContexts.client(peers.service("detection")),
                                first.port(),
                                second.port()));
        while (probe.calls.get() == 0 || other.calls.get() == 0) {
            stub.withDeadlineAfter(10, TimeUnit.SECONDS).getLog(request());
        }

        first.close();

        assertThat(stub.withDeadlineAfter(10, TimeUnit.SECONDS).getLog(request()).getIncarnation())
                .startsWith("detection ");
    }

    @Test
    void translatesAnAbsentServer() throws Exception {
        GrpcServer server = start(probe);
        int port = server.port();
        server.close();
        var stub =
                EventFeedServiceGrpc.newBlockingStub(
                        channel(TlsContexts.client(peers.service("detection")), port));

        assertThatThrownBy(() -> stub.getLog(request()))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        error ->
                                assertThat(RemoteErrors.translate("svc-ingest", error))
                                        .isInstanceOf(DependencyUnavailableException.class)
                                        .isInstanceOf(YaguraException.class));
    }

    private StatusRuntimeException failure(GrpcServer server) throws Exception {
        var stub = feed(server, "detection");
        try {
            stub.getLog(request());
        } catch (StatusRuntimeException e) {
            return e;
        }
        throw new AssertionError("the call succeeded");
    }

    private GrpcServer start(ProbeService service) throws Exception {
        return start(TestPeers.serverConfig(), service);
    }

    private GrpcServer start(GrpcServerConfig config, ProbeService service) throws Exception {
        GrpcServer server =
                new GrpcServer(
                        config,
                        TlsContexts.server(peers.service("ingest"), ClientAuth.REQUIRE),
                        new GrpcServer.Parts(
                                List.of(service),
                                List.of(new ErrorInterceptor(), new PrincipalInterceptor()),
                                null));
        open.add(server);
        return server.start();
    }

    private EventFeedServiceGrpc.EventFeedServiceBlockingStub feed(GrpcServer server, String as)
            throws Exception {
        return EventFeedServiceGrpc.newBlockingStub(
                channel(TlsContexts.client(peers.service(as)), server.port()));
    }

    private ManagedChannel channel(io.netty.handler.ssl.SslContext tls, int... ports) {
        ManagedChannel channel = GrpcClients.channel(TestPeers.clientConfig(ports), tls);
        open.add(channel::shutdownNow);
        return channel;
    }

    private static GetLogRequest request() {
        return GetLogRequest.getDefaultInstance();
    }

    /** Answers who called and on what thread. */
    private static final class ProbeService extends EventFeedServiceGrpc.EventFeedServiceImplBase {
        final AtomicInteger calls = new AtomicInteger();
        volatile Supplier<String> answer =
                () -> Callers.current().id() + " virtual=" + Thread.currentThread().isVirtual();

        @Override
        public void getLog(GetLogRequest request, StreamObserver<GetLogResponse> observer) {
            calls.incrementAndGet();
            Replies.unary(
                    observer,
                    () -> GetLogResponse.newBuilder().setIncarnation(answer.get()).build());
        }

        @Override
        public void commitPosition(
                CommitPositionRequest request, StreamObserver<CommitPositionResponse> observer) {
            Replies.unary(observer, CommitPositionResponse::getDefaultInstance);
        }
    }
}
