package dev.yagura.detection.feed;

import dev.yagura.common.error.YaguraException;
import dev.yagura.common.log.LogKeys;
import dev.yagura.common.persistence.Transaction;
import dev.yagura.common.persistence.Transactions;
import dev.yagura.detection.alert.Nanos;
import dev.yagura.detection.alert.Sighting;
import dev.yagura.detection.alert.SqlIndicatorMatches;
import dev.yagura.detection.correlation.SqlCorrelationInbox;
import dev.yagura.detection.incident.DetectionWriter;
import dev.yagura.detection.incident.VisibilityLoss;
import dev.yagura.detection.rule.RuleCounts;
import dev.yagura.detection.rule.RuleMetrics;
import dev.yagura.detection.rule.SqlRuleCounts;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits what all partitions of this process have read, one transaction after another. What comes
 * while one runs goes into the next, so that a lone match is visible at once and many are cheap.
 */
final class Committer {
    private static final Logger LOG = LoggerFactory.getLogger(Committer.class);
    private static final long MIN_PAUSE_MILLIS = 50;
    private static final long MAX_PAUSE_MILLIS = 2_000;

    /** An entry without a match costs about this. */
    private static final int ENTRY_BYTES = 512;

    private final Transactions transactions;
    private final DetectionWriter writer;
    private final CanaryAlerts canaries;
    private final FeedConfig config;
    private final FeedMetrics metrics;
    private final RuleMetrics ruleMetrics = new RuleMetrics();
    private final Clock clock;
    private final Listener listener;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final TreeMap<Integer, Progress> pending = new TreeMap<>();
    private final Set<Lease> open = new HashSet<>();
    private long pendingBytes;
    private long pendingSince;
    private boolean urgent;
    private boolean closing;
    private boolean abandoned;

    /** Who wants to know. */
    interface Listener {
        void committed(Progress progress);

        /** The lease is another's, or the stored cursor is not where this process left it. */
        void lost(Lease lease);
    }

    /** What became of a batch. */
    private record Outcome(
            List<Progress> done, List<Progress> lost, DetectionWriter.Changes changes) {}

    Committer(
            Transactions transactions,
            DetectionWriter writer,
            FeedConfig config,
            FeedMetrics metrics,
            Clock clock,
            Listener listener) {
        this.transactions = transactions;
        this.writer = writer;
        this.canaries = new CanaryAlerts(writer);
        this.config = config;
        this.metrics = metrics;
        this.clock = clock;
        this.listener = listener;
    }

    /** From now on progress of this lease is taken. */
    void open(Lease lease) {
        lock.lock();
        try {
            open.add(lease);
        } finally {
            lock.unlock();
        }
    }

    /** Drops what is pending of a lease, and refuses more. */
    void forget(Lease lease) {
        lock.lock();
        try {
            open.remove(lease);
            Progress dropped = pending.get(lease.partition());
            if (dropped != null && dropped.lease().equals(lease)) {
                pending.remove(lease.partition());
                pendingBytes -= dropped.bytes();
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes one entry's progress; waits while too much is pending.
     *
     * @throws LeaseLostException the lease is not open any more
     */
    void add(Progress step) throws InterruptedException {
        step.addBytes(ENTRY_BYTES);
        lock.lockInterruptibly();
        try {
            while (open.contains(step.lease())
                    && pendingBytes > 0
                    && pendingBytes + step.bytes() > config.maxPendingBytes()) {
                changed.await();
            }
            if (!open.contains(step.lease())) {
                throw new LeaseLostException(step.lease());
            }
            if (pending.isEmpty()) {
                pendingSince = System.nanoTime();
            }
            Progress before = pending.get(step.lease().partition());
            if (before == null) {
                pending.put(step.lease().partition(), step);
            } else {
                before.add(step);
            }
            pendingBytes += step.bytes();
            boolean first = pending.size() == 1 && before == null;
            if (step.isUrgent() || first) {
                urgent |= step.isUrgent();
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Commits until it is closed and nothing is left. */
    void run() {
        try {
            for (List<Progress> batch = take(); !batch.isEmpty(); batch = take()) {
                commit(batch);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Commits what is pending, then ends. */
    void close() {
        lock.lock();
        try {
            closing = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Ends without waiting for the database any more. */
    void abandon() {
        lock.lock();
        try {
            closing = true;
            abandoned = true;
            pending.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Empty at the end. */
    private List<Progress> take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!isDue()) {
                if (closing && pending.isEmpty()) {
                    return List.of();
                }
                if (pending.isEmpty()) {
                    changed.await();
                } else {
                    changed.awaitNanos(
                            pendingSince + config.cursorInterval().toNanos() - System.nanoTime());
                }
            }
            List<Progress> batch = new ArrayList<>(pending.values());
            pending.clear();
            urgent = false;
            return batch;
        } finally {
            lock.unlock();
        }
    }

    private boolean isDue() {
        return !pending.isEmpty()
                && (urgent
                        || closing
                        || System.nanoTime() - pendingSince >= config.cursorInterval().toNanos());
    }

    /**
     * Until it is done. A lost answer leaves open whether it was: the same batch is tried again,
     * and the stored cursors tell.
     */
    private void commit(List<Progress> batch) throws InterruptedException {
        long bytes = batch.stream().mapToLong(Progress::bytes).sum();
        long pause = MIN_PAUSE_MILLIS;
        while (!isAbandoned()) {
            long begun = System.nanoTime();
            try {
                settle(transactions.inTransaction(transaction -> write(transaction, batch)), begun);
                break;
            } catch (YaguraException e) {
                LOG.atWarn()
                        .addKeyValue(LogKeys.REASON, e.getMessage())
                        .log("cannot commit alerts; trying again");
            } catch (RuntimeException e) {
                LOG.atError().setCause(e).log("cannot commit alerts; detection stands still");
            }
            TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextLong(pause / 2, pause + 1));
            pause = Math.min(MAX_PAUSE_MILLIS, pause * 2);
        }
        free(bytes);
    }

    private boolean isAbandoned() {
        lock.lock();
        try {
            return abandoned;
        } finally {
            lock.unlock();
        }
    }

    private void free(long bytes) {
        lock.lock();
        try {
            pendingBytes -= bytes;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private Outcome write(Transaction transaction, List<Progress> batch) throws SQLException {
        Map<Integer, SqlPartitionStore.Checked> stored =
                SqlPartitionStore.check(
                        transaction.connection(),
                        batch.stream().map(progress -> progress.lease().partition()).toList());
        List<Progress> todo = new ArrayList<>();
        List<Progress> done = new ArrayList<>();
        List<Progress> lost = new ArrayList<>();
        for (Progress progress : batch) {
            SqlPartitionStore.Checked row = stored.get(progress.lease().partition());
            if (row == null || !row.lease().equals(progress.lease())) {
                lost.add(progress);
            } else if (row.cursor().equals(progress.base())) {
                todo.add(progress);
                done.add(progress);
            } else if (row.cursor().equals(progress.end())) {
                done.add(progress); // the commit whose answer was lost
            } else {
                lost.add(progress);
            }
        }
        DetectionWriter.Changes changes =
                writer.write(transaction.connection(), input(transaction.connection(), todo));
        SqlPartitionStore.advance(transaction.connection(), todo);
        SqlCorrelationInbox.put(
                transaction.connection(),
                todo.stream().flatMap(progress -> progress.members().stream()).toList());
        SqlRuleCounts.add(
                transaction.connection(),
                counts(todo),
                changes.createdByRule(),
                clock.instant().truncatedTo(ChronoUnit.MICROS));
        canaries.write(
                transaction.connection(),
                todo.stream().flatMap(progress -> progress.canaries().stream()).toList(),
                clock.instant());
        writer.announce(transaction, changes);
        return new Outcome(done, lost, changes);
    }

    private static RuleCounts counts(List<Progress> progress) {
        RuleCounts counts = new RuleCounts();
        progress.forEach(one -> counts.addAll(one.counts()));
        return counts;
    }

    private DetectionWriter.Input input(Connection connection, List<Progress> progress)
            throws SQLException {
        List<Sighting> sightings = new ArrayList<>();
        List<VisibilityLoss> losses = new ArrayList<>();
        Map<UUID, Integer> partitions = new HashMap<>();
        for (Progress one : progress) {
            losses.addAll(one.losses());
            for (Sighting sighting : one.sightings()) {
                sightings.add(sighting);
                partitions.put(sighting.hostId(), one.lease().partition());
            }
        }
        return new DetectionWriter.Input(
                SqlIndicatorMatches.claim(connection, sightings, clock.instant()),
                partitions,
                losses);
    }

    private void settle(Outcome outcome, long begun) {
        long now = Nanos.of(clock.instant());
        int sightings = 0;
        int losses = 0;
        ruleMetrics.committed(counts(outcome.done()));
        for (Progress progress : outcome.done()) {
            listener.committed(progress);
            losses += progress.losses().size();
            sightings += progress.sightings().size();
            for (Sighting sighting : progress.sightings()) {
                metrics.delayed(now - Nanos.of(sighting.times().getIngested()));
            }
        }
        metrics.committed(
                System.nanoTime() - begun, sightings, outcome.changes().alerts().size(), losses);
        outcome.lost()
                .forEach(progress -> {
                    forget(progress.lease());
                    listener.lost(progress.lease());
                });
    }
}
