package dev.yagura.inventory.agent;

import dev.yagura.common.config.Settings;
import dev.yagura.common.grpc.ServiceServer;
import dev.yagura.common.log.LogKeys;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects reports and writes the newest of each agent together: a row is written at most once an
 * interval, however often its agent reports. While the database is away they wait, one an agent.
 */
@ApplicationScoped
class Heartbeats {
    private static final Logger LOG = LoggerFactory.getLogger(Heartbeats.class);

    /** After the server has drained: no report comes any more. */
    private static final int AFTER_SERVERS = 2;

    private static final int WRITE_AT_ONCE = 1000;

    private final HeartbeatStore store;
    private final HeartbeatConfig config;
    private final Map<UUID, Heartbeat> waiting = new ConcurrentHashMap<>();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private @Nullable Thread writer;

    @Inject
    Heartbeats(HeartbeatStore store, Settings settings) {
        this.store = store;
        this.config = HeartbeatConfig.from(settings);
    }

    /** Keeps a report until the next write. */
    void report(UUID agentId, Heartbeat heartbeat) {
        waiting.merge(agentId, heartbeat, Heartbeat::merged);
    }

    /** How long an agent may wait until its next report. */
    Duration interval() {
        return config.interval();
    }

    void start(
            @Observes
                    @Priority(ServiceServer.AFTER_START_PRIORITY)
                    @Initialized(ApplicationScoped.class)
                    Object event) {
        writer = Thread.ofVirtual().name("heartbeats").start(this::writeOnAndOn);
    }

    void stop(
            @Observes @Priority(AFTER_SERVERS) @BeforeDestroyed(ApplicationScoped.class)
                    Object event)
            throws InterruptedException {
        stopped.countDown();
        if (writer != null) {
            writer.join();
        }
        tryWrite();
    }

    /** Writes what waits, and puts back what could not be written. */
    void write() {
        Map<UUID, Heartbeat> batch = new HashMap<>();
        for (UUID agentId : waiting.keySet()) {
            Heartbeat heartbeat = waiting.remove(agentId);
            if (heartbeat != null) {
                batch.put(agentId, heartbeat);
            }
            if (batch.size() == WRITE_AT_ONCE) {
                writeBatch(batch);
                batch = new HashMap<>();
            }
        }
        if (!batch.isEmpty()) {
            writeBatch(batch);
        }
    }

    private void writeBatch(Map<UUID, Heartbeat> batch) {
        try {
            store.write(batch);
        } catch (RuntimeException e) {
            batch.forEach(this::report);
            throw e;
        }
    }

    private void writeOnAndOn() {
        try {
            while (!stopped.await(config.writeInterval().toMillis(), TimeUnit.MILLISECONDS)) {
                tryWrite();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void tryWrite() {
        try {
            write();
        } catch (RuntimeException e) {
            LOG.atWarn()
                    .addKeyValue(LogKeys.COUNT, waiting.size())
                    .addKeyValue(LogKeys.REASON, String.valueOf(e.getMessage()))
                    .log("cannot write heartbeats; they wait");
        }
    }
}
