package dev.yagura.inventory.reconcile;

import dev.yagura.common.config.Settings;
import dev.yagura.common.grpc.ServiceServer;
import dev.yagura.common.log.LogKeys;
import dev.yagura.inventory.access.Scopes;
import dev.yagura.proto.type.v1.Scope;
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
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A thread for each configured scope that reads it whenever it is due. */
@ApplicationScoped
class ReadingLoop {
    private static final Logger LOG = LoggerFactory.getLogger(ReadingLoop.class);
    private static final Duration MAX_LOOK = Duration.ofSeconds(5);
    private static final Duration STOP = Duration.ofSeconds(2);

    private final ScopeReader reader;
    private final NodeReader nodes;
    private final ReadingConfig config;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();

    @Inject
    ReadingLoop(ScopeReader reader, NodeReader nodes, Settings settings) {
        this.reader = reader;
        this.nodes = nodes;
        this.config = ReadingConfig.from(settings);
    }

    void start(
            @Observes
                    @Priority(ServiceServer.AFTER_START_PRIORITY)
                    @Initialized(ApplicationScoped.class)
                    Object event) {
        if (config.scopes().isEmpty()) {
            LOG.info("no scope is configured: EC2 is not read");
        }
        for (Scope scope : config.scopes()) {
            threads.add(
                    Thread.ofVirtual()
                            .name("read-" + Scopes.text(scope))
                            .start(() -> follow(scope)));
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

    private void follow(Scope scope) {
        try {
            do {
                tryRead(scope);
            } while (!stopped.await(pauseMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void tryRead(Scope scope) {
        try {
            // Afterwards, so that it neither delays nor fails a reading of the instances, and by
            // the
            // replica that had the turn.
            if (reader.read(scope) == ScopeReader.Outcome.COMPLETE) {
                nodes.read(scope);
            }
        } catch (RuntimeException e) {
            LOG.atWarn()
                    .addKeyValue(LogKeys.KEY, Scopes.text(scope))
                    .addKeyValue(LogKeys.REASON, String.valueOf(e.getMessage()))
                    .log("cannot begin a reading; trying again");
        }
    }

    /** How soon a reading that is due is noticed; spread, so that replicas do not meet. */
    private long pauseMillis() {
        long millis = Math.clamp(config.interval().toMillis() / 4, 100, MAX_LOOK.toMillis());
        return ThreadLocalRandom.current().nextLong(millis / 2, millis + 1);
    }
}
