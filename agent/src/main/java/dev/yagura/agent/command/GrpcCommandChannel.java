package dev.yagura.agent.command;

import dev.yagura.agent.connection.GrpcGateway;
import dev.yagura.agent.delivery.Backoff;
import dev.yagura.agent.enrollment.AgentIdentity;
import dev.yagura.agent.enrollment.HostFacts;
import dev.yagura.agent.enrollment.StateFolder;
import dev.yagura.agent.event.Problems;
import dev.yagura.agent.failure.AgentFailure;
import dev.yagura.common.log.LogKeys;
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
import io.grpc.ManagedChannel;
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
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a stream for commands open, on a connection of its own. Whatever breaks it, it comes back
 * with exponential back-off; a result waits for that.
 */
public final class GrpcCommandChannel implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GrpcCommandChannel.class);
    private static final Duration DEFAULT_BEAT = Duration.ofSeconds(5);
    private static final Duration LONGEST_BEAT = Duration.ofSeconds(15);
    private static final Duration WELCOME_TIMEOUT = Duration.ofSeconds(30);
    private static final String TOPIC = "commands";

    private final ManagedChannel channel;
    private final CommandWork work;
    private final AgentHello hello;
    private final UnaryOperator<String> seenAddress;
    private final Object monitor = new Object();
    private volatile String gatewayAddress = "";
    private volatile boolean open;
    private boolean stopped;

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
        this.channel = GrpcGateway.channel(parts.state(), parts.identity());
        this.work = work;
        this.hello = hello;
        this.seenAddress = parts.seenAddress();
        Thread.ofPlatform().name("commands").daemon().start(this::run);
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
        synchronized (monitor) {
            stopped = true;
            monitor.notifyAll();
        }
        work.close();
        channel.shutdownNow();
    }

    private void run() {
        Backoff retries =
                new Backoff(
                        Duration.ofSeconds(1),
                        Duration.ofMinutes(1),
                        () -> ThreadLocalRandom.current().nextDouble());
        try {
            while (!isStopped()) {
                channel.resetConnectBackoff();
                new Stream().talk(retries);
                pause(retries.next());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isStopped() {
        synchronized (monitor) {
            return stopped;
        }
    }

    private void pause(Duration time) throws InterruptedException {
        long deadline = System.nanoTime() + time.toNanos();
        synchronized (monitor) {
            for (long left = time.toMillis();
                    left > 0 && !stopped;
                    left = (deadline - System.nanoTime()) / 1_000_000) {
                monitor.wait(left);
            }
        }
    }

    /** One stream; its messages to the gateway are sent one at a time. */
    private final class Stream
            implements StreamObserver<ReceiveCommandsResponse>, CommandWork.Answers {
        private final StreamObserver<ReceiveCommandsRequest> requests =
                AgentCommandServiceGrpc.newStub(
                                ClientInterceptors.intercept(channel, new PeerAddress()))
                        .receiveCommands(this);
        private @Nullable Duration beat;
        private boolean ended;

        void talk(Backoff retries) throws InterruptedException {
            send(ReceiveCommandsRequest.newBuilder().setHello(hello));
            Duration interval = awaitWelcome();
            if (interval.isZero()) {
                giveUp("no welcome");
                return;
            }
            retries.reset();
            open = true;
            sendBeat();
            work.answerTo(this);
            while (!isOver()) {
                pauseFor(interval);
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
            synchronized (monitor) {
                return ended || stopped;
            }
        }

        private Duration awaitWelcome() throws InterruptedException {
            long deadline = System.nanoTime() + WELCOME_TIMEOUT.toNanos();
            synchronized (monitor) {
                while (beat == null && !ended && !stopped && System.nanoTime() - deadline < 0) {
                    monitor.wait(200);
                }
                return beat == null || stopped ? Duration.ZERO : beat;
            }
        }

        private void pauseFor(Duration interval) throws InterruptedException {
            long deadline = System.nanoTime() + interval.toNanos();
            synchronized (monitor) {
                for (long left = interval.toMillis();
                        left > 0 && !stopped && !ended;
                        left = (deadline - System.nanoTime()) / 1_000_000) {
                    monitor.wait(left);
                }
            }
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
                case WELCOME -> {
                    synchronized (monitor) {
                        beat = interval(response.getWelcome().getBeatInterval());
                        monitor.notifyAll();
                    }
                }
                case COMMAND -> work.receive(response.getCommand());
                case ACKNOWLEDGEMENT -> work.acknowledged(response.getAcknowledgement().getRunId());
                case MESSAGE_NOT_SET -> {
                    // Of a later version.
                }
            }
        }

        @Override
        public void onError(Throwable error) {
            LOG.atInfo()
                    .addKeyValue(LogKeys.CODE, Status.fromThrowable(error).getCode())
                    .log("command channel interrupted");
            onCompleted();
        }

        @Override
        public void onCompleted() {
            synchronized (monitor) {
                ended = true;
                monitor.notifyAll();
            }
        }
    }

    private static Duration interval(com.google.protobuf.Duration asked) {
        Duration interval = Duration.ofSeconds(asked.getSeconds(), asked.getNanos());
        if (interval.isZero() || interval.isNegative()) {
            return DEFAULT_BEAT;
        }
        return interval.compareTo(LONGEST_BEAT) > 0 ? LONGEST_BEAT : interval;
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
