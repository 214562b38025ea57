package dev.yagura.bench.client;

import dev.yagura.bench.load.Batch;
import dev.yagura.bench.load.BatchSource;
import dev.yagura.common.tls.Pem;
import dev.yagura.proto.ingest.v1.SpoolOpen;
import dev.yagura.proto.ingest.v1.StreamTelemetryRequest;
import dev.yagura.proto.ingest.v1.StreamTelemetryResponse;
import dev.yagura.proto.ingest.v1.TelemetryBatch;
import dev.yagura.proto.ingest.v1.TelemetryServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An agent's telemetry stream over mutual TLS: pipelined within the limits of the log, opened again
 * with jitter after each break, sending from where the log says.
 */
public final class GrpcSpool implements AutoCloseable {
    private static final int MAX_IN_FLIGHT = 64;
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LAST_PAUSE_MILLIS = 2_000;

    private final EnrolledAgent agent;
    private final ManagedChannel channel;
    private final BatchSource source;
    private final ScheduledExecutorService timer;
    private final SpoolState state;
    private final String spoolId = UUID.randomUUID().toString();

    private @Nullable Connection connection;
    private boolean sending;
    private boolean closed;
    private long pauseMillis = FIRST_PAUSE_MILLIS;
    private long breaks;

    private GrpcSpool(
            EnrolledAgent agent,
            ManagedChannel channel,
            BatchSource source,
            SpoolListener listener,
            ScheduledExecutorService timer) {
        this.agent = agent;
        this.channel = channel;
        this.source = source;
        this.timer = timer;
        this.state = new SpoolState(MAX_IN_FLIGHT, listener);
    }

    /**
     * A new spool; nothing is sent before {@link #allow}.
     *
     * @param gateway where to
     * @param source of its batches
     * @param timer runs short tasks, for many spools
     */
    public static GrpcSpool open(
            EnrolledAgent agent,
            Gateway gateway,
            BatchSource source,
            SpoolListener listener,
            ScheduledExecutorService timer)
            throws IOException {
        SslContext tls =
                GrpcSslContexts.configure(
                                SslContextBuilder.forClient()
                                        .keyManager(agent.key(), agent.chain())
                                        .trustManager(Pem.readCertificates(gateway.authority())))
                        .build();
        // Callbacks only take notes and hand batches to the transport: no hop to another thread.
        ManagedChannel channel =
                NettyChannelBuilder.forAddress("localhost", gateway.port())
                        .sslContext(tls)
                        .directExecutor()
                        .keepAliveTime(30, TimeUnit.SECONDS)
                        .keepAliveTimeout(10, TimeUnit.SECONDS)
                        .build();
        GrpcSpool spool = new GrpcSpool(agent, channel, source, listener, timer);
        spool.connect();
        return spool;
    }

    /**
     * The public address of a platform.
     *
     * @param port of localhost
     * @param authority of the gateway's certificate, PEM
     */
    public record Gateway(int port, Path authority) {}

    /** Batches up to this one are made and may be sent. */
    public synchronized void allow(long upTo) {
        state.allow(upTo);
        send();
    }

    /** One more batch is made. */
    public synchronized void allowOneMore() {
        state.allowOneMore();
        send();
    }

    /** Makes no more batches; those that were sent are delivered. Gives the last one's number. */
    public synchronized long stopProducing() {
        return state.stopProducing();
    }

    /** Everything that was made is durable. */
    public synchronized boolean isDone() {
        return state.isDone();
    }

    /** The last durable batch. */
    public synchronized long acknowledged() {
        return state.acknowledged();
    }

    /** How often the stream ended and was opened again. */
    public synchronized long breaks() {
        return breaks;
    }

    /** The first answer of the log that the contract forbids. */
    public synchronized Optional<String> violation() {
        return state.violation();
    }

    /** Whose spool this is. */
    public EnrolledAgent agent() {
        return agent;
    }

    @Override
    public synchronized void close() {
        closed = true;
        channel.shutdownNow();
    }

    private synchronized void connect() {
        if (closed) {
            return;
        }
        Connection opened = new Connection();
        connection = opened;
        TelemetryServiceGrpc.newStub(channel).streamTelemetry(opened);
        opened.requests()
                .onNext(
                        StreamTelemetryRequest.newBuilder()
                                .setOpen(
                                        SpoolOpen.newBuilder()
                                                .setSpoolId(spoolId)
                                                .setOldestSequence(1)
                                                .setAgentTimeNs(nowNanos())
                                                .setAgentVersion("bench"))
                                .build());
    }

    /** Sends what may be sent; the transport calls again when it takes more. */
    private void send() {
        Connection current = connection;
        if (sending || current == null) {
            return;
        }
        sending = true;
        try {
            while (state.maySend() && current.requests().isReady()) {
                long sequence = state.next();
                Batch batch = source.batch(sequence);
                state.sent(batch.events().size());
                current.requests().onNext(request(sequence, batch));
            }
        } finally {
            sending = false;
        }
    }

    private StreamTelemetryRequest request(long sequence, Batch batch) {
        return StreamTelemetryRequest.newBuilder()
                .setBatch(
                        TelemetryBatch.newBuilder()
                                .setSequence(sequence)
                                .setDevice(agent.device())
                                .setEventCount(batch.eventCount())
                                .setFirstEventTimeNs(batch.firstEventTimeNanos())
                                .setEvents(batch.events())
                                .setSentTimeNs(nowNanos()))
                .build();
    }

    private synchronized void ready() {
        send();
    }

    private synchronized void answer(Connection from, StreamTelemetryResponse response) {
        if (from != connection) {
            return;
        }
        switch (response.getMessageCase()) {
            case OPENED -> {
                pauseMillis = FIRST_PAUSE_MILLIS;
                state.opened(
                        response.getOpened().getExpectedSequence(),
                        response.getOpened().getMaxInFlightBytes());
            }
            case ACKNOWLEDGEMENT -> state.answered(response.getAcknowledgement());
            case HINT -> {
                if (response.getHint().getReconnect()) {
                    state.finishInFlight();
                    from.leaving = true;
                }
            }
            case MESSAGE_NOT_SET -> {
                // A message of a newer server: nothing that this client must do.
            }
        }
        if (state.isDrained()) {
            drained(from);
        } else {
            send();
        }
    }

    private void drained(Connection from) {
        if (from.leaving) {
            from.complete();
            return;
        }
        timer.schedule(this::resume, jitter(state.takeHoldMillis()), TimeUnit.MILLISECONDS);
    }

    private synchronized void resume() {
        Connection current = connection;
        if (current != null && !current.leaving && state.isDrained()) {
            state.rewind();
            send();
        }
    }

    private synchronized void broken(Connection from) {
        if (from != connection || closed) {
            return;
        }
        connection = null;
        breaks++;
        state.broken();
        timer.schedule(this::connect, jitter(pauseMillis), TimeUnit.MILLISECONDS);
        pauseMillis = Math.min(2 * pauseMillis, LAST_PAUSE_MILLIS);
    }

    /** Up to half as long again, so that agents do not come at once. */
    private static long jitter(long millis) {
        return millis + ThreadLocalRandom.current().nextLong(millis / 2 + 1);
    }

    private static long nowNanos() {
        Instant now = Instant.now();
        return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
    }

    /** One stream; what comes late from an older one is not heard. */
    private final class Connection
            implements ClientResponseObserver<StreamTelemetryRequest, StreamTelemetryResponse> {
        private @Nullable ClientCallStreamObserver<StreamTelemetryRequest> requests;
        private boolean leaving;
        private boolean completed;

        @Override
        public void beforeStart(ClientCallStreamObserver<StreamTelemetryRequest> stream) {
            requests = stream;
            stream.setOnReadyHandler(GrpcSpool.this::ready);
        }

        ClientCallStreamObserver<StreamTelemetryRequest> requests() {
            if (requests == null) {
                throw new IllegalStateException("the stream was not started");
            }
            return requests;
        }

        void complete() {
            if (!completed) {
                completed = true;
                requests().onCompleted();
            }
        }

        @Override
        public void onNext(StreamTelemetryResponse response) {
            answer(this, response);
        }

        @Override
        public void onError(Throwable cause) {
            broken(this);
        }

        @Override
        public void onCompleted() {
            broken(this);
        }
    }
}
