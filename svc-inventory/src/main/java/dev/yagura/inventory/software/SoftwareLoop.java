package dev.yagura.inventory.software;

import dev.yagura.common.grpc.ServiceServer;
import dev.yagura.common.job.PeriodicJob;
import dev.yagura.common.log.LogKeys;
import dev.yagura.inventory.access.Scopes;
import dev.yagura.inventory.reconcile.ReadScopes;
import dev.yagura.proto.type.v1.Scope;
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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the software of every scope read that is due, some at a time, and deletes lists that no host
 * has any more. Every replica does it; one has a scope at a time.
 */
@ApplicationScoped
class SoftwareLoop {
    private static final Logger LOG = LoggerFactory.getLogger(SoftwareLoop.class);
    private static final Duration LOOK = Duration.ofSeconds(20);
    private static final int AT_ONCE = 8;
    private static final Duration LISTS_KEPT = Duration.ofDays(1);

    private final SoftwareReader reader;
    private final SoftwareStore store;
    private final ReadScopes scopes;
    private final Clock clock;
    private final Semaphore places = new Semaphore(AT_ONCE);
    private final Set<Scope> running = ConcurrentHashMap.newKeySet();
    private final ExecutorService readers =
            Executors.newThreadPerTaskExecutor(
                    Thread.ofVirtual().name("read-software-", 0).factory());
    private final PeriodicJob job = new PeriodicJob("software", LOOK, this::once);

    @Inject
    SoftwareLoop(SoftwareReader reader, SoftwareStore store, ReadScopes scopes, Clock clock) {
        this.reader = reader;
        this.store = store;
        this.scopes = scopes;
        this.clock = clock;
    }

    void start(
            @Observes
                    @Priority(ServiceServer.AFTER_START_PRIORITY)
                    @Initialized(ApplicationScoped.class)
                    Object event) {
        job.start();
    }

    void stop(@Observes @Priority(1) @BeforeDestroyed(ApplicationScoped.class) Object event) {
        // A call to AWS ends by interruption; a transaction rolls back.
        readers.shutdownNow();
        job.close();
    }

    /**
     * Begins what is not being read already: one large scope must not hold up the others.
     *
     * @return what it began
     */
    List<Future<?>> once() {
        List<Future<?>> begun = new ArrayList<>();
        for (Scope scope : scopes.scopes()) {
            if (!readers.isShutdown() && running.add(scope)) {
                begun.add(readers.submit(() -> read(scope)));
            }
        }
        return begun;
    }

    private void read(Scope scope) {
        try {
            places.acquire();
            try {
                if (reader.read(scope)) {
                    forgetLists();
                }
            } finally {
                places.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            // The database: another turn begins when this one's time is over.
            LOG.atWarn()
                    .addKeyValue(LogKeys.KEY, Scopes.text(scope))
                    .addKeyValue(LogKeys.REASON, String.valueOf(e.getMessage()))
                    .log("cannot keep what is installed on the hosts of a scope; trying again");
        } finally {
            running.remove(scope);
        }
    }

    private void forgetLists() {
        int forgotten = store.forgetLists(clock.instant(), LISTS_KEPT);
        if (forgotten > 0) {
            LOG.atInfo()
                    .addKeyValue(LogKeys.COUNT, forgotten)
                    .log("lists of software deleted that no host has any more");
        }
    }
}
