package dev.yagura.inventory.reconcile;

import dev.yagura.common.config.Settings;
import dev.yagura.common.grpc.ServiceServer;
import dev.yagura.common.log.LogKeys;
import dev.yagura.inventory.asset.Asset;
import dev.yagura.inventory.asset.AssetSet;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A thread for each type of each configured scope that reads it whenever it is due. */
@ApplicationScoped
class ReadingLoop {
    private static final Logger LOG = LoggerFactory.getLogger(ReadingLoop.class);
    private static final Duration MAX_LOOK = Duration.ofSeconds(5);
    private static final Duration STOP = Duration.ofSeconds(2);

    /** AWS Config throttles by account; what EC2 tells live never waits for what is minutes old. */
    private static final int RECORDED_AT_ONCE = 4;

    private final ScopeReader reader;
    private final NodeReader nodes;
    private final Duration interval;
    private final List<AssetSet> sets;
    private final Semaphore recorded = new Semaphore(RECORDED_AT_ONCE);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();

    @Inject
    ReadingLoop(ScopeReader reader, NodeReader nodes, Settings settings) {
        this(
                reader,
                nodes,
                ReadingConfig.from(settings).interval(),
                AssetSets.of(ReadingConfig.from(settings).scopes()));
    }

    ReadingLoop(ScopeReader reader, NodeReader nodes, Duration interval, List<AssetSet> sets) {
        this.reader = reader;
        this.nodes = nodes;
        this.interval = interval;
        this.sets = List.copyOf(sets);
    }

    void start(
            @Observes
                    @Priority(ServiceServer.AFTER_START_PRIORITY)
                    @Initialized(ApplicationScoped.class)
                    Object event) {
        if (sets.isEmpty()) {
            LOG.info("no scope is configured: AWS is not read");
        }
        for (AssetSet set : sets) {
            threads.add(Thread.ofVirtual().name("read-" + set.text()).start(() -> follow(set)));
        }
    }

    void stop(@Observes @Priority(1) @BeforeDestroyed(ApplicationScoped.class) Object event)
            throws InterruptedException {
        stopped.countDown();
        for (Thread thread : threads) {
            // A call to AWS ends by interruption; a transaction rolls back.
            thread.interrupt();
            thread.join(STOP);
        }
    }

    private void follow(AssetSet set) {
        try {
            do {
                if (isLive(set)) {
                    tryRead(set);
                } else {
                    recorded.acquire();
                    try {
                        tryRead(set);
                    } finally {
                        recorded.release();
                    }
                }
            } while (!stopped.await(pauseMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean isLive(AssetSet set) {
        return set.resourceType().equals(Asset.INSTANCE);
    }

    private void tryRead(AssetSet set) {
        try {
            ScopeReader.Outcome outcome = reader.read(set);
            // Afterwards, so that it neither delays nor fails a reading of the instances, and by
            // the replica that had the turn.
            if (outcome == ScopeReader.Outcome.COMPLETE && isLive(set)) {
                nodes.read(set.scope());
            }
        } catch (RuntimeException e) {
            LOG.atWarn()
                    .addKeyValue(LogKeys.KEY, set.text())
                    .addKeyValue(LogKeys.REASON, String.valueOf(e.getMessage()))
                    .log("cannot begin a reading; trying again");
        }
    }

    /** How soon a reading that is due is noticed; spread, so that replicas do not meet. */
    private long pauseMillis() {
        long millis = Math.clamp(interval.toMillis() / 4, 100, MAX_LOOK.toMillis());
        return ThreadLocalRandom.current().nextLong(millis / 2, millis + 1);
    }
}
