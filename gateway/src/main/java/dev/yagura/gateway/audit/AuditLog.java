package dev.yagura.gateway.audit;

import dev.yagura.common.config.Settings;
import dev.yagura.common.error.DependencyUnavailableException;
import dev.yagura.common.grpc.ServiceServer;
import dev.yagura.common.log.LogKeys;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes entries in groups, in their order. A group goes out at once when a change waits for it,
 * else after a short linger. While the database is away the group is tried again and the queue
 * fills.
 */
@ApplicationScoped
public class AuditLog {
    private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
    private static final long MIN_PAUSE_MILLIS = 100;
    private static final long MAX_PAUSE_MILLIS = 2_000;
    private static final Duration LAST_FLUSH = Duration.ofSeconds(5);

    private final AuditStore store;
    private final AuditConfig config;
    private final AuditQueue queue;
    private @Nullable Thread writer;

    @Inject
    public AuditLog(AuditStore store, Clock clock, Settings settings) {
        this.store = store;
        this.config = AuditConfig.from(settings);
        this.queue = new AuditQueue(config.queueSize(), config.linger(), clock);
    }

    void start(
            @Observes
                    @Priority(ServiceServer.START_PRIORITY - 1)
                    @Initialized(ApplicationScoped.class)
                    Object event) {
        writer = Thread.ofVirtual().name("audit").start(this::run);
    }

    /** After the server has ended its calls: their entries are written, too. */
    void stop(@Observes @Priority(100) @BeforeDestroyed(ApplicationScoped.class) Object event)
            throws InterruptedException {
        queue.close();
        if (writer != null && !writer.join(LAST_FLUSH)) {
            writer.interrupt();
            LOG.atError()
                    .addKeyValue(LogKeys.COUNT, queue.size())
                    .log("stopped before all audit entries were written");
        }
    }

    /**
     * Stores an entry before the change that it tells of.
     *
     * @throws DependencyUnavailableException it is not stored; the change must not happen
     */
    public void store(AuditEntry entry) {
        CompletableFuture<Void> stored = new CompletableFuture<>();
        if (!queue.offer(entry, stored)) {
            throw unavailable();
        }
        try {
            stored.get(config.deadline().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw unavailable();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable();
        }
    }

    /** Refuses a read while its entry could not be kept. */
    public void requireRoom() {
        if (queue.isFull()) {
            throw unavailable();
        }
    }

    /** Writes an entry soon. Never blocks; what does not fit is counted and told later. */
    public void write(AuditEntry entry) {
        queue.add(entry);
    }

    /** Like {@link #write}, with equal refusals of one group in one row: they may be a flood. */
    public void writeCounted(AuditEntry entry) {
        queue.addCounted(entry);
    }

    private void run() {
        List<AuditQueue.Waiting> group = List.of();
        try {
            do {
                group = queue.take();
                if (!group.isEmpty()) {
                    append(group);
                }
            } while (!group.isEmpty() || !queue.isClosed());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void append(List<AuditQueue.Waiting> group) throws InterruptedException {
        List<AuditEntry> entries = new ArrayList<>(group.size());
        group.forEach(waiting -> entries.add(waiting.entry()));
        long pause = MIN_PAUSE_MILLIS;
        while (!tryAppend(entries)) {
            TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextLong(pause / 2, pause + 1));
            pause = Math.min(MAX_PAUSE_MILLIS, pause * 2);
        }
        group.forEach(AuditQueue.Waiting::stored);
    }

    private boolean tryAppend(List<AuditEntry> entries) {
        try {
            store.append(entries);
            return true;
        } catch (RuntimeException e) {
            LOG.atError()
                    .addKeyValue(LogKeys.COUNT, entries.size())
                    .addKeyValue(LogKeys.REASON, String.valueOf(e.getMessage()))
                    .log("cannot write the audit; changes are refused until it can be written");
            return false;
        }
    }

    private static DependencyUnavailableException unavailable() {
        return new DependencyUnavailableException("the audit", RETRY_AFTER);
    }
}
