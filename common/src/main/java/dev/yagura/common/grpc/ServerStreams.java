package dev.yagura.common.grpc;

import io.grpc.Context;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Server streams written as plain loops on a virtual thread. {@link Sink#send} blocks while the
 * receiver does not read, so a slow receiver holds its sender's memory flat.
 */
public final class ServerStreams {

    /** The body of a stream; returns to complete it, throws to fail it. */
    @FunctionalInterface
    public interface Body<T> {
        void run(Sink<T> sink) throws InterruptedException;
    }

    /** Where the body sends. */
    public interface Sink<T> {
        /**
         * Sends when the receiver is ready.
         *
         * @throws StreamEndedException the receiver is gone
         */
        void send(T message) throws InterruptedException;

        /** True once the receiver is gone; a body that waits for news asks from time to time. */
        boolean isEnded();
    }

    /** The receiver went away; the body unwinds by it. */
    public static final class StreamEndedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        StreamEndedException() {
            super("the receiver is gone", null, false, false);
        }
    }

    private ServerStreams() {}

    /** Runs the body on its own virtual thread, in the caller's gRPC context. */
    public static <T> void serve(StreamObserver<T> observer, Body<T> body) {
        ObserverSink<T> sink = new ObserverSink<>((ServerCallStreamObserver<T>) observer);
        Context context = Context.current();
        Thread.ofVirtual().name("grpc-stream").start(context.wrap(() -> sink.run(body)));
    }

    private static final class ObserverSink<T> implements Sink<T> {
        private final ServerCallStreamObserver<T> observer;
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition changed = lock.newCondition();

        ObserverSink(ServerCallStreamObserver<T> observer) {
            this.observer = observer;
            observer.setOnReadyHandler(this::signal);
            observer.setOnCancelHandler(this::signal);
        }

        void run(Body<T> body) {
            try {
                body.run(this);
                observer.onCompleted();
            } catch (StreamEndedException e) {
                // The receiver hung up: nothing to answer.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                observer.onError(
                        io.grpc.Status.UNAVAILABLE.withDescription("draining").asException());
            } catch (Throwable e) {
                // Also what nobody declared: a receiver that is told nothing waits forever.
                if (!isEnded()) {
                    observer.onError(e);
                }
            }
        }

        @Override
        public void send(T message) throws InterruptedException {
            lock.lockInterruptibly();
            try {
                while (!observer.isReady()) {
                    if (isEnded()) {
                        throw new StreamEndedException();
                    }
                    changed.await();
                }
            } finally {
                lock.unlock();
            }
            observer.onNext(message);
        }

        @Override
        public boolean isEnded() {
            return observer.isCancelled();
        }

        private void signal() {
            lock.lock();
            try {
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }
}
