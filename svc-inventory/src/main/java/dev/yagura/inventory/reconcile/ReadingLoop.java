package dev.yagura.inventory.reconcile;

import dev.yagura.common.config.Settings;
import dev.yagura.common.grpc.ServiceServer;
import dev.yagura.common.log.LogKeys;
import dev.yagura.inventory.asset.AssetSet;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads each set whenever it is due, those first that have waited longest. What is read is asked
 * again at each look, so accounts come and go while it runs. A set that is due waits while its lane
 * has no place for its account, and holds up no other.
 */
@ApplicationScoped
class ReadingLoop {
    private static final Logger LOG = LoggerFactory.getLogger(ReadingLoop.class);
    private static final Duration MAX_LOOK = Duration.ofSeconds(5);
    private static final Duration STOP = Duration.ofSeconds(2);

    private static final int AT_ONCE = 16;
    private static final int AT_ONCE_OF_ACCOUNT = 4;

    private final SetReader reader;
    private final ReadingStore store;
    private final FreshnessGauges gauges;
    private final Supplier<List<AssetSet>> sets;
    private final Duration interval;

    /** What stands or falls within seconds never waits for what AWS Config told minutes ago. */
    private final Lane live = new Lane(AT_ONCE, AT_ONCE_OF_ACCOUNT);

    private final Lane recorded = new Lane(AT_ONCE, AT_ONCE_OF_ACCOUNT);
    private final Map<AssetSet, Thread> running = new ConcurrentHashMap<>();
    private final Semaphore ended = new Semaphore(0);
    private final Deque<AssetSet> due = new ArrayDeque<>();
    private @Nullable List<AssetSet> known;
    private @Nullable Thread follower;

    @Inject
    ReadingLoop(
            SetReader reader,
            ReadingStore store,
            FreshnessGauges gauges,
            ReadScopes scopes,
            Settings settings) {
        this(reader, store, gauges, scopes::sets, ReadingConfig.from(settings).interval());
    }

    /**
     * @param sets what is read now; asked at each look
     */
    ReadingLoop(
            SetReader reader,
            ReadingStore store,
            FreshnessGauges gauges,
            Supplier<List<AssetSet>> sets,
            Duration interval) {
        this.reader = reader;
        this.store = store;
        this.gauges = gauges;
        this.sets = sets;
        this.interval = interval;
    }

    void start(
            @Observes
                    @Priority(ServiceServer.AFTER_START_PRIORITY)
                    @Initialized(ApplicationScoped.class)
                    Object event) {
        follower = Thread.ofVirtual().name("readings").start(this::follow);
    }

    void stop(@Observes @Priority(1) @BeforeDestroyed(ApplicationScoped.class) Object event)
            throws InterruptedException {
        if (follower != null) {
            follower.interrupt();
            follower.join(STOP);
        }
        List<Thread> readings = List.copyOf(running.values());
        // A call to AWS ends by interruption; a transaction rolls back.
        readings.forEach(Thread::interrupt);
        for (Thread reading : readings) {
            reading.join(STOP);
        }
    }

    private void follow() {
        try {
            while (true) {
                look();
                long end = System.nanoTime() + lookNanos();
                do {
                    begin();
                    ended.drainPermits();
                } while (ended.tryAcquire(end - System.nanoTime(), TimeUnit.NANOSECONDS));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Asks what is read and what of it is due. */
    private void look() {
        try {
            List<AssetSet> now = sets.get();
            if (!now.equals(known)) {
                gauges.follow(now);
                known = now;
                LOG.atInfo()
                        .addKeyValue(LogKeys.COUNT, now.size())
                        .log(
                                now.isEmpty()
                                        ? "no scope is configured: AWS is not read"
                                        : "types of accounts and regions are read");
            }
            due.clear();
            due.addAll(store.due(now));
        } catch (RuntimeException e) {
            LOG.atWarn()
                    .addKeyValue(LogKeys.REASON, String.valueOf(e.getMessage()))
                    .log("cannot see which readings are due; trying again");
        }
    }

    /** Begins what has a place. */
    private void begin() {
        for (Iterator<AssetSet> waiting = due.iterator();
                waiting.hasNext() && !(live.isFull() && recorded.isFull()); ) {
            AssetSet set = waiting.next();
            if (running.containsKey(set)) {
                waiting.remove();
            } else if (lane(set).enter(set.scope())) {
                waiting.remove();
                Thread reading =
                        Thread.ofVirtual().name("read-" + set.text()).unstarted(() -> read(set));
                running.put(set, reading);
                reading.start();
            }
        }
    }

    private void read(AssetSet set) {
        try {
            reader.read(set);
        } finally {
            lane(set).leave(set.scope());
            running.remove(set);
            ended.release();
        }
    }

    private Lane lane(AssetSet set) {
        return AssetSets.isUrgent(set) || AssetSets.isAccounts(set) ? live : recorded;
    }

    /** How soon a reading that is due is noticed; spread, so that replicas do not meet. */
    private long lookNanos() {
        long nanos =
                Math.clamp(
                        interval.toNanos() / 4,
                        TimeUnit.MILLISECONDS.toNanos(100),
                        MAX_LOOK.toNanos());
        return ThreadLocalRandom.current().nextLong(nanos / 2, nanos + 1);
    }
}
