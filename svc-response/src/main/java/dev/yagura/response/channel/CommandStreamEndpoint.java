package dev.yagura.response.channel;

import com.google.protobuf.Duration;
import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.common.error.YaguraException;
import dev.yagura.common.log.LogKeys;
import dev.yagura.common.text.Texts;
import dev.yagura.proto.response.v1.AgentCommandResult;
import dev.yagura.proto.response.v1.AgentHello;
import dev.yagura.proto.response.v1.ChannelWelcome;
import dev.yagura.proto.response.v1.ReceiveCommandsRequest;
import dev.yagura.proto.response.v1.ReceiveCommandsResponse;
import dev.yagura.proto.response.v1.ResultAcknowledgement;
import dev.yagura.proto.type.v1.AgentIdentity;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One open stream of an agent. A message is taken when the one before is done with, and when the
 * agent reads what it gets: one that only sends holds no memory here. Whatever sends to the agent
 * holds the lock of this object.
 */
final class CommandStreamEndpoint implements StreamObserver<ReceiveCommandsRequest>, OpenStream {
    private static final Logger LOG = LoggerFactory.getLogger(CommandStreamEndpoint.class);

    static final java.time.Duration BEAT = java.time.Duration.ofSeconds(5);
    private static final int LONGEST_WORD = 128;
    private static final int LONGEST_RESULT = 256 * 1024;

    /** An agent that did not answer to a command by then is given the next. */
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(30);

    private final ServerCallStreamObserver<ReceiveCommandsResponse> observer;
    private final AgentIdentity agent;
    private final ChannelStore.Stream id;
    private final ChannelStore store;
    private final OpenStreams streams;
    private final AtomicBoolean asked = new AtomicBoolean();
    private boolean open;
    private boolean ended;
    private @Nullable String onItsWay;
    private long sentAt;
    private @Nullable String beat;

    CommandStreamEndpoint(
            ServerCallStreamObserver<ReceiveCommandsResponse> observer,
            AgentIdentity agent,
            ChannelStore store,
            OpenStreams streams) {
        this.observer = observer;
        this.agent = agent;
        this.id = new ChannelStore.Stream(UUID.fromString(agent.getAgentId()), UUID.randomUUID());
        this.store = store;
        this.streams = streams;
        observer.disableAutoRequest();
        observer.setOnReadyHandler(this::askForNext);
        observer.setOnCancelHandler(this::forget);
    }

    @Override
    public ChannelStore.Stream id() {
        return id;
    }

    @Override
    public void onNext(ReceiveCommandsRequest request) {
        try {
            receive(request);
        } catch (RuntimeException e) {
            fail(e);
            return;
        }
        asked.set(false);
        askForNext();
    }

    /** Takes one message more when the agent reads our answers; else its reading asks again. */
    void askForNext() {
        if (observer.isReady() && asked.compareAndSet(false, true)) {
            observer.request(1);
        }
    }

    private void receive(ReceiveCommandsRequest request) {
        if (isOpen() == request.hasHello()) {
            throw new InvalidFieldException(
                    "hello", "is not the first message, or not alone", "send one, first");
        }
        switch (request.getMessageCase()) {
            case HELLO -> open(request.getHello());
            case BEAT -> beat(Texts.clip(request.getBeat().getGatewayAddress(), LONGEST_WORD));
            case RECEIPT -> {
                store.taken(id.agentId(), request.getReceipt().getRunId());
                answered(request.getReceipt().getRunId());
            }
            case RESULT -> keep(request.getResult());
            case MESSAGE_NOT_SET -> {
                // Of a later version.
            }
        }
    }

    private void open(AgentHello hello) {
        store.open(AgentHellos.checked(id, streams.replicaId(), agent, hello));
        synchronized (this) {
            if (ended) {
                return;
            }
            open = true;
            send(
                    ReceiveCommandsResponse.newBuilder()
                            .setWelcome(
                                    ChannelWelcome.newBuilder()
                                            .setBeatInterval(
                                                    Duration.newBuilder()
                                                            .setSeconds(BEAT.toSeconds()))));
        }
        streams.add(this);
        LOG.atInfo()
                .addKeyValue(LogKeys.AGENT, id.agentId())
                .addKeyValue(LogKeys.HOST, agent.getHostId())
                .addKeyValue(LogKeys.VERSION, Texts.clip(hello.getVersion(), LONGEST_WORD))
                .log("command channel opened");
    }

    private synchronized boolean isOpen() {
        return open;
    }

    private synchronized void beat(String gatewayAddress) {
        beat = gatewayAddress;
    }

    @Override
    public synchronized Optional<ChannelStore.Beat> takeBeat() {
        String address = beat;
        beat = null;
        return Optional.ofNullable(address).map(each -> new ChannelStore.Beat(id, each));
    }

    /** Kept before it is acknowledged. */
    private void keep(AgentCommandResult result) {
        if (result.getSerializedSize() > LONGEST_RESULT) {
            throw new InvalidFieldException(
                    "result", "is longer than " + LONGEST_RESULT + " bytes", "cut its output");
        }
        if (!store.ended(id.agentId(), result)) {
            // Forgotten here, or never its own: there is nothing to keep it for.
            LOG.atWarn()
                    .addKeyValue(LogKeys.AGENT, id.agentId())
                    .log("an agent sent the result of a command that it was not given");
        }
        answered(result.getRunId());
        synchronized (this) {
            send(
                    ReceiveCommandsResponse.newBuilder()
                            .setAcknowledgement(
                                    ResultAcknowledgement.newBuilder()
                                            .setRunId(result.getRunId())));
        }
    }

    private void answered(String runId) {
        synchronized (this) {
            if (runId.equals(onItsWay)) {
                onItsWay = null;
            }
        }
        streams.wake();
    }

    @Override
    public synchronized void deliver(ChannelStore.Due due) {
        boolean free = onItsWay == null || System.nanoTime() - sentAt > PATIENCE;
        if (!ended && free && observer.isReady() && !due.runId().equals(onItsWay)) {
            onItsWay = due.runId();
            sentAt = System.nanoTime();
            send(ReceiveCommandsResponse.newBuilder().setCommand(due.command()));
        }
    }

    /** With the lock held. */
    private void send(ReceiveCommandsResponse.Builder message) {
        if (!ended) {
            observer.onNext(message.build());
        }
    }

    @Override
    public void onError(Throwable error) {
        forget();
    }

    @Override
    public void onCompleted() {
        forget();
        synchronized (this) {
            if (!ended) {
                ended = true;
                observer.onCompleted();
            }
        }
    }

    @Override
    public void end(YaguraException reason) {
        fail(reason);
    }

    private void fail(RuntimeException reason) {
        forget();
        synchronized (this) {
            if (!ended) {
                ended = true;
                observer.onError(reason);
            }
        }
    }

    private void forget() {
        streams.remove(id);
        try {
            store.close(id);
        } catch (RuntimeException e) {
            // Without beats nobody takes it for live.
            LOG.atInfo()
                    .addKeyValue(LogKeys.AGENT, id.agentId())
                    .addKeyValue(LogKeys.REASON, String.valueOf(e.getMessage()))
                    .log("the row of a closed channel stays until it is old");
        }
    }
}
