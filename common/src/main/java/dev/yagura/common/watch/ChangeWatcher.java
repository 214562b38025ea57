package dev.yagura.common.watch;

import dev.yagura.common.error.CursorExpiredException;
import dev.yagura.common.error.DependencyUnavailableException;
import dev.yagura.common.log.LogKeys;
import dev.yagura.common.persistence.Transactions;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves any number of watches of one feed from one poller, which runs while there is a
 * subscription. While the database is away subscriptions hear nothing, and go on where they were.
 */
public final class ChangeWatcher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ChangeWatcher.class);

    /** How late a commit of another process is seen. */
    private static final Duration POLL_INTERVAL = Duration.ofMillis(50);

    private static final Duration MAX_PAUSE = Duration.ofSeconds(2);
    private static final int RING_CAPACITY = 8192;
    private static final int POLL_LIMIT = 1000;

    /** Changes that a subscription takes at once. */
    static final int PAGE_LIMIT = 500;

    private final String name;
    private final FeedTable table;
    private final Transactions transactions;
    private final LongSupplier nanoTime;
    private final Semaphore wakeUps = new Semaphore(0);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final ChangeRing ring = new ChangeRing(RING_CAPACITY);
    private @Nullable UUID incarnation;

    /** Grows when the feed is not what it was; older subscriptions expire. */
    private long epoch;

    private int subscriptions;
    private boolean polling;
    private boolean closed;

    ChangeWatcher(String name, FeedTable table, Transactions transactions, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.name = name;
        this.table = table;
        this.transactions = transactions;
    }

    /**
     * Starts to follow.
     *
     * @param cursor where to go on; empty starts with what is committed from now
     * @throws CursorExpiredException below the kept changes, above the head, or of another feed
     * @throws dev.yagura.common.error.InvalidFieldException when it is no cursor at all
     * @throws DependencyUnavailableException the database is away, or this process stops
     */
    public ChangeSubscription subscribe(String cursor) {
        FeedTable.Bounds bounds = transactions.query(table::bounds);
        FeedCursor from = new FeedCursor(bounds.incarnation(), bounds.head());
        if (!cursor.isEmpty()) {
            from = FeedCursor.decode(cursor);
            if (!from.incarnation().equals(bounds.incarnation())
                    || from.number() > bounds.head()
                    || from.number() < bounds.first() - 1) {
                throw expired();
            }
        }
        return new ChangeSubscription(this, startPolling(bounds), from);
    }

    /**
     * Follows until the sink is done: loads the newest state of what changed and hands it over, at
     * the sink's pace. A resource that changed more than once in a page is handed over once. The
     * cursor alone is handed over at once and whenever nothing was for 15 s.
     *
     * @param cursor as for {@link #subscribe}
     */
    public <T> void watch(String cursor, WatchLoop.Loader<T> loader, WatchLoop.Sink<T> sink)
            throws InterruptedException {
        try (ChangeSubscription subscription = subscribe(cursor)) {
            new WatchLoop<>(subscription, loader, sink, nanoTime).run();
        }
    }

    /** A commit of this process appended to the feed. Never blocks. */
    void wake() {
        wakeUps.release();
    }

    /** Ends every subscription; their next call throws. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
        wake();
    }

    /** Changes after the cursor; empty when none came within the wait. */
    List<Change> next(long subscribedEpoch, FeedCursor after, Duration wait)
            throws InterruptedException {
        long remaining = wait.toNanos();
        lock.lockInterruptibly();
        try {
            while (true) {
                requireCurrent(subscribedEpoch);
                if (after.number() < ring.head()) {
                    break;
                }
                if (remaining <= 0) {
                    return List.of();
                }
                remaining = arrived.awaitNanos(remaining);
            }
            if (ring.covers(after.number())) {
                return ring.after(after.number(), PAGE_LIMIT);
            }
        } finally {
            lock.unlock();
        }
        return readTable(after);
    }

    private void requireCurrent(long subscribedEpoch) {
        if (closed) {
            throw new DependencyUnavailableException(
                    "feed " + name,
                    Duration.ofSeconds(1),
                    new IllegalStateException("this process stops"));
        }
        if (subscribedEpoch != epoch) {
            throw expired();
        }
    }

    private List<Change> readTable(FeedCursor after) {
        FeedTable.Page page =
                transactions.query(
                        connection -> table.read(connection, after.number(), PAGE_LIMIT));
        if (!page.incarnation().equals(after.incarnation())
                || page.changes().isEmpty()
                || page.changes().getFirst().number() != after.number() + 1) {
            throw expired();
        }
        return page.changes();
    }

    private CursorExpiredException expired() {
        return new CursorExpiredException(
                "the cursor is not within the kept changes of " + name + "; list first");
    }

    /** The epoch of a new subscription. */
    private long startPolling(FeedTable.Bounds bounds) {
        lock.lock();
        try {
            subscriptions++;
            if (!bounds.incarnation().equals(incarnation)) {
                restart(bounds.incarnation(), bounds.head());
            }
            if (!polling) {
                polling = true;
                ring.reset(bounds.head());
                Thread.ofVirtual().name("watch-" + name).start(this::poll);
            }
            return epoch;
        } finally {
            lock.unlock();
        }
    }

    void ended() {
        lock.lock();
        try {
            subscriptions--;
        } finally {
            lock.unlock();
        }
    }

    private void poll() {
        long pauseMillis = POLL_INTERVAL.toMillis();
        while (continues()) {
            try {
                boolean more = take(readNew());
                pauseMillis = more ? 0 : POLL_INTERVAL.toMillis();
            } catch (RuntimeException e) {
                pauseMillis = pauseAfterFailure(pauseMillis, e);
            }
            awaitWork(pauseMillis);
        }
    }

    /**
     * Also the end of the poller: decided under the lock, so that no subscription is left alone.
     */
    private boolean continues() {
        lock.lock();
        try {
            polling = subscriptions > 0 && !closed;
            return polling;
        } finally {
            lock.unlock();
        }
    }

    private FeedTable.Page readNew() {
        lock.lock();
        long after;
        try {
            after = ring.head();
        } finally {
            lock.unlock();
        }
        return transactions.query(connection -> table.read(connection, after, POLL_LIMIT));
    }

    /** True when the table may have more. */
    private boolean take(FeedTable.Page page) {
        lock.lock();
        try {
            if (!page.incarnation().equals(incarnation) || page.head() < ring.head()) {
                restart(page.incarnation(), page.head());
                return false;
            }
            if (!page.changes().isEmpty()) {
                page.changes().forEach(ring::add);
                arrived.signalAll();
            }
            return page.changes().size() == POLL_LIMIT;
        } finally {
            lock.unlock();
        }
    }

    private void restart(UUID newIncarnation, long head) {
        incarnation = newIncarnation;
        epoch++;
        ring.reset(head);
        arrived.signalAll();
    }

    private long pauseAfterFailure(long pauseMillis, RuntimeException error) {
        long longer =
                Math.min(MAX_PAUSE.toMillis(), Math.max(pauseMillis, POLL_INTERVAL.toMillis()) * 2);
        LOG.atWarn()
                .addKeyValue(LogKeys.KEY, name)
                .addKeyValue(LogKeys.REASON, String.valueOf(error.getMessage()))
                .log("cannot read the change feed; trying again");
        return ThreadLocalRandom.current().nextLong(longer / 2, longer + 1);
    }

    private void awaitWork(long pauseMillis) {
        try {
            if (wakeUps.tryAcquire(pauseMillis, TimeUnit.MILLISECONDS)) {
                wakeUps.drainPermits();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
        }
    }
}
