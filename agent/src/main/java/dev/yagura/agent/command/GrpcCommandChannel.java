package dev.yagura.agent.command;

import dev.yagura.agent.connection.GrpcGateway;
import dev.yagura.agent.connection.GrpcStreamLoop;
import dev.yagura.agent.enrollment.AgentIdentity;
import dev.yagura.agent.enrollment.HostFacts;
import dev.yagura.agent.enrollment.StateFolder;
import dev.yagura.agent.event.Problems;
import dev.yagura.agent.failure.AgentFailure;
import dev.yagura.common.tls.Pem;
import dev.yagura.proto.response.v1.AgentBeat;
import dev.yagura.proto.response.v1.AgentCommandResult;
import dev.yagura.proto.response.v1.AgentCommandServiceGrpc;
import dev.yagura.proto.response.v1.AgentHello;
import dev.yagura.proto.response.v1.CarriedDocument;
import dev.yagura.proto.response.v1.CommandReceipt;
import dev.yagura.proto.response.v1.ReceiveCommandsRequest;
import dev.yagura.proto.response.v1.ReceiveCommandsResponse;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a stream for commands open, on a connection of its own. Whatever breaks it, it comes back
 * with exponential back-off; a result waits for that.
 */
public final class GrpcCommandChannel implements AutoCloseable {
    private static final Duration DEFAULT_BEAT = Duration.ofSeconds(5);
    private static final Duration LONGEST_BEAT = Duration.ofSeconds(15);
    private static final Duration WELCOME_TIMEOUT = Duration.ofSeconds(30);
    private static final String TOPIC = "commands";

    private final GrpcStreamLoop loop;
    private final CommandWork work;
    private final AgentHello hello;
    private final UnaryOperator<String> seenAddress;
    private volatile String gatewayAddress = "";
    private volatile boolean open;

    /**
     * What a channel is made of.
     *
     * @param seenAddress what is said of the address that the connection leads to
     */
    public record Parts(
            StateFolder state,
            AgentIdentity identity,
            String version,
            ScriptHost host,
            UnaryOperator<String> seenAddress,
            Clock clock) {}

    /**
     * Begins to receive commands for this host, unless it is another one than the agent has
     * enrolled on: then it says so as a problem, and receives none.
     */
    public static Optional<GrpcCommandChannel> start(
            StateFolder state,
            AgentIdentity identity,
            String version,
            Problems problems,
            Clock clock) {
        String here = HostFacts.instanceId();
        if (!here.isEmpty() && !here.equals(identity.instanceId())) {
            problems.say(
                    TOPIC,
                    "this host is %s, the agent's state is of %s: it takes no commands; enroll it with a new --state"
                            .formatted(
                                    here,
                                    identity.instanceId().isEmpty()
                                            ? "no instance"
                                            : identity.instanceId()));
            return Optional.empty();
        }
        return Optional.of(
                start(
                        new Parts(
                                state,
                                identity,
                                version,
                                ScriptHost.here(),
                                UnaryOperator.identity(),
                                clock)));
    }

    /** Begins to receive commands. */
    public static GrpcCommandChannel start(Parts parts) {
        Map<String, HostDocument> documents = HostDocument.carried();
        Path folder = parts.state().commands();
        try {
            CommandLedger ledger = CommandLedger.open(folder, parts.clock());
            ScriptHost.clean(folder);
            CommandCheck check =
                    new CommandCheck(
                            parts.identity(),
                            Pem.readCertificates(parts.state().tls().authorities().getFirst()),
                            documents,
                            parts.clock());
            CommandWork work = new CommandWork(check, ledger, parts.host(), folder, parts.clock());
            work.resume();
            return new GrpcCommandChannel(parts, work, hello(parts, documents));
        } catch (IOException e) {
            throw new AgentFailure(
                    AgentFailure.Kind.FAILED,
                    "cannot use "
                            + folder
                            + " ("
                            + e.getMessage()
                            + "): free disk space, or run as the user that enrolled",
                    e);
        }
    }

    private GrpcCommandChannel(Parts parts, CommandWork work, AgentHello hello) {
        this.loop =
                new GrpcStreamLoop(
                        GrpcGateway.channel(parts.state(), parts.identity()),
                        "command channel interrupted");
        this.work = work;
        this.hello = hello;
        this.seenAddress = parts.seenAddress();
        loop.start("commands", () -> new Stream().talk());
    }

    private static AgentHello hello(Parts parts, Map<String, HostDocument> documents)
            throws IOException {
        AgentHello.Builder hello =
                AgentHello.newBuilder()
                        .setVersion(parts.version())
                        .setBootId(HostFacts.bootId())
                        .setInstanceId(parts.identity().instanceId())
                        .setRoot(
                                Integer.valueOf(0)
                                        .equals(
                                                Files.getAttribute(
                                                        Path.of("/proc/self/"), "unix:uid")));
        documents
                .values()
                .forEach(each ->
                        hello.addDocuments(
                                CarriedDocument.newBuilder()
                                        .setName(each.name())
                                        .setSha256(each.sha256())));
        return hello.build();
    }

    /** Whether commands may come now. */
    public boolean isOpen() {
        return open;
    }

    @Override
    public void close() {
        loop.stop();
        work.close();
        loop.close();
    }

    /** One stream; its messages to the gateway are sent one at a time. */
    private final class Stream extends GrpcStreamLoop.Answers<ReceiveCommandsResponse>
            implements CommandWork.Answers {
        private final StreamObserver<ReceiveCommandsRequest> requests =
                AgentCommandServiceGrpc.newStub(
                                ClientInterceptors.intercept(loop.channel(), new PeerAddress()))
                        .receiveCommands(this);

        Stream() {
            super(loop);
        }

        void talk() throws InterruptedException {
            send(ReceiveCommandsRequest.newBuilder().setHello(hello));
            Duration interval = awaitInterval(WELCOME_TIMEOUT);
            if (interval.isZero() || loop.isStopped()) {
                giveUp("no welcome");
                return;
            }
            loop.succeeded();
            open = true;
            sendBeat();
            work.answerTo(this);
            while (!isOver()) {
                pauseWhileOpen(interval);
                sendBeat();
            }
            open = false;
        }

        private void sendBeat() {
            send(
                    ReceiveCommandsRequest.newBuilder()
                            .setBeat(
                                    AgentBeat.newBuilder()
                                            .setGatewayAddress(seenAddress.apply(gatewayAddress))));
        }

        private boolean isOver() {
            return isEnded() || loop.isStopped();
        }

        private synchronized void send(ReceiveCommandsRequest.Builder message) {
            if (!isOver()) {
                requests.onNext(message.build());
            }
        }

        private synchronized void giveUp(String why) {
            requests.onError(Status.CANCELLED.withDescription(why).asException());
        }

        @Override
        public void receipt(String runId) {
            send(
                    ReceiveCommandsRequest.newBuilder()
                            .setReceipt(CommandReceipt.newBuilder().setRunId(runId)));
        }

        @Override
        public void result(AgentCommandResult result) {
            send(ReceiveCommandsRequest.newBuilder().setResult(result));
        }

        @Override
        public void onNext(ReceiveCommandsResponse response) {
            switch (response.getMessageCase()) {
                case WELCOME ->
                        answered(
                                GrpcStreamLoop.interval(
                                        response.getWelcome().getBeatInterval(),
                                        DEFAULT_BEAT,
                                        LONGEST_BEAT));
                case COMMAND -> work.receive(response.getCommand());
                case ACKNOWLEDGEMENT -> work.acknowledged(response.getAcknowledgement().getRunId());
                case MESSAGE_NOT_SET -> {
                    // Of a later version.
                }
            }
        }
    }

    /** Notes where the connection of a call leads. */
    private final class PeerAddress implements ClientInterceptor {
        @Override
        public <Q, S> ClientCall<Q, S> interceptCall(
                MethodDescriptor<Q, S> method, CallOptions options, Channel next) {
            return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
                @Override
                public void start(Listener<S> listener, Metadata headers) {
                    super.start(
                            new SimpleForwardingClientCallListener<>(listener) {
                                @Override
                                public void onHeaders(Metadata received) {
                                    gatewayAddress =
                                            text(
                                                    getAttributes()
                                                            .get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
                                    super.onHeaders(received);
                                }
                            },
                            headers);
                }
            };
        }
    }

    /** "10.20.1.40:8443"; empty for what is no address of a host. */
    private static String text(@Nullable SocketAddress address) {
        if (!(address instanceof InetSocketAddress socket) || socket.getAddress() == null) {
            return "";
        }
        InetAddress peer = socket.getAddress();
        String host = peer.getHostAddress().replaceAll("%.*", "");
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + socket.getPort();
    }
}
