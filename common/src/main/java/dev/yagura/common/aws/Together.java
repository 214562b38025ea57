package dev.yagura.common.aws;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.AbortedException;

/**
 * Calls to AWS that do not depend on each other, made at the same time, up to eight of them. Each
 * has the deadline of its client, so closing, which waits for all of them, ends too.
 */
public final class Together implements AutoCloseable {
    /** AWS throttles by account: enough to hide the wire, too few for a storm. */
    private static final int AT_ONCE = 8;

    /** Platform threads: the SDK keeps its XML readers, which are costly to make, by thread. */
    private static final ExecutorService THREADS =
            Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("aws-", 0).factory());

    private final Semaphore free = new Semaphore(AT_ONCE);
    private final Queue<Future<?>> begun = new ConcurrentLinkedQueue<>();

    /**
     * Begins a call.
     *
     * @return waits for its result, or throws what it threw; never asked, its failure is nobody's
     */
    public <T> Supplier<T> start(Supplier<T> call) {
        Future<T> future =
                THREADS.submit(() -> {
                    free.acquire();
                    try {
                        return call.get();
                    } finally {
                        free.release();
                    }
                });
        begun.add(future);
        return () -> result(future);
    }

    /** Results in the order of the calls; throws what the first of them that failed threw. */
    public static <T> List<T> all(List<Supplier<T>> calls) {
        if (calls.size() == 1) {
            return List.of(calls.getFirst().get());
        }
        try (Together together = new Together()) {
            List<Supplier<T>> started = calls.stream().map(together::start).toList();
            return started.stream().map(Supplier::get).toList();
        }
    }

    /** Waits; one that is interrupted meanwhile interrupts the calls. */
    @Override
    public void close() {
        for (Future<?> each : begun) {
            try {
                each.get();
            } catch (ExecutionException e) {
                // Told to whoever asked for its result.
            } catch (InterruptedException e) {
                begun.forEach(call -> call.cancel(true));
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private static <T> T result(Future<T> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw AbortedException.create("interrupted while waiting for AWS", e);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException thrown -> throw thrown;
                case Error error -> throw error;
                case InterruptedException interrupted ->
                        throw AbortedException.create("interrupted before a call", interrupted);
                case null, default -> throw new IllegalStateException(e);
            }
        }
    }
}
