package dev.yagura.detection.feed;

import dev.yagura.common.error.YaguraException;
import dev.yagura.common.log.LogKeys;
import dev.yagura.common.persistence.Transactions;
import dev.yagura.detection.alert.Sightings;
import dev.yagura.detection.incident.DetectionWriter;
import dev.yagura.detection.indicator.IndicatorSource;
import dev.yagura.detection.rule.DetectionRules;
import dev.yagura.proto.ingest.v1.Position;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This replica's share of the log: leases, a reader for each leased partition, one committer, and
 * the word to ingest how far all is.
 */
final class FeedReader {
    private static final Logger LOG = LoggerFactory.getLogger(FeedReader.class);
    private static final Duration REPORT_INTERVAL = Duration.ofSeconds(1);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(5);
    private static final int ROUNDS_A_LEASE = 3;

    private final UUID owner;
    private final Parts parts;
    private final SqlPartitionStore store;
    private final Committer committer;
    private final PartitionReader.Parts readerParts;
    private final Map<Integer, Running> running = new TreeMap<>();
    private final Map<Integer, Reported> reached = new ConcurrentHashMap<>();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();
    private int partitions;
    private volatile long lastRound = System.nanoTime();
    private volatile int owned;

    /**
     * What it is made of.
     *
     * @param membersCommitted told when correlations have something to do
     */
    record Parts(
            FeedConfig config,
            EventFeed feed,
            Transactions transactions,
            DetectionWriter writer,
            DetectionRules rules,
            Sightings sightings,
            FeedMetrics metrics,
            Clock clock,
            IndicatorSource indicators,
            Runnable membersCommitted) {}

    private record Running(Lease lease, Thread thread) {}

    /** Committed places of a partition. */
    private record Reported(Place cursor, long tableOffset) {}

    FeedReader(UUID owner, Parts parts) {
        this.owner = owner;
        this.parts = parts;
        this.store = new SqlPartitionStore(parts.transactions());
        this.committer =
                new Committer(
                        parts.transactions(),
                        parts.writer(),
                        parts.config(),
                        parts.metrics(),
                        parts.clock(),
                        new Committer.Listener() {
                            @Override
                            public void committed(Progress progress) {
                                if (!progress.members().isEmpty()) {
                                    parts.membersCommitted().run();
                                }
                                reached.merge(
                                        progress.lease().partition(),
                                        new Reported(progress.end(), progress.tableOffset()),
                                        FeedReader::later);
                            }

                            @Override
                            public void lost(Lease lease) {
                                drop(lease);
                            }
                        });
        this.readerParts =
                new PartitionReader.Parts(
                        parts.config(),
                        parts.feed(),
                        store,
                        committer,
                        parts.rules(),
                        parts.sightings(),
                        parts.metrics(),
                        parts.clock(),
                        parts.indicators());
    }

    private static Reported later(Reported before, Reported after) {
        return new Reported(
                after.cursor(),
                after.tableOffset() >= 0 ? after.tableOffset() : before.tableOffset());
    }

    void start() {
        threads.add(Thread.ofVirtual().name("feed-leases").start(this::lease));
        threads.add(Thread.ofVirtual().name("feed-commits").start(committer::run));
        threads.add(Thread.ofVirtual().name("feed-positions").start(this::report));
    }

    /** Commits what was read, then gives the partitions free. */
    void stop() throws InterruptedException {
        stopped.countDown();
        List<Lease> leases = new ArrayList<>();
        synchronized (running) {
            running.values().forEach(one -> one.thread().interrupt());
            for (Running one : running.values()) {
                one.thread().join(STOP_LIMIT);
                leases.add(one.lease());
            }
        }
        committer.close();
        for (Thread thread : threads) {
            if (!thread.join(STOP_LIMIT)) {
                committer.abandon();
            }
        }
        try {
            store.release(leases);
            store.leave(owner);
        } catch (YaguraException e) {
            LOG.atWarn()
                    .addKeyValue(LogKeys.REASON, e.getMessage())
                    .log("cannot give partitions free; others take them when the leases end");
        }
    }

    /** Like a process that is killed: nothing is committed or given free any more. */
    void kill() throws InterruptedException {
        committer.abandon();
        stopped.countDown();
        synchronized (running) {
            running.values()
                    .forEach(one -> {
                        committer.forget(one.lease());
                        one.thread().interrupt();
                    });
        }
        for (Thread thread : threads) {
            thread.interrupt();
            thread.join(STOP_LIMIT);
        }
    }

    /** Partitions that are read here. */
    int owned() {
        return owned;
    }

    /** Time since leases were last renewed (or waited for) with success. */
    Duration sinceLastRound() {
        return Duration.ofNanos(System.nanoTime() - lastRound);
    }

    private void lease() {
        long pause = parts.config().lease().toMillis() / ROUNDS_A_LEASE;
        try {
            do {
                try {
                    round();
                    lastRound = System.nanoTime();
                } catch (YaguraException e) {
                    LOG.atWarn()
                            .addKeyValue(LogKeys.REASON, e.getMessage())
                            .log("cannot renew leases of partitions; trying again");
                } catch (RuntimeException e) {
                    LOG.atError().setCause(e).log("cannot renew leases of partitions");
                }
            } while (!stopped.await(
                    ThreadLocalRandom.current().nextLong(pause / 2, pause + 1),
                    TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void round() {
        if (partitions == 0) {
            int count = parts.feed().log().getPartitions();
            store.ensure(count);
            partitions = count;
        }
        SqlPartitionStore.Round round = store.round(owner, parts.config().lease(), partitions);
        Map<Integer, Lease> leases = new TreeMap<>();
        round.owned().forEach(lease -> leases.put(lease.partition(), lease));
        List<Lease> surplus =
                leases.values().stream()
                        .skip(SqlPartitionStore.share(partitions, round.live()))
                        .toList();
        surplus.forEach(lease -> leases.remove(lease.partition()));
        synchronized (running) {
            if (stopped.getCount() == 0) {
                return;
            }
            List.copyOf(running.values()).stream()
                    .filter(one -> !one.lease().equals(leases.get(one.lease().partition())))
                    .forEach(one -> drop(one.lease()));
            leases.values().stream()
                    .filter(lease -> !running.containsKey(lease.partition()))
                    .forEach(this::read);
            owned = running.size();
        }
        parts.metrics().leases(owned);
        store.release(surplus);
    }

    private void read(Lease lease) {
        committer.open(lease);
        Thread thread =
                Thread.ofVirtual()
                        .name("feed-partition-" + lease.partition())
                        .start(new PartitionReader(lease, readerParts));
        running.put(lease.partition(), new Running(lease, thread));
    }

    private void drop(Lease lease) {
        committer.forget(lease);
        synchronized (running) {
            Running one = running.get(lease.partition());
            if (one != null && one.lease().equals(lease)) {
                one.thread().interrupt();
                running.remove(lease.partition());
                reached.remove(lease.partition());
            }
        }
    }

    private void report() {
        Map<Integer, Reported> told = new HashMap<>();
        try {
            while (!stopped.await(REPORT_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                Map<Integer, Reported> news = new TreeMap<>(reached);
                news.entrySet().removeIf(one -> one.getValue().equals(told.get(one.getKey())));
                if (!news.isEmpty() && tell(news)) {
                    told.putAll(news);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean tell(Map<Integer, Reported> news) {
        List<Position> positions = new ArrayList<>();
        List<Position> floors = new ArrayList<>();
        news.forEach((partition, reported) -> {
            if (reported.tableOffset() >= 0) {
                positions.add(reported.cursor().position(partition));
                floors.add(
                        new Place(reported.cursor().incarnation(), reported.tableOffset() + 1)
                                .position(partition));
            }
        });
        try {
            if (!positions.isEmpty()) {
                parts.feed().commit(positions, floors);
            }
            return true;
        } catch (RuntimeException e) {
            LOG.atWarn()
                    .addKeyValue(LogKeys.REASON, String.valueOf(e.getMessage()))
                    .log("cannot tell ingest how far detection is; trying again");
            return false;
        }
    }
}
