package dev.yagura.response;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.agent.command.GrpcCommandChannel;
import dev.yagura.agent.command.ScriptHost;
import dev.yagura.agent.enrollment.AgentIdentity;
import dev.yagura.agent.enrollment.StateFolder;
import dev.yagura.common.grpc.Callers;
import dev.yagura.common.grpc.GrpcServer;
import dev.yagura.common.grpc.GrpcServerConfig;
import dev.yagura.common.grpc.TlsContexts;
import dev.yagura.common.ids.AssetIds;
import dev.yagura.common.tls.TlsFiles;
import dev.yagura.proto.response.v1.AgentCommandServiceGrpc;
import dev.yagura.proto.response.v1.ReceiveCommandsRequest;
import dev.yagura.proto.response.v1.ReceiveCommandsResponse;
import dev.yagura.proto.response.v1.SignedCommand;
import dev.yagura.proto.type.v1.Principal;
import dev.yagura.proto.type.v1.PrincipalKind;
import dev.yagura.response.channel.AgentChannels;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.netty.handler.ssl.ClientAuth;
import jakarta.enterprise.inject.spi.CDI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The agent's own code as the agent of an instance, connected through a gateway that a test may let
 * lose what it forwards.
 */
public final class TestAgent implements AutoCloseable {
    private final UUID id = UUID.randomUUID();
    private final String instanceId;
    private final Gateway gateway;
    private final StateFolder state;
    private final ScriptHost host;
    private final UnaryOperator<String> seenAddress;
    private @Nullable GrpcCommandChannel channel;

    private TestAgent(
            TestService service,
            String instanceId,
            Path folder,
            ScriptHost host,
            UnaryOperator<String> seenAddress)
            throws Exception {
        this.instanceId = instanceId;
        this.host = host;
        this.seenAddress = seenAddress;
        this.gateway = new Gateway(service, principal());
        this.state = new StateFolder(folder.resolve("agent"));
        enrol(service.peers().agent(id.toString()));
    }

    /**
     * An agent that is connected.
     *
     * @param folder of the host: the scripts keep their state in it
     */
    public static TestAgent on(TestService service, String instanceId, Path folder)
            throws Exception {
        return on(service, instanceId, folder, List.of(), UnaryOperator.identity());
    }

    /**
     * The same, with scripts elsewhere.
     *
     * @param entrance what stands before a script's command line
     * @param seenAddress of its gateway
     */
    public static TestAgent on(
            TestService service,
            String instanceId,
            Path folder,
            List<String> entrance,
            UnaryOperator<String> seenAddress)
            throws Exception {
        Path host = folder.toAbsolutePath();
        TestAgent agent =
                new TestAgent(
                        service,
                        instanceId,
                        host,
                        new ScriptHost(
                                Map.of(
                                        "YAGURA_STATE_DIR",
                                        host.toString(),
                                        "YAGURA_ROOT_DIR",
                                        host.toString()),
                                entrance),
                        seenAddress);
        agent.start();
        return agent;
    }

    /** "agents/{uuid}". */
    public String name() {
        return "agents/" + id;
    }

    public Gateway gateway() {
        return gateway;
    }

    /** Begins, after {@link #stop} with the same state; returns when the service has it. */
    public void start() {
        channel =
                GrpcCommandChannel.start(
                        new GrpcCommandChannel.Parts(
                                state, identity(), "1.2.3", host, seenAddress, Clock.systemUTC()));
        TestResponder.await("the channel is open", this::isOpen);
    }

    /** Ends as the process would; a script goes on. Returns when the service knows. */
    public void stop() {
        if (channel != null) {
            channel.close();
            channel = null;
            TestResponder.await("the channel is closed", () -> !isOpen());
        }
    }

    private boolean isOpen() {
        return CDI
                .current()
                .select(AgentChannels.class)
                .get()
                .of(TestService.TOKYO, instanceId)
                .stream()
                .anyMatch(each -> each.agentId().equals(id) && !each.gatewayAddress().isEmpty());
    }

    @Override
    public void close() {
        stop();
        gateway.close();
    }

    private AgentIdentity identity() {
        return new AgentIdentity(
                id.toString(),
                hostId(),
                "aws",
                TestService.TOKYO.getAccountId(),
                TestService.TOKYO.getRegion(),
                "localhost:" + gateway.port(),
                instanceId,
                "web-1");
    }

    private String hostId() {
        return AssetIds.of(TestService.TOKYO, "AWS::EC2::Instance", instanceId).toString();
    }

    private Principal principal() {
        return Principal.newBuilder()
                .setKind(PrincipalKind.PRINCIPAL_KIND_AGENT)
                .setId(id.toString())
                .setDisplayName(id.toString())
                .setAgent(
                        dev.yagura.proto.type.v1.AgentIdentity.newBuilder()
                                .setAgentId(id.toString())
                                .setHostId(hostId())
                                .setScope(TestService.TOKYO))
                .build();
    }

    private void enrol(TlsFiles tls) throws Exception {
        state.create();
        Files.copy(tls.certificate(), state.path().resolve("agent.pem"));
        Files.copy(tls.key(), state.path().resolve("agent.key"));
        Files.copy(tls.authorities().getFirst(), state.path().resolve("ca.pem"));
        Files.writeString(state.path().resolve("agent.json"), "{}");
    }

    /** Forwards a stream as the gateway does, and loses what it is told to. */
    public static final class Gateway extends AgentCommandServiceGrpc.AgentCommandServiceImplBase
            implements AutoCloseable {
        private final AgentCommandServiceGrpc.AgentCommandServiceStub service;
        private final GrpcServer server;
        private final AtomicInteger resultsToLose = new AtomicInteger();
        private final AtomicInteger acknowledgementsToLose = new AtomicInteger();
        private volatile boolean keepsCommands;
        private volatile boolean doubles;

        /** Commands that came by, also those that were kept. */
        public final BlockingQueue<SignedCommand> commands = new LinkedBlockingQueue<>();

        private final BlockingQueue<String> results = new LinkedBlockingQueue<>();
        private volatile @Nullable StreamObserver<ReceiveCommandsResponse> agent;

        private Gateway(TestService service, Principal principal) throws Exception {
            Metadata headers = new Metadata();
            headers.put(Callers.PRINCIPAL_HEADER, principal);
            this.service =
                    AgentCommandServiceGrpc.newStub(service.gateway())
                            .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
            this.server =
                    new GrpcServer(
                                    new GrpcServerConfig(
                                            "localhost",
                                            0,
                                            512 * 1024,
                                            Duration.ofMillis(100),
                                            Duration.ofHours(1)),
                                    TlsContexts.server(
                                            service.peers().service("gateway"), ClientAuth.REQUIRE),
                                    new GrpcServer.Parts(List.of(this), List.of(), null))
                            .start();
        }

        private int port() {
            return server.port();
        }

        /** The next so many results do not arrive: the stream is cut instead. */
        public void loseResults(int count) {
            resultsToLose.set(count);
        }

        /** Results arrive, and the stream is cut before their acknowledgement. */
        public void loseAcknowledgements(int count) {
            acknowledgementsToLose.set(count);
        }

        /** Commands do not arrive, until {@link #handOn}. */
        public void keepCommands(boolean keeps) {
            keepsCommands = keeps;
        }

        /** Every command and every result comes twice. */
        public void doubleAll(boolean all) {
            doubles = all;
        }

        /** Sends the agent whatever. */
        public void handOn(SignedCommand command) {
            StreamObserver<ReceiveCommandsResponse> open = agent;
            if (open != null) {
                open.onNext(ReceiveCommandsResponse.newBuilder().setCommand(command).build());
            }
        }

        /** Waits until the agent has sent one. */
        public void awaitResult() throws InterruptedException {
            assertThat(results.poll(20, TimeUnit.SECONDS)).isNotNull();
        }

        @Override
        public StreamObserver<ReceiveCommandsRequest> receiveCommands(
                StreamObserver<ReceiveCommandsResponse> observer) {
            agent = observer;
            Down down = new Down(observer);
            StreamObserver<ReceiveCommandsRequest> upstream = service.receiveCommands(down);
            return new Up(upstream, observer);
        }

        private static void cut(
                StreamObserver<ReceiveCommandsRequest> upstream,
                StreamObserver<ReceiveCommandsResponse> observer) {
            upstream.onError(Status.CANCELLED.asException());
            observer.onError(Status.UNAVAILABLE.asException());
        }

        @Override
        public void close() {
            server.close();
        }

        private final class Down implements StreamObserver<ReceiveCommandsResponse> {
            private final StreamObserver<ReceiveCommandsResponse> observer;

            Down(StreamObserver<ReceiveCommandsResponse> observer) {
                this.observer = observer;
            }

            @Override
            public void onNext(ReceiveCommandsResponse message) {
                if (message.hasCommand()) {
                    commands.add(message.getCommand());
                    if (keepsCommands) {
                        return;
                    }
                    if (doubles) {
                        observer.onNext(message);
                    }
                }
                if (message.hasAcknowledgement()
                        && acknowledgementsToLose.getAndUpdate(each -> Math.max(0, each - 1)) > 0) {
                    observer.onError(Status.UNAVAILABLE.asException());
                    return;
                }
                observer.onNext(message);
            }

            @Override
            public void onError(Throwable error) {
                observer.onError(error);
            }

            @Override
            public void onCompleted() {
                observer.onCompleted();
            }
        }

        private final class Up implements StreamObserver<ReceiveCommandsRequest> {
            private final StreamObserver<ReceiveCommandsRequest> upstream;
            private final StreamObserver<ReceiveCommandsResponse> observer;
            private boolean isCut;

            Up(
                    StreamObserver<ReceiveCommandsRequest> upstream,
                    StreamObserver<ReceiveCommandsResponse> observer) {
                this.upstream = upstream;
                this.observer = observer;
            }

            @Override
            public void onNext(ReceiveCommandsRequest message) {
                if (isCut) {
                    return;
                }
                if (message.hasResult()) {
                    if (resultsToLose.getAndUpdate(each -> Math.max(0, each - 1)) > 0) {
                        cut(upstream, observer);
                        isCut = true;
                        return;
                    }
                    if (doubles) {
                        upstream.onNext(message);
                    }
                }
                upstream.onNext(message);
                if (message.hasResult()) {
                    results.add(message.getResult().getRunId());
                }
            }

            @Override
            public void onError(Throwable error) {
                upstream.onError(Status.CANCELLED.asException());
            }

            @Override
            public void onCompleted() {
                upstream.onCompleted();
            }
        }
    }
}
