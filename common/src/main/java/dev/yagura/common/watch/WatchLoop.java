package dev.yagura.common.watch;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongSupplier;

/** The loop of a watch, from changed ids to what a client sees. */
public final class WatchLoop<T> {
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);

    /** A sink that is done is noticed this soon. */
    private static final Duration LOOK = Duration.ofMillis(500);

    private final ChangeSubscription subscription;
    private final Loader<T> loader;
    private final Sink<T> sink;
    private final LongSupplier nanoTime;
    private long lastSent;

    /** Loads what changed. */
    @FunctionalInterface
    public interface Loader<T> {
        /** The newest state by id; without those that the caller may not or need not see. */
        Map<UUID, T> load(List<UUID> keys);
    }

    /** The receiving end; may block in either method for as long as its client does not read. */
    public interface Sink<T> {
        /** A resource changed; everything up to the cursor has been handed over. */
        void changed(String cursor, T item) throws InterruptedException;

        /** Nothing to show, but the cursor is newer. */
        void idle(String cursor) throws InterruptedException;

        /** True once the client is gone. */
        boolean isEnded();
    }

    WatchLoop(
            ChangeSubscription subscription,
            Loader<T> loader,
            Sink<T> sink,
            LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.subscription = subscription;
        this.loader = loader;
        this.sink = sink;
    }

    void run() throws InterruptedException {
        idle();
        while (!sink.isEnded()) {
            List<Change> changes = subscription.next(LOOK);
            if (!changes.isEmpty()) {
                handOver(changes);
            }
            if (nanoTime.getAsLong() - lastSent >= HEARTBEAT.toNanos()) {
                idle();
            }
        }
    }

    private void handOver(List<Change> changes) throws InterruptedException {
        LinkedHashMap<UUID, Change> newest = new LinkedHashMap<>();
        for (Change change : changes) {
            newest.putLast(change.key(), change);
        }
        Map<UUID, T> items = loader.load(List.copyOf(newest.keySet()));
        for (Change change : newest.values()) {
            T item = items.get(change.key());
            if (item != null) {
                sink.changed(subscription.cursorAfter(change), item);
                lastSent = nanoTime.getAsLong();
            }
        }
    }

    private void idle() throws InterruptedException {
        sink.idle(subscription.cursor());
        lastSent = nanoTime.getAsLong();
    }
}
