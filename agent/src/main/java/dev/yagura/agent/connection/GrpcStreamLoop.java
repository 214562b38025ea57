package dev.yagura.agent.connection;

import dev.yagura.common.log.LogKeys;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens a stream on a connection of its own, and the next one when that has ended: whatever breaks
 * it, it comes back with exponential back-off.
 */
public final class GrpcStreamLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GrpcStreamLoop.class);

    private final ManagedChannel channel;
    private final String interrupted;
    private final Object monitor = new Object();
    private final Backoff retries =
            new Backoff(
                    Duration.ofSeconds(1),
                    Duration.ofMinutes(1),
                    () -> ThreadLocalRandom.current().nextDouble());
    private boolean stopped;

    /** Talks on one stream until that has ended. */
    @FunctionalInterface
    public interface Talk {
        void hold() throws InterruptedException;
    }

    /**
     * A loop that does not run yet.
     *
     * @param channel closed by {@link #close}
     * @param interrupted what is logged of a stream that broke
     */
    public GrpcStreamLoop(ManagedChannel channel, String interrupted) {
        this.channel = channel;
        this.interrupted = interrupted;
    }

    /** Talks again and again, in a thread of this name. */
    public void start(String name, Talk talk) {
        Thread.ofPlatform().name(name).daemon().start(() -> run(talk));
    }

    private void run(Talk talk) {
        try {
            while (!isStopped()) {
                channel.resetConnectBackoff();
                talk.hold();
                pause(retries.next());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    public ManagedChannel channel() {
        return channel;
    }

    /** The stream is good: the next one, if it breaks, comes soon. */
    public void succeeded() {
        retries.reset();
    }

    public boolean isStopped() {
        synchronized (monitor) {
            return stopped;
        }
    }

    /** Waits, at the most until it is closed. */
    public void pause(Duration time) throws InterruptedException {
        pause(time, null);
    }

    private void pause(Duration time, @Nullable Answers<?> answers) throws InterruptedException {
        long deadline = System.nanoTime() + time.toNanos();
        synchronized (monitor) {
            for (long left = time.toMillis();
                    left > 0 && !stopped && (answers == null || !answers.ended);
                    left = (deadline - System.nanoTime()) / 1_000_000) {
                monitor.wait(left);
            }
        }
    }

    /** Says that it ends, and wakes whoever waits; the channel is open still. */
    public void stop() {
        synchronized (monitor) {
            stopped = true;
            monitor.notifyAll();
        }
    }

    @Override
    public void close() {
        stop();
        channel.shutdownNow();
    }

    /**
     * The interval that a gateway asks for, within bounds.
     *
     * @param usual where it asks for none
     */
    public static Duration interval(
            com.google.protobuf.Duration asked, Duration usual, Duration longest) {
        Duration interval = Duration.ofSeconds(asked.getSeconds(), asked.getNanos());
        if (interval.isZero() || interval.isNegative()) {
            return usual;
        }
        return interval.compareTo(longest) > 0 ? longest : interval;
    }

    /** What comes back on one stream; answers are waited for by the interval that they name. */
    public abstract static class Answers<R> implements StreamObserver<R> {
        private final GrpcStreamLoop loop;
        private @Nullable Duration interval;
        private boolean ended;

        protected Answers(GrpcStreamLoop loop) {
            this.loop = loop;
        }

        /** To be called for what {@link #awaitInterval} waits for. */
        protected final void answered(Duration next) {
            synchronized (loop.monitor) {
                interval = next;
                loop.monitor.notifyAll();
            }
        }

        /** Of the next answer; zero when there was none in time. */
        protected final Duration awaitInterval(Duration timeout) throws InterruptedException {
            long deadline = System.nanoTime() + timeout.toNanos();
            synchronized (loop.monitor) {
                while (interval == null
                        && !ended
                        && !loop.stopped
                        && System.nanoTime() - deadline < 0) {
                    loop.monitor.wait(200);
                }
                Duration received = interval;
                interval = null;
                return received == null ? Duration.ZERO : received;
            }
        }

        /** Waits, at the most until this stream has ended or the loop is closed. */
        protected final void pauseWhileOpen(Duration time) throws InterruptedException {
            loop.pause(time, this);
        }

        /** Whether nothing comes any more. */
        protected final boolean isEnded() {
            synchronized (loop.monitor) {
                return ended;
            }
        }

        @Override
        public final void onError(Throwable error) {
            LOG.atInfo()
                    .addKeyValue(LogKeys.CODE, Status.fromThrowable(error).getCode())
                    .log(loop.interrupted);
            onCompleted();
        }

        @Override
        public final void onCompleted() {
            synchronized (loop.monitor) {
                ended = true;
                loop.monitor.notifyAll();
            }
        }
    }
}
