package dev.yagura.ingest.telemetry;

import dev.yagura.common.error.DependencyUnavailableException;
import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.common.error.LimitExceededException;
import dev.yagura.common.error.PermissionDeniedException;
import dev.yagura.common.error.YaguraException;
import dev.yagura.common.log.LogKeys;
import dev.yagura.ingest.log.OpenOutcome;
import dev.yagura.proto.ingest.v1.BatchAcknowledgement;
import dev.yagura.proto.ingest.v1.SpoolOpen;
import dev.yagura.proto.ingest.v1.StreamTelemetryRequest;
import dev.yagura.proto.ingest.v1.StreamTelemetryResponse;
import dev.yagura.proto.type.v1.AgentIdentity;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One stream of an agent: its order, its credit and its end.
 *
 * <p>Messages arrive on the transport's thread, are handled one after another by a worker, and are
 * answered on the log's threads. One message at a time is asked for, ahead of the appends as far as
 * the stream's and the common budget allow.
 */
final class TelemetryStream {
    private static final Logger LOG = LoggerFactory.getLogger(TelemetryStream.class);

    /** Then another stream has its turn. */
    private static final int MESSAGES_PER_TURN = 16;

    private final Intake intake;
    private final AgentIdentity agent;
    private final StreamPeer peer;
    private final TokenBucket rate;
    private final Runnable onRoom = this::requestMore;
    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by the lock.
    private final ArrayDeque<Received> mailbox = new ArrayDeque<>();
    private final ClockOffset clockOffset = new ClockOffset();
    private boolean opening;
    private boolean working;
    private boolean requested = true;
    private boolean finishing;
    private boolean closed;
    private int heldMessages;
    private long heldBytes;
    private @Nullable SpoolAppends spool;

    /** A message with what is known of its receipt. */
    record Received(
            StreamTelemetryRequest message, int bytes, long receivedNanos, long offsetNanos) {}

    TelemetryStream(Intake intake, AgentIdentity agent, StreamPeer peer) {
        this.intake = intake;
        this.agent = agent;
        this.peer = peer;
        this.rate = intake.rates().acquire(agent.getAgentId());
    }

    /** From the transport; never blocks. */
    void receive(StreamTelemetryRequest message) {
        int bytes = message.getSerializedSize();
        if (bytes > intake.config().maxMessageBytes()) {
            fail(
                    new LimitExceededException(
                            "the message has %d bytes; send at most %d"
                                    .formatted(bytes, intake.config().maxMessageBytes()),
                            Duration.ZERO));
            return;
        }
        boolean taken = intake.budget().tryTake(bytes);
        lock.lock();
        try {
            requested = false;
            if (closed) {
                releaseBudget(taken ? bytes : 0);
                return;
            }
            long now = intake.now();
            Received received = new Received(message, bytes, now, offset(message, now));
            if (taken) {
                heldMessages++;
                heldBytes += bytes;
                mailbox.add(received);
                work();
            } else {
                holdBack(message);
            }
            requestMore();
        } finally {
            lock.unlock();
        }
    }

    private long offset(StreamTelemetryRequest message, long now) {
        return switch (message.getMessageCase()) {
            case OPEN -> clockOffset.estimate(message.getOpen().getAgentTimeNs(), now);
            case BATCH -> clockOffset.estimate(message.getBatch().getSentTimeNs(), now);
            case GAP, MESSAGE_NOT_SET -> clockOffset.estimate(0, now);
        };
    }

    /** All streams together hold as much as they may. */
    private void holdBack(StreamTelemetryRequest message) {
        long wait = intake.config().retryAfter().toMillis();
        switch (message.getMessageCase()) {
            case BATCH -> acknowledge(Answers.retryAfter(message.getBatch().getSequence(), wait));
            case GAP -> acknowledge(Answers.retryAfter(message.getGap().getLastSequence(), wait));
            case OPEN, MESSAGE_NOT_SET ->
                    fail(
                            new LimitExceededException(
                                    "the server is full", intake.config().retryAfter()));
        }
    }

    /** The peer reads again, or there is room again. */
    void requestMore() {
        lock.lock();
        try {
            if (!requested
                    && !closed
                    && !finishing
                    && heldBytes < intake.config().streamBytes()
                    && peer.isReady()
                    && intake.budget().hasRoom(onRoom)) {
                requested = true;
                peer.request();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The agent sends no more; it gets the answers that are due. */
    void halfClose() {
        lock.lock();
        try {
            finishing = true;
            completeWhenIdle();
        } finally {
            lock.unlock();
        }
    }

    /** The agent is gone. */
    void cancel() {
        lock.lock();
        try {
            close();
        } finally {
            lock.unlock();
        }
    }

    /** The server stops: the agent is told, and what it has sent is answered. */
    void drain() {
        lock.lock();
        try {
            if (!closed) {
                finishing = true;
                peer.send(Answers.RECONNECT);
                completeWhenIdle();
            }
        } finally {
            lock.unlock();
        }
    }

    private void work() {
        if (working || opening || mailbox.isEmpty()) {
            return;
        }
        working = true;
        try {
            intake.workers().execute(this::turn);
        } catch (RejectedExecutionException e) {
            fail(new DependencyUnavailableException("the intake", intake.config().retryAfter(), e));
        }
    }

    private void turn() {
        try {
            BatchInspector inspector = intake.inspectors().take();
            try {
                for (int i = 0; i < MESSAGES_PER_TURN && handleNext(inspector); i++) {}
            } finally {
                intake.inspectors().add(inspector);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        lock.lock();
        try {
            working = false;
            work();
        } finally {
            lock.unlock();
        }
    }

    private boolean handleNext(BatchInspector inspector) {
        Received next;
        lock.lock();
        try {
            next = closed || opening ? null : mailbox.poll();
        } finally {
            lock.unlock();
        }
        if (next == null) {
            return false;
        }
        try {
            handle(next, inspector);
        } catch (YaguraException e) {
            answered(next, null);
            fail(e);
        } catch (RuntimeException e) {
            answered(next, null);
            failUnforeseen(e);
        }
        return true;
    }

    private void handle(Received received, BatchInspector inspector) {
        SpoolAppends current = spool;
        StreamTelemetryRequest message = received.message();
        if (current == null) {
            if (!message.hasOpen()) {
                throw new InvalidFieldException(
                        "open", "is missing in the first message", "open the spool first");
            }
            open(received, message.getOpen());
            return;
        }
        switch (message.getMessageCase()) {
            case BATCH -> current.batch(received, message.getBatch(), inspector);
            case GAP -> current.gap(received, message.getGap());
            case OPEN ->
                    throw new InvalidFieldException(
                            "open", "is only for the first message", "use a stream for each spool");
            case MESSAGE_NOT_SET ->
                    throw new InvalidFieldException(
                            "message", "is empty or unknown", "send open, batch or gap");
        }
    }

    private void open(Received received, SpoolOpen open) {
        String spoolId = spoolId(open.getSpoolId());
        lock.lock();
        try {
            opening = true;
        } finally {
            lock.unlock();
        }
        whenDone(intake.log().open(agent, spoolId), outcome -> opened(received, spoolId, outcome));
    }

    private static String spoolId(String text) {
        try {
            String canonical = UUID.fromString(text).toString();
            if (canonical.equalsIgnoreCase(text)) {
                return canonical;
            }
        } catch (IllegalArgumentException e) {
            // answered below
        }
        throw new InvalidFieldException("open.spool_id", "is no UUID", "send the spool's UUID");
    }

    private void opened(Received received, String spoolId, OpenOutcome outcome) {
        lock.lock();
        try {
            opening = false;
            switch (outcome) {
                case OpenOutcome.Opened opened -> {
                    spool = new SpoolAppends(intake, this, agent, spoolId, opened.session(), rate);
                    send(Answers.opened(opened.expectedSequence(), intake.now(), intake.config()));
                }
                case OpenOutcome.OtherAgent() ->
                        fail(
                                new PermissionDeniedException(
                                        "spool " + spoolId + " belongs to another agent"));
                case OpenOutcome.Unavailable(String reason) ->
                        fail(
                                new DependencyUnavailableException(
                                        "the event log",
                                        intake.config().retryAfter(),
                                        new IllegalStateException(reason)));
            }
            answered(received, null);
            work();
        } finally {
            lock.unlock();
        }
    }

    /**
     * A message is done with; its room is free.
     *
     * @param answer null when there is none
     */
    void answered(Received received, @Nullable BatchAcknowledgement answer) {
        lock.lock();
        try {
            heldMessages--;
            heldBytes -= received.bytes();
            if (answer != null) {
                acknowledge(answer);
            }
            requestMore();
            completeWhenIdle();
        } finally {
            lock.unlock();
        }
        releaseBudget(received.bytes());
    }

    private void acknowledge(BatchAcknowledgement answer) {
        intake.metrics().answered(answer.getStatus());
        send(StreamTelemetryResponse.newBuilder().setAcknowledgement(answer).build());
    }

    private void send(StreamTelemetryResponse message) {
        if (!closed) {
            peer.send(message);
        }
    }

    private void completeWhenIdle() {
        if (finishing && !closed && heldMessages == 0 && !opening) {
            close();
            peer.complete();
        }
    }

    /** What the log's answer leads to; a mistake in it ends the stream and is seen. */
    <T> void whenDone(CompletableFuture<T> outcome, Consumer<T> action) {
        var unused =
                outcome.thenAccept(action)
                        .exceptionally(error -> {
                            failUnforeseen(error);
                            return null;
                        });
    }

    private void failUnforeseen(Throwable error) {
        LOG.atError()
                .addKeyValue(LogKeys.AGENT, agent.getAgentId())
                .setCause(error)
                .log("batch failed unforeseen");
        fail(new DependencyUnavailableException("the intake", intake.config().retryAfter(), error));
    }

    void fail(YaguraException error) {
        lock.lock();
        try {
            if (!closed) {
                close();
                peer.fail(error);
            }
        } finally {
            lock.unlock();
        }
    }

    /** A newer stream has the spool. */
    void endForNewer() {
        lock.lock();
        try {
            if (!closed) {
                close();
                peer.endForNewer();
            }
        } finally {
            lock.unlock();
        }
    }

    /** What was not handed to the log is forgotten: nobody acknowledged it. */
    private void close() {
        if (closed) {
            return;
        }
        closed = true;
        int forgotten = 0;
        for (Received received : mailbox) {
            heldMessages--;
            heldBytes -= received.bytes();
            forgotten += received.bytes();
        }
        mailbox.clear();
        intake.budget().forget(onRoom);
        intake.closed(this, agent);
        releaseBudget(forgotten);
    }

    private void releaseBudget(int bytes) {
        if (bytes > 0) {
            intake.budget().release(bytes);
        }
    }
}
