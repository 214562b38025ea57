package dev.yagura.agent.delivery;

import dev.yagura.agent.connection.Backoff;
import dev.yagura.agent.connection.GrpcFailures;
import dev.yagura.agent.connection.GrpcGateway;
import dev.yagura.agent.enrollment.AgentIdentity;
import dev.yagura.agent.enrollment.StateFolder;
import dev.yagura.agent.failure.AgentFailure;
import dev.yagura.common.log.LogKeys;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a stream to the log: connects, and connects again with exponential back-off and full
 * jitter. A refused agent tries slowly and keeps its spool; a fenced one (another process sends
 * from a copy of its spool) ends.
 */
public final class GrpcDelivery implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GrpcDelivery.class);
    private static final String TOPIC = "delivery";

    private final GrpcSession.Parts parts;
    private final ManagedChannel channel;
    private final String gateway;
    private final DeliveryConfig config;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread;
    private volatile DeliveryState state = new DeliveryState(false, false, null);
    private volatile boolean drain;

    /** Begins to send to the gateway that the agent is enrolled with. */
    public static GrpcDelivery start(
            StateFolder state,
            AgentIdentity identity,
            DeliveryConfig config,
            DeliverySource source) {
        return new GrpcDelivery(
                GrpcGateway.channel(state, identity), identity.gateway(), config, source);
    }

    /**
     * Begins to send.
     *
     * @param channel closed by {@link #close}
     * @param gateway "host:port", for texts
     */
    GrpcDelivery(
            ManagedChannel channel, String gateway, DeliveryConfig config, DeliverySource source) {
        this.channel = channel;
        this.gateway = gateway;
        this.config = config;
        this.parts =
                new GrpcSession.Parts(
                        source.spool(),
                        source.rejected(),
                        source.device(),
                        source.version(),
                        source.counters(),
                        source.problems(),
                        source.clock(),
                        config.answerTimeout());
        this.thread = Thread.ofPlatform().name("delivery").daemon().start(this::run);
    }

    public DeliveryState state() {
        return state;
    }

    /** Waits until everything in the spool is acknowledged; false when the time was over first. */
    public boolean awaitDrained(Duration time) throws InterruptedException {
        long deadline = System.nanoTime() + time.toNanos();
        while (parts.spool().waitingBatches() > 0 && !state.ended()) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                return false;
            }
            parts.spool().awaitChange(Math.min(left, 200));
        }
        return parts.spool().waitingBatches() == 0;
    }

    /** Ends the stream after what is on its way; the spool keeps the rest. */
    @Override
    public void close() {
        drain = true;
        stop.countDown();
        parts.spool().wake();
        try {
            thread.join(config.drainTime());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        channel.shutdownNow();
        thread.interrupt();
    }

    private void run() {
        Backoff retries =
                new Backoff(
                        config.firstRetry(),
                        config.lastRetry(),
                        () -> ThreadLocalRandom.current().nextDouble());
        try {
            while (!drain) {
                channel.resetConnectBackoff();
                Status status =
                        new GrpcSession(parts).run(channel, () -> opened(retries), () -> drain);
                if (drain || !goesOn(status, retries)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            LOG.atError().setCause(e).log("delivery ended: spool not readable");
            parts.problems()
                    .say(
                            TOPIC,
                            "the spool cannot be read ("
                                    + e.getMessage()
                                    + "): repair the disk and restart the agent");
            state =
                    new DeliveryState(
                            false,
                            true,
                            new AgentFailure(
                                    AgentFailure.Kind.FAILED,
                                    "the spool cannot be read: " + e.getMessage(),
                                    e));
        } finally {
            parts.spool().wake();
        }
    }

    private void opened(Backoff retries) {
        retries.reset();
        parts.problems().solved(TOPIC);
        state = new DeliveryState(true, false, null);
        parts.spool().wake();
    }

    /** Waits before the next try; false when there is none. */
    private boolean goesOn(Status status, Backoff retries) throws InterruptedException {
        if (status.isOk()) {
            state = new DeliveryState(false, false, null);
            return !stop.await(retries.next().toMillis(), TimeUnit.MILLISECONDS);
        }
        AgentFailure failure = GrpcFailures.of(status.asRuntimeException(), gateway);
        boolean fenced = status.getCode() == Status.Code.ABORTED;
        state = new DeliveryState(false, fenced, failure);
        parts.problems().say(TOPIC, String.valueOf(failure.getMessage()));
        parts.spool().wake();
        Duration delay = failure.kind() == AgentFailure.Kind.NOT_ALLOWED ? slow() : retries.next();
        LOG.atWarn()
                .addKeyValue(LogKeys.CODE, status.getCode())
                .addKeyValue(LogKeys.REASON, failure.getMessage())
                .log(
                        fenced
                                ? "delivery ended"
                                : "delivery interrupted; the spool keeps what is not acknowledged");
        return !fenced && !stop.await(delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Half to one and a half of the slow delay. */
    private Duration slow() {
        return Duration.ofMillis(
                (long)
                        (config.refusedRetry().toMillis()
                                * (0.5 + ThreadLocalRandom.current().nextDouble())));
    }
}
