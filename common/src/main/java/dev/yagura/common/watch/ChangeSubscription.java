package dev.yagura.common.watch;

import java.time.Duration;
import java.util.List;

/** One watch: a place in the feed that moves on as pages are taken. Used by one thread. */
public final class ChangeSubscription implements AutoCloseable {
    private final ChangeWatcher watcher;
    private final long epoch;
    private FeedCursor position;
    private boolean closed;

    ChangeSubscription(ChangeWatcher watcher, long epoch, FeedCursor position) {
        this.epoch = epoch;
        this.watcher = watcher;
        this.position = position;
    }

    /**
     * The next changes, at most 500, in order, none skipped; empty when there were none within the
     * wait.
     *
     * @throws dev.yagura.common.error.CursorExpiredException this watch fell behind what is kept
     * @throws dev.yagura.common.error.DependencyUnavailableException the database is away while old
     *     changes are needed, or this process stops
     */
    public List<Change> next(Duration wait) throws InterruptedException {
        List<Change> changes = watcher.next(epoch, position, wait);
        if (!changes.isEmpty()) {
            position = new FeedCursor(position.incarnation(), changes.getLast().number());
        }
        return changes;
    }

    /** Where to go on after everything that was taken. */
    public String cursor() {
        return position.encode();
    }

    /** Where to go on after this change, one of the page taken last. */
    public String cursorAfter(Change change) {
        return new FeedCursor(position.incarnation(), change.number()).encode();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            watcher.ended();
        }
    }
}
