package dev.yagura.gateway;

import static dev.yagura.gateway.Calls.await;
import static dev.yagura.gateway.Calls.code;
import static dev.yagura.gateway.Calls.failure;
import static dev.yagura.gateway.Calls.first;
import static dev.yagura.gateway.Calls.list;
import static dev.yagura.gateway.Calls.listAlerts;
import static dev.yagura.gateway.Calls.next;
import static dev.yagura.gateway.Calls.stalled;
import static dev.yagura.gateway.Calls.within;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.yagura.common.grpc.RemoteErrors;
import dev.yagura.gateway.RawCall.TelemetryCall;
import dev.yagura.gateway.RawCall.Watch;
import dev.yagura.proto.detection.v1.AlertServiceGrpc;
import dev.yagura.proto.detection.v1.GetAlertRequest;
import dev.yagura.proto.detection.v1.ListAlertsRequest;
import dev.yagura.proto.gateway.v1.CreateTokenResponse;
import dev.yagura.proto.ingest.v1.EventFeedServiceGrpc;
import dev.yagura.proto.ingest.v1.GetLogRequest;
import dev.yagura.proto.ingest.v1.StreamTelemetryRequest;
import dev.yagura.proto.ingest.v1.TelemetryBatch;
import dev.yagura.proto.type.v1.Principal;
import dev.yagura.proto.type.v1.PrincipalKind;
import dev.yagura.proto.type.v1.Role;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What passes between callers and services, and what does not. */
class GatewayForwardingTest {
    @RegisterExtension static final GatewayFixture GATEWAY = GatewayFixture.with(Map.of());

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
                        GATEWAY.as(GATEWAY.token(Role.ROLE_VIEWER, "111122223333")),
                        MetadataUtils.newAttachHeadersInterceptor(forged));

        assertThat(
                        AlertServiceGrpc.newBlockingStub(viewer)
                                .listAlerts(listAlerts())
                                .getNextPageToken())
                .isEqualTo("next");

        Principal seen = GATEWAY.services().caller(PrincipalKind.PRINCIPAL_KIND_USER);
        assertThat(seen.getKind()).isEqualTo(PrincipalKind.PRINCIPAL_KIND_USER);
        assertThat(seen.getRole()).isEqualTo(Role.ROLE_VIEWER);
        assertThat(seen.getAccountIdsList()).containsExactly("111122223333");
        assertThat(GATEWAY.services().headersWith("trace").keys())
                .contains("trace")
                .doesNotContain("authorization", "yagura-other");
    }

    @Test
    void saysThatAProgramCalls() throws Exception {
        CreateTokenResponse token = GATEWAY.automation(Role.ROLE_VIEWER);
        AlertServiceGrpc.newBlockingStub(GATEWAY.as(token)).listAlerts(listAlerts());

        assertThat(GATEWAY.services().caller(PrincipalKind.PRINCIPAL_KIND_AUTOMATION).getId())
                .isEqualTo(GatewayFixture.id(token));
        assertThat(token.getToken().getAutomation()).isTrue();
    }

    @Test
    void methodsOfTheInsideAndUnknownOnesAreNotThere() {
        Channel channel = GATEWAY.as(GATEWAY.admin());
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
                        AlertServiceGrpc.newBlockingStub(GATEWAY.as(GATEWAY.admin()))
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
                AlertServiceGrpc.newBlockingStub(GATEWAY.as(GATEWAY.admin()));
        alerts.withDeadlineAfter(60, TimeUnit.SECONDS).listAlerts(listAlerts());
        assertThat(GATEWAY.services().lastDeadlineMillis).isBetween(30_000L, 60_000L);

        assertThat(
                        code(() ->
                                alerts.withDeadlineAfter(300, TimeUnit.MILLISECONDS)
                                        .listAlerts(
                                                ListAlertsRequest.newBuilder()
                                                        .setPageToken("hang")
                                                        .build())))
                .isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        assertThat(GATEWAY.services().cancelled.await(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aCallerThatStopsReadingHoldsTheService() throws Exception {
        Watch watch = new Watch(GATEWAY.as(GATEWAY.admin()));
        watch.request(5);
        await(() -> watch.received.get() == 5);
        int sent = stalled(GATEWAY.services().alertsSent);

        // Two flow-control windows on each of two hops, and one message between them.
        assertThat(sent - 5).isLessThan(6 * 1024 * 1024 / FakeServices.ALERT_BYTES);
        assertThat(code(() -> list(GATEWAY.as(GATEWAY.admin())))).isEqualTo(Status.Code.OK);
        watch.request(100);
        await(() -> watch.received.get() == 105);
    }

    @Test
    void aServiceThatStopsTakingHoldsTheAgent() throws Exception {
        GATEWAY.services().batchesTaken.set(0);
        String agent = UUID.randomUUID().toString();
        Channel channel = GATEWAY.agents().admitted(agent);
        TelemetryCall call = new TelemetryCall(channel);
        var taking = next(GATEWAY.services().telemetry);
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
        assertThat(GATEWAY.services().batchesTaken.get()).isZero();

        taking.request(1_000);
        sender.join();
        await(() -> GATEWAY.services().batchesTaken.get() == 1_000);
    }

    @RepeatedTest(30)
    void refusesMessagesThatAreTooLarge() {
        StatusRuntimeException refused =
                failure(() ->
                        AlertServiceGrpc.newBlockingStub(GATEWAY.as(GATEWAY.admin()))
                                .listAlerts(
                                        ListAlertsRequest.newBuilder()
                                                .setPageToken("x".repeat(600_000))
                                                .build()));

        assertThat(refused.getStatus().getCode())
                .as(refused.getMessage())
                .isIn(Status.Code.RESOURCE_EXHAUSTED, Status.Code.CANCELLED);
    }

    @Test
    void reflectionDescribesWhatIsPublicAndNothingElse() throws Exception {
        CompletableFuture<ServerReflectionResponse> answer = new CompletableFuture<>();
        var requests =
                ServerReflectionGrpc.newStub(GATEWAY.as(GATEWAY.admin()))
                        .serverReflectionInfo(first(answer));
        requests.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
        assertThat(within(answer).getListServicesResponse().getServiceList())
                .extracting(service -> service.getName())
                .contains(
                        "yagura.detection.v1.AlertService",
                        "yagura.gateway.v1.TokenService",
                        "yagura.ingest.v1.TelemetryService")
                .doesNotContain(
                        "yagura.ingest.v1.EventFeedService",
                        "yagura.inventory.v1.AgentAdmissionService");

        CompletableFuture<ServerReflectionResponse> file = new CompletableFuture<>();
        var symbol =
                ServerReflectionGrpc.newStub(GATEWAY.as(GATEWAY.admin()))
                        .serverReflectionInfo(first(file));
        symbol.onNext(
                ServerReflectionRequest.newBuilder()
                        .setFileContainingSymbol("yagura.detection.v1.AlertService")
                        .build());
        assertThat(within(file).getFileDescriptorResponse().getFileDescriptorProtoCount())
                .isPositive();
        assertThat(
                        code(() -> {
                            CompletableFuture<ServerReflectionResponse> none =
                                    new CompletableFuture<>();
                            ServerReflectionGrpc.newStub(GATEWAY.anonymous())
                                    .serverReflectionInfo(first(none));
                            try {
                                within(none);
                            } catch (java.util.concurrent.ExecutionException e) {
                                throw (StatusRuntimeException) e.getCause();
                            } catch (Exception e) {
                                throw new AssertionError(e);
                            }
                        }))
                .isEqualTo(Status.Code.UNAUTHENTICATED);
    }

    @Test
    void reflectionSpeaksTheOlderProtocolToo() throws Exception {
        CompletableFuture<io.grpc.reflection.v1alpha.ServerReflectionResponse> answer =
                new CompletableFuture<>();
        var requests =
                io.grpc.reflection.v1alpha.ServerReflectionGrpc.newStub(GATEWAY.as(GATEWAY.admin()))
                        .serverReflectionInfo(first(answer));
        requests.onNext(
                io.grpc.reflection.v1alpha.ServerReflectionRequest.newBuilder()
                        .setListServices("")
                        .build());
        assertThat(within(answer).getListServicesResponse().getServiceList())
                .extracting(service -> service.getName())
                .contains("yagura.detection.v1.AlertService")
                .doesNotContain("yagura.ingest.v1.EventFeedService");
    }
}
