package dev.yagura.response.playbook;

import dev.yagura.common.config.Settings;
import dev.yagura.common.log.LogKeys;
import dev.yagura.proto.response.v1.PlaybookRun;
import dev.yagura.response.action.ActionCatalog;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets runs go on; each time takes as long as planning the next actions of a run does. */
@ApplicationScoped
class PlaybookLoop {
    private static final Logger LOG = LoggerFactory.getLogger(PlaybookLoop.class);

    /** After the server listens. */
    private static final int AFTER_SERVERS = 20_000;

    /** Runs that one process lets go on at a time. */
    private static final int THREADS = 4;

    private final PlaybookStore store;
    private final ActionCatalog actions;
    private final PlaybookConfig config;
    private final Clock clock;
    private final Semaphore wakeUps = new Semaphore(0);
    private volatile boolean stopped;

    @Inject
    PlaybookLoop(PlaybookStore store, ActionCatalog actions, Settings settings, Clock clock) {
        this.store = store;
        this.actions = actions;
        this.config = PlaybookConfig.from(settings);
        this.clock = clock;
    }

    void start(
            @Observes @Priority(AFTER_SERVERS) @Initialized(ApplicationScoped.class) Object event) {
        for (int i = 0; i < THREADS; i++) {
            Thread.ofPlatform().name("playbook-runs-", i).daemon().start(this::look);
        }
    }

    void stop(@Observes @BeforeDestroyed(ApplicationScoped.class) Object event) {
        stopped = true;
        wakeUps.release(THREADS);
    }

    /** There may be work. Never blocks. */
    void wake() {
        wakeUps.release();
    }

    private void look() {
        try {
            while (!stopped) {
                if (!advanceOne()) {
                    wakeUps.tryAcquire(config.poll().toMillis(), TimeUnit.MILLISECONDS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Lets the run that waits longest go on; false when none is due. */
    boolean advanceOne() {
        try {
            Optional<PlaybookStore.Lease> lease = store.claim(config.lease());
            lease.ifPresent(this::advance);
            return lease.isPresent();
        } catch (RuntimeException e) {
            warn("cannot look for runs of playbooks; trying again", e);
            return false;
        }
    }

    private void advance(PlaybookStore.Lease lease) {
        PlaybookRun run = store.run(lease.id()).orElseThrow();
        PlaybookRun after = run;
        Duration pause = config.poll();
        try {
            RunAdvance advance = new RunAdvance(run, new CatalogActions(actions), clock);
            after = advance.go();
            pause = advance.isHurried() ? Duration.ZERO : pause;
        } catch (RuntimeException e) {
            warn("a run of a playbook could not go on; trying again", e);
        }
        store.put(lease, after, pause);
    }

    private static void warn(String message, RuntimeException e) {
        LOG.atWarn().addKeyValue(LogKeys.REASON, String.valueOf(e.getMessage())).log(message);
    }
}
