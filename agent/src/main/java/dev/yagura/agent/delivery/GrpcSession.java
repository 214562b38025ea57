package dev.yagura.agent.delivery;

import dev.yagura.agent.connection.Backoff;
import dev.yagura.agent.event.AgentCounters;
import dev.yagura.agent.event.Problems;
import dev.yagura.agent.spool.Spool;
import dev.yagura.agent.spool.SpoolEntry;
import dev.yagura.common.log.LogKeys;
import dev.yagura.proto.ingest.v1.BatchAcknowledgement;
import dev.yagura.proto.ingest.v1.SequenceGap;
import dev.yagura.proto.ingest.v1.SpoolOpen;
import dev.yagura.proto.ingest.v1.SpoolOpened;
import dev.yagura.proto.ingest.v1.StreamTelemetryRequest;
import dev.yagura.proto.ingest.v1.StreamTelemetryResponse;
import dev.yagura.proto.ingest.v1.TelemetryServiceGrpc;
import dev.yagura.proto.telemetry.v1.Device;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One stream: opens the spool, sends within the window, follows the answers.
 *
 * <p>A batch that was not stored (RETRY_AFTER, EXPECTED) makes the session rewind: it waits until
 * everything on its way is answered, and for the time asked for, then sends again from there.
 */
final class GrpcSession
        implements ClientResponseObserver<StreamTelemetryRequest, StreamTelemetryResponse> {
    private static final Logger LOG = LoggerFactory.getLogger(GrpcSession.class);
    private static final long POLL_MILLIS = 100;
    private static final long LONGEST_HOLD_MILLIS = Duration.ofMinutes(5).toMillis();
    private static final Duration LONGEST_RESEND_DELAY = Duration.ofSeconds(10);
    private static final int LEAST_WINDOW = 256 * 1024;

    private final Parts parts;
    private final Spool spool;
    private final InFlight inFlight = new InFlight();
    private final Backoff resends =
            new Backoff(
                    Duration.ofMillis(100),
                    LONGEST_RESEND_DELAY,
                    () -> ThreadLocalRandom.current().nextDouble());

    private @Nullable ClientCallStreamObserver<StreamTelemetryRequest> requests;
    private @Nullable SpoolOpened opened;
    private @Nullable Status ended;
    private boolean reconnect;
    private long next;
    private long rewindTo;
    private long holdUntilNanos = System.nanoTime();

    /**
     * What a session works with.
     *
     * @param answerTimeout how long a message may stay without an answer
     */
    record Parts(
            Spool spool,
            RejectedBatches rejected,
            Device device,
            String version,
            AgentCounters counters,
            Problems problems,
            Clock clock,
            Duration answerTimeout) {}

    GrpcSession(Parts parts) {
        this.parts = parts;
        this.spool = parts.spool();
    }

    /**
     * Runs until the stream ends.
     *
     * @param onOpened called once when the log has opened the spool
     * @param stopping asked from time to time; ends the stream after what is on its way
     * @return OK when the stream ended as both sides wished
     */
    Status run(Channel channel, Runnable onOpened, BooleanSupplier stopping)
            throws InterruptedException, IOException {
        TelemetryServiceGrpc.newStub(channel).streamTelemetry(this);
        ClientCallStreamObserver<StreamTelemetryRequest> stream =
                java.util.Objects.requireNonNull(requests);
        stream.onNext(StreamTelemetryRequest.newBuilder().setOpen(open()).build());
        try {
            if (!awaitOpened()) {
                return endedOr(
                        Status.DEADLINE_EXCEEDED.withDescription(
                                "the log did not open the spool in time"));
            }
            onOpened.run();
            while (true) {
                Optional<Status> end = step(stream, stopping.getAsBoolean());
                if (end.isPresent()) {
                    return end.get();
                }
            }
        } finally {
            stream.cancel("the session is over", null);
        }
    }

    /** Sends one message or waits a little; a status when the session is over. */
    private Optional<Status> step(
            ClientCallStreamObserver<StreamTelemetryRequest> stream, boolean stopping)
            throws InterruptedException, IOException {
        Optional<SpoolEntry> entry = Optional.empty();
        synchronized (this) {
            if (ended != null) {
                return Optional.of(ended);
            }
            if (isOverdue()) {
                return Optional.of(
                        Status.DEADLINE_EXCEEDED.withDescription(
                                "the log did not answer a batch in time"));
            }
            if (inFlight.isEmpty() && (stopping || reconnect)) {
                stream.onCompleted();
                return Optional.of(Status.OK);
            }
            if (inFlight.isEmpty() && rewindTo > 0) {
                moveTo(rewindTo);
                rewindTo = 0;
            }
            if (maySend(stream) && !stopping && !reconnect) {
                entry = spool.read(next);
                entry.ifPresent(found -> send(stream, found));
            }
        }
        if (entry.isEmpty()) {
            spool.awaitChange(POLL_MILLIS);
        }
        return Optional.empty();
    }

    private boolean maySend(ClientCallStreamObserver<StreamTelemetryRequest> stream) {
        return rewindTo == 0
                && System.nanoTime() - holdUntilNanos >= 0
                && stream.isReady()
                && (inFlight.isEmpty() || inFlight.bytes() < window());
    }

    private int window() {
        return opened == null ? LEAST_WINDOW : Math.max(LEAST_WINDOW, opened.getMaxInFlightBytes());
    }

    private void send(ClientCallStreamObserver<StreamTelemetryRequest> stream, SpoolEntry entry) {
        StreamTelemetryRequest.Builder request = StreamTelemetryRequest.newBuilder();
        switch (entry) {
            case SpoolEntry.Batch batch ->
                    request.setBatch(batch.batch().toBuilder().setSentTimeNs(nanos()));
            case SpoolEntry.Gap gap ->
                    request.setGap(
                            SequenceGap.newBuilder()
                                    .setFirstSequence(gap.firstSequence())
                                    .setLastSequence(gap.lastSequence())
                                    .setEvents(gap.events())
                                    .setTimeNs(gap.timeNanos())
                                    .setReason(gap.reason())
                                    .setDevice(parts.device()));
        }
        StreamTelemetryRequest message = request.build();
        stream.onNext(message);
        inFlight.add(entry, message.getSerializedSize());
        next = entry.lastSequence() + 1;
    }

    private boolean isOverdue() {
        long timeout = parts.answerTimeout().toNanos();
        return inFlight.oldest()
                .filter(oldest -> System.nanoTime() - oldest.sentNanos > timeout)
                .isPresent();
    }

    private SpoolOpen open() {
        return SpoolOpen.newBuilder()
                .setSpoolId(spool.id().toString())
                .setOldestSequence(spool.oldestSequence())
                .setAgentTimeNs(nanos())
                .setAgentVersion(parts.version())
                .build();
    }

    private boolean awaitOpened() throws InterruptedException, IOException {
        long deadline = System.nanoTime() + parts.answerTimeout().toNanos();
        while (System.nanoTime() - deadline < 0) {
            synchronized (this) {
                if (ended != null) {
                    return false;
                }
                if (opened != null) {
                    moveTo(opened.getExpectedSequence());
                    return true;
                }
            }
            spool.awaitChange(POLL_MILLIS);
        }
        return false;
    }

    private Status endedOr(Status otherwise) {
        synchronized (this) {
            return ended == null ? otherwise : ended;
        }
    }

    /** The log says which number it takes next: what is below it is durable there. */
    private void moveTo(long expected) throws IOException {
        spool.skipTo(expected);
        spool.acknowledge(expected - 1);
        next = Math.max(1, expected);
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<StreamTelemetryRequest> stream) {
        requests = stream;
        stream.setOnReadyHandler(spool::wake);
    }

    @Override
    public void onNext(StreamTelemetryResponse response) {
        synchronized (this) {
            switch (response.getMessageCase()) {
                case OPENED -> opened = response.getOpened();
                case ACKNOWLEDGEMENT -> answered(response.getAcknowledgement());
                case HINT -> reconnect |= response.getHint().getReconnect();
                case MESSAGE_NOT_SET -> LOG.debug("a message of a newer log was ignored");
            }
        }
        spool.wake();
    }

    @Override
    public void onError(Throwable error) {
        end(Status.fromThrowable(error));
    }

    @Override
    public void onCompleted() {
        end(Status.OK);
    }

    private void end(Status status) {
        synchronized (this) {
            ended = status;
        }
        spool.wake();
    }

    private void answered(BatchAcknowledgement answer) {
        try {
            switch (answer.getStatus()) {
                case ACKNOWLEDGEMENT_STATUS_STORED, ACKNOWLEDGEMENT_STATUS_DUPLICATE -> {
                    settle(inFlight.stored(answer.getSequence()));
                    resends.reset();
                }
                case ACKNOWLEDGEMENT_STATUS_REJECTED -> reject(answer);
                case ACKNOWLEDGEMENT_STATUS_RETRY_AFTER -> {
                    hold(Math.min(answer.getRetryAfterMillis(), LONGEST_HOLD_MILLIS));
                    rewind(answer.getSequence(), spool.acknowledged() + 1);
                }
                case ACKNOWLEDGEMENT_STATUS_EXPECTED -> {
                    hold(0);
                    rewind(answer.getSequence(), answer.getExpectedSequence());
                }
                case ACKNOWLEDGEMENT_STATUS_UNSPECIFIED, UNRECOGNIZED ->
                        LOG.atWarn()
                                .addKeyValue(LogKeys.SEQUENCE, answer.getSequence())
                                .log("an answer of a newer log was ignored");
            }
        } catch (IOException e) {
            LOG.atWarn().setCause(e).log("spool not writable");
            parts.problems()
                    .say(
                            "spool-ledger",
                            "cannot write the spool's ledger ("
                                    + e.getMessage()
                                    + "): free disk space; batches may be sent twice");
        }
    }

    private void reject(BatchAcknowledgement answer) throws IOException {
        long sequence = answer.getSequence();
        Optional<InFlight.Sent> message = inFlight.find(sequence);
        if (message.isEmpty()) {
            return;
        }
        if (rewindTo > 0) {
            inFlight.drop(sequence); // one before it was not stored: it is sent, and refused, again
            return;
        }
        if (spool.read(sequence).orElse(null) instanceof SpoolEntry.Batch batch) {
            parts.rejected().add(batch.batch(), answer.getReason());
            parts.counters().lost(batch.events());
        }
        LOG.atWarn()
                .addKeyValue(LogKeys.SEQUENCE, sequence)
                .addKeyValue(LogKeys.REASON, answer.getReason())
                .log("batch rejected and set aside");
        parts.problems()
                .say(
                        "rejected",
                        "the log rejected batches; they are in the folder rejected, the last reason: "
                                + answer.getReason());
        settle(inFlight.settle(message.get()));
    }

    private void settle(InFlight.Settled settled) throws IOException {
        parts.counters().acknowledged(settled.events());
        spool.acknowledge(settled.upTo());
    }

    private void rewind(long unanswered, long to) {
        inFlight.drop(unanswered);
        rewindTo = Math.max(1, to);
    }

    /** Not before some time, and a little later with each rewind that did not help. */
    private void hold(long millis) {
        Duration more = rewindTo == 0 ? resends.next() : Duration.ZERO;
        long until = System.nanoTime() + Duration.ofMillis(millis).plus(more).toNanos();
        holdUntilNanos = holdUntilNanos - until > 0 ? holdUntilNanos : until;
    }

    private long nanos() {
        Instant now = parts.clock().instant();
        return Math.addExact(
                Math.multiplyExact(now.getEpochSecond(), 1_000_000_000L), now.getNano());
    }
}
