package dev.yagura.gateway;

import dev.yagura.common.error.NotFoundException;
import dev.yagura.common.error.UnauthenticatedException;
import dev.yagura.common.grpc.Callers;
import dev.yagura.common.grpc.ErrorInterceptor;
import dev.yagura.common.grpc.GrpcServer;
import dev.yagura.common.grpc.GrpcServerConfig;
import dev.yagura.common.grpc.Replies;
import dev.yagura.common.grpc.ServerStreams;
import dev.yagura.common.grpc.TlsContexts;
import dev.yagura.common.tls.TlsFiles;
import dev.yagura.proto.detection.v1.Alert;
import dev.yagura.proto.detection.v1.AlertServiceGrpc;
import dev.yagura.proto.detection.v1.GetAlertRequest;
import dev.yagura.proto.detection.v1.ListAlertsRequest;
import dev.yagura.proto.detection.v1.ListAlertsResponse;
import dev.yagura.proto.detection.v1.WatchAlertsRequest;
import dev.yagura.proto.detection.v1.WatchAlertsResponse;
import dev.yagura.proto.ingest.v1.StreamTelemetryRequest;
import dev.yagura.proto.ingest.v1.StreamTelemetryResponse;
import dev.yagura.proto.ingest.v1.TelemetryServiceGrpc;
import dev.yagura.proto.inventory.v1.Admission;
import dev.yagura.proto.inventory.v1.AgentAdmissionServiceGrpc;
import dev.yagura.proto.inventory.v1.AgentServiceGrpc;
import dev.yagura.proto.inventory.v1.EnrollAgentRequest;
import dev.yagura.proto.inventory.v1.EnrollAgentResponse;
import dev.yagura.proto.inventory.v1.WatchAdmissionsRequest;
import dev.yagura.proto.inventory.v1.WatchAdmissionsResponse;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionServiceGrpc;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.AgentCommandServiceGrpc;
import dev.yagura.proto.response.v1.CheckOutcome;
import dev.yagura.proto.response.v1.CreateActionRequest;
import dev.yagura.proto.response.v1.GetActionRequest;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.proto.response.v1.PlannedCall;
import dev.yagura.proto.response.v1.PreflightCheck;
import dev.yagura.proto.response.v1.ReceiveCommandsRequest;
import dev.yagura.proto.response.v1.ReceiveCommandsResponse;
import dev.yagura.proto.response.v1.UndoActionRequest;
import dev.yagura.proto.response.v1.WatchActionsRequest;
import dev.yagura.proto.response.v1.WatchActionsResponse;
import dev.yagura.proto.type.v1.Principal;
import dev.yagura.proto.type.v1.PrincipalKind;
import io.grpc.BindableService;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.netty.handler.ssl.ClientAuth;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** The services behind, as far as the gateway can see: one server that plays all of them. */
final class FakeServices implements AutoCloseable {
    static final int ALERT_BYTES = 32 * 1024;

    /** What arrived with the last call. */
    final BlockingQueue<Metadata> headers = new LinkedBlockingQueue<>();

    final BlockingQueue<Principal> principals = new LinkedBlockingQueue<>();
    final Map<String, Admission> admissions = new ConcurrentHashMap<>();
    final BlockingQueue<Admission> changes = new LinkedBlockingQueue<>();
    final BlockingQueue<CreateActionRequest> created = new LinkedBlockingQueue<>();
    final AtomicInteger alertsSent = new AtomicInteger();
    final AtomicInteger watchesEnded = new AtomicInteger();
    final AtomicInteger batchesTaken = new AtomicInteger();
    final BlockingQueue<ServerCallStreamObserver<StreamTelemetryResponse>> telemetry =
            new LinkedBlockingQueue<>();
    final CountDownLatch cancelled = new CountDownLatch(1);

    /** Lists of alerts that the test answers: those asked for with the page token "hold". */
    final BlockingQueue<StreamObserver<ListAlertsResponse>> held = new LinkedBlockingQueue<>();

    volatile long lastDeadlineMillis;

    private final TlsFiles tls;
    private GrpcServer server;

    FakeServices(TlsFiles tls) throws IOException {
        this.tls = tls;
        this.server = listen();
    }

    private GrpcServer listen() throws IOException {
        List<BindableService> services =
                List.of(
                        new Alerts(),
                        new Actions(),
                        new Agents(),
                        new Telemetry(),
                        new Commands(),
                        new Admissions());
        return new GrpcServer(
                        new GrpcServerConfig(
                                "localhost",
                                0,
                                512 * 1024,
                                Duration.ofMillis(200),
                                Duration.ofHours(1)),
                        TlsContexts.server(tls, ClientAuth.REQUIRE),
                        new GrpcServer.Parts(
                                services, List.of(new ErrorInterceptor(), new Observer()), null))
                .start();
    }

    int port() {
        return server.port();
    }

    void admit(Admission admission) {
        admissions.put(admission.getAgentId(), admission);
        changes.add(admission);
    }

    /** Starts after {@link #close}, with what it knew, on another port. */
    void startAgain() throws IOException {
        if (!server.isServing()) {
            server = listen();
        }
    }

    /** What arrived does not matter any more. */
    void forget() {
        headers.clear();
        principals.clear();
        telemetry.clear();
        held.clear();
        created.clear();
    }

    /** The next caller of this kind: ends of other tests' calls may come late. */
    Principal caller(PrincipalKind kind) throws InterruptedException {
        while (true) {
            Principal next = Calls.next(principals);
            if (next.getKind() == kind) {
                return next;
            }
        }
    }

    /** The headers of the next call that have this key. */
    Metadata headersWith(String key) throws InterruptedException {
        while (true) {
            Metadata next = Calls.next(headers);
            if (next.keys().contains(key)) {
                return next;
            }
        }
    }

    /** True when a call of this principal arrived. */
    boolean wasCalledBy(String principalId) {
        return principals.stream().anyMatch(caller -> caller.getId().equals(principalId));
    }

    @Override
    public void close() {
        server.close();
    }

    private final class Observer implements ServerInterceptor {
        @Override
        public <Q, S> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, S> call, Metadata sent, ServerCallHandler<Q, S> next) {
            Principal sender = sent.get(Callers.PRINCIPAL_HEADER);
            Principal principal = sender == null ? Principal.getDefaultInstance() : sender;
            if (!call.getMethodDescriptor().getFullMethodName().endsWith("WatchAdmissions")) {
                headers.add(sent);
                principals.add(principal);
            } else if (principal.getKind() != PrincipalKind.PRINCIPAL_KIND_SERVICE
                    || !principal.getId().equals("gateway")) {
                throw new UnauthenticatedException("the gateway sent no principal");
            }
            return next.startCall(call, sent);
        }
    }

    private final class Alerts extends AlertServiceGrpc.AlertServiceImplBase {
        @Override
        public void getAlert(GetAlertRequest request, StreamObserver<Alert> observer) {
            throw new NotFoundException("alert", request.getName());
        }

        @Override
        public void listAlerts(
                ListAlertsRequest request, StreamObserver<ListAlertsResponse> observer) {
            Deadline deadline = Context.current().getDeadline();
            lastDeadlineMillis =
                    deadline == null
                            ? -1
                            : deadline.timeRemaining(java.util.concurrent.TimeUnit.MILLISECONDS);
            if (request.getPageToken().equals("hold")) {
                held.add(observer);
                return;
            }
            if (request.getPageToken().equals("hang")) {
                ((ServerCallStreamObserver<ListAlertsResponse>) observer)
                        .setOnCancelHandler(cancelled::countDown);
                return;
            }
            Replies.unary(
                    observer,
                    () -> ListAlertsResponse.newBuilder().setNextPageToken("next").build());
        }

        @Override
        public void watchAlerts(
                WatchAlertsRequest request, StreamObserver<WatchAlertsResponse> observer) {
            WatchAlertsResponse message =
                    WatchAlertsResponse.newBuilder().setCursor("c".repeat(ALERT_BYTES)).build();
            ServerStreams.serve(
                    observer,
                    sink -> {
                        try {
                            while (!sink.isEnded()) {
                                sink.send(message);
                                alertsSent.incrementAndGet();
                            }
                        } finally {
                            watchesEnded.incrementAndGet();
                        }
                    });
        }
    }

    /** Actions that succeed when they are read the second time, and are undone when next read. */
    private final class Actions extends ActionServiceGrpc.ActionServiceImplBase {
        private static final String NAME = "actions/0198c0de-7e57-7000-8000-000000000001";

        private final AtomicInteger reads = new AtomicInteger();

        @Override
        public void createAction(CreateActionRequest request, StreamObserver<Action> observer) {
            created.add(request);
            reads.set(0);
            Replies.unary(
                    observer,
                    () ->
                            request.getValidateOnly()
                                    ? planned(request)
                                    : action(ActionState.ACTION_STATE_APPROVED));
        }

        private Action planned(CreateActionRequest request) {
            return Action.newBuilder()
                    .setKind(request.getKind())
                    .setTarget(request.getTarget())
                    .setPlan(
                            Plan.newBuilder()
                                    .addCalls(
                                            PlannedCall.newBuilder()
                                                    .setOperation("ec2:CreateSecurityGroup"))
                                    .addChecks(
                                            PreflightCheck.newBuilder()
                                                    .setLabel("the instance runs")
                                                    .setOutcome(CheckOutcome.CHECK_OUTCOME_PASSED)))
                    .build();
        }

        private Action action(ActionState state) {
            return Action.newBuilder()
                    .setName(NAME)
                    .setKind(ActionKind.ACTION_KIND_ISOLATE_INSTANCE)
                    .setState(state)
                    .setStateReason("played")
                    .build();
        }

        @Override
        public void getAction(GetActionRequest request, StreamObserver<Action> observer) {
            Replies.unary(
                    observer,
                    () ->
                            action(
                                    switch (reads.incrementAndGet()) {
                                        case 1 -> ActionState.ACTION_STATE_RUNNING;
                                        case 2 -> ActionState.ACTION_STATE_SUCCEEDED;
                                        default -> ActionState.ACTION_STATE_UNDONE;
                                    }));
        }

        @Override
        public void undoAction(UndoActionRequest request, StreamObserver<Action> observer) {
            Replies.unary(observer, () -> action(ActionState.ACTION_STATE_UNDOING));
        }

        @Override
        public void watchActions(
                WatchActionsRequest request, StreamObserver<WatchActionsResponse> observer) {
            ServerStreams.serve(
                    observer,
                    sink ->
                            sink.send(
                                    WatchActionsResponse.newBuilder()
                                            .setCursor("1")
                                            .setAction(action(ActionState.ACTION_STATE_SUCCEEDED))
                                            .build()));
        }
    }

    private static final class Agents extends AgentServiceGrpc.AgentServiceImplBase {
        @Override
        public void enrollAgent(
                EnrollAgentRequest request, StreamObserver<EnrollAgentResponse> observer) {
            Replies.unary(
                    observer, () -> EnrollAgentResponse.newBuilder().setAgentId("new").build());
        }
    }

    /** Takes batches only as the test asks. */
    private final class Telemetry extends TelemetryServiceGrpc.TelemetryServiceImplBase {
        @Override
        public StreamObserver<StreamTelemetryRequest> streamTelemetry(
                StreamObserver<StreamTelemetryResponse> observer) {
            var call = (ServerCallStreamObserver<StreamTelemetryResponse>) observer;
            call.disableAutoRequest();
            call.setOnCancelHandler(() -> {});
            telemetry.add(call);
            return new StreamObserver<>() {
                @Override
                public void onNext(StreamTelemetryRequest request) {
                    batchesTaken.incrementAndGet();
                }

                @Override
                public void onError(Throwable error) {
                    // The caller left.
                }

                @Override
                public void onCompleted() {
                    observer.onCompleted();
                }
            };
        }
    }

    /** Takes hellos, and never orders anything. */
    private static final class Commands
            extends AgentCommandServiceGrpc.AgentCommandServiceImplBase {
        @Override
        public StreamObserver<ReceiveCommandsRequest> receiveCommands(
                StreamObserver<ReceiveCommandsResponse> observer) {
            observer.onNext(ReceiveCommandsResponse.getDefaultInstance());
            return new StreamObserver<>() {
                @Override
                public void onNext(ReceiveCommandsRequest request) {
                    // Nothing is answered.
                }

                @Override
                public void onError(Throwable error) {
                    // The caller left.
                }

                @Override
                public void onCompleted() {
                    observer.onCompleted();
                }
            };
        }
    }

    private final class Admissions extends AgentAdmissionServiceGrpc.AgentAdmissionServiceImplBase {
        @Override
        public void watchAdmissions(
                WatchAdmissionsRequest request, StreamObserver<WatchAdmissionsResponse> observer) {
            ServerStreams.serve(
                    observer,
                    sink -> {
                        for (Admission admission : admissions.values()) {
                            sink.send(response(admission));
                        }
                        sink.send(
                                WatchAdmissionsResponse.newBuilder()
                                        .setSnapshotComplete(true)
                                        .build());
                        while (!sink.isEnded()) {
                            Admission change =
                                    changes.poll(50, java.util.concurrent.TimeUnit.MILLISECONDS);
                            if (change != null) {
                                sink.send(response(change));
                            }
                        }
                    });
        }

        private WatchAdmissionsResponse response(Admission admission) {
            return WatchAdmissionsResponse.newBuilder().setAdmission(admission).build();
        }
    }
}
