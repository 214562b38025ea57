package dev.yagura.response.action;

import dev.yagura.common.config.Settings;
import dev.yagura.common.error.DependencyUnavailableException;
import dev.yagura.common.log.LogKeys;
import dev.yagura.proto.response.v1.ActionState;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the runner busy: one thread looks for work, each action runs on one of its own. */
@ApplicationScoped
class RunnerLoop {
    private static final Logger LOG = LoggerFactory.getLogger(RunnerLoop.class);

    /** After the server listens: what a slow start leaves undone waits no longer for that. */
    private static final int AFTER_SERVERS = 20_000;

    private static final Duration EXPIRY_INTERVAL = Duration.ofSeconds(30);

    /** What does not end by then is interrupted, and goes on after the next start. */
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(8);

    private final ActionStore store;
    private final ActionConfig config;
    private final ActionRunner runner;
    private final Clock clock;
    private final Semaphore free;
    private final Semaphore wakeUps = new Semaphore(0);

    /** Platform threads: the SDK keeps its XML readers, which are costly to make, by thread. */
    private final ExecutorService threads = Executors.newCachedThreadPool();

    private final CountDownLatch stopped = new CountDownLatch(1);

    @Inject
    RunnerLoop(
            ActionStore store,
            RunStore runs,
            Procedures procedures,
            Settings settings,
            Clock clock) {
        this.store = store;
        this.config = ActionConfig.from(settings);
        this.clock = clock;
        this.runner = new ActionRunner(runs, procedures, config, clock);
        this.free = new Semaphore(config.concurrency());
    }

    void start(
            @Observes @Priority(AFTER_SERVERS) @Initialized(ApplicationScoped.class) Object event) {
        threads.submit(this::look);
        threads.submit(this::expire);
    }

    void stop(@Observes @BeforeDestroyed(ApplicationScoped.class) Object event)
            throws InterruptedException {
        stopped.countDown();
        wake();
        threads.shutdown();
        if (!threads.awaitTermination(STOP_PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            threads.shutdownNow();
        }
    }

    /** There may be work. Never blocks. */
    void wake() {
        wakeUps.release();
    }

    private void look() {
        try {
            while (stopped.getCount() > 0) {
                free.acquire();
                Optional<RunStore.Lease> lease = take();
                if (lease.isPresent()) {
                    RunStore.Lease taken = lease.get();
                    threads.submit(() -> run(taken));
                } else {
                    free.release();
                    pause(config.poll());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Optional<RunStore.Lease> take() {
        try {
            return runner.take();
        } catch (RuntimeException e) {
            warn("cannot look for actions to run; trying again", e);
            return Optional.empty();
        }
    }

    private void run(RunStore.Lease lease) {
        try {
            runner.run(lease);
        } catch (RuntimeException e) {
            LOG.atError()
                    .setCause(e)
                    .addKeyValue(LogKeys.ACTION, lease.id())
                    .log("the runner failed; the action goes on when its lease is over");
        } finally {
            free.release();
            wake();
        }
    }

    private void expire() {
        try {
            do {
                expireProposals();
            } while (!stopped.await(EXPIRY_INTERVAL.toSeconds(), TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends what nobody approved in time. */
    void expireProposals() {
        try {
            boolean more = true;
            while (more) {
                more =
                        store.expireProposals(proposal ->
                                ActionLifecycle.move(
                                        proposal,
                                        ActionState.ACTION_STATE_EXPIRED,
                                        "not approved within " + config.proposalExpiry(),
                                        ActionLifecycle.PLATFORM,
                                        clock.instant()));
            }
        } catch (DependencyUnavailableException e) {
            warn("cannot expire proposals; trying again", e);
        }
    }

    private static void warn(String message, RuntimeException e) {
        LOG.atWarn().addKeyValue(LogKeys.REASON, String.valueOf(e.getMessage())).log(message);
    }

    private void pause(Duration longest) throws InterruptedException {
        if (wakeUps.tryAcquire(longest.toMillis(), TimeUnit.MILLISECONDS)) {
            wakeUps.drainPermits();
        }
    }
}
