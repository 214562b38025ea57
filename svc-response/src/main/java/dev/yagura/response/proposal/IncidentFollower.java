package dev.yagura.response.proposal;

import dev.yagura.common.error.CursorExpiredException;
import dev.yagura.common.log.LogKeys;
import dev.yagura.proto.detection.v1.Incident;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows incidents: first those that are open, then every change. The cursor is saved after each,
 * so a restart goes on where it was; several replicas may follow, since a listener does what it
 * does once.
 */
@ApplicationScoped
class IncidentFollower {
    private static final Logger LOG = LoggerFactory.getLogger(IncidentFollower.class);
    private static final String FEED = "incidents";
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration MAX_PAUSE = Duration.ofSeconds(30);

    /** After the server listens. */
    private static final int AFTER_SERVERS = 20_000;

    private final IncidentSource source;
    private final FollowedFeeds feeds;
    private final Instance<IncidentListener> listeners;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile Duration pause = FIRST_PAUSE;

    @Inject
    IncidentFollower(
            IncidentSource source, FollowedFeeds feeds, @Any Instance<IncidentListener> listeners) {
        this.source = source;
        this.feeds = feeds;
        this.listeners = listeners;
    }

    void start(
            @Observes @Priority(AFTER_SERVERS) @Initialized(ApplicationScoped.class) Object event) {
        Thread.ofVirtual().name("incident-follower").start(this::follow);
    }

    void stop(@Observes @BeforeDestroyed(ApplicationScoped.class) Object event) {
        stopped.countDown();
        source.close();
    }

    private void follow() {
        try {
            while (stopped.getCount() > 0) {
                followOnce();
                long base = pause.toMillis();
                long wait = base / 2 + ThreadLocalRandom.current().nextLong(base / 2 + 1);
                if (stopped.await(wait, TimeUnit.MILLISECONDS)) {
                    return;
                }
                pause =
                        pause.compareTo(MAX_PAUSE.dividedBy(2)) > 0
                                ? MAX_PAUSE
                                : pause.multipliedBy(2);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void followOnce() {
        try {
            Optional<String> cursor = feeds.cursor(FEED);
            source.watch(cursor.isPresent() ? cursor.get() : catchUp(), this::changed);
        } catch (CursorExpiredException e) {
            relist();
        } catch (RuntimeException e) {
            if (stopped.getCount() > 0) {
                warn(e);
            }
        }
    }

    private void changed(String cursor, Incident incident) {
        consider(incident);
        feeds.save(FEED, cursor);
        pause = FIRST_PAUSE;
    }

    private void consider(Incident incident) {
        listeners.forEach(listener -> listener.consider(incident));
    }

    private void relist() {
        try {
            catchUp();
        } catch (RuntimeException e) {
            warn(e);
        }
    }

    /** Considers every open incident; the cursor is the first page's, which is the oldest. */
    private String catchUp() {
        IncidentSource.Page page = source.list("");
        String cursor = page.cursor();
        page.incidents().forEach(this::consider);
        while (!page.next().isEmpty()) {
            page = source.list(page.next());
            page.incidents().forEach(this::consider);
        }
        feeds.save(FEED, cursor);
        return cursor;
    }

    private static void warn(RuntimeException e) {
        LOG.atWarn()
                .addKeyValue(LogKeys.REASON, String.valueOf(e.getMessage()))
                .log("cannot follow the incidents of svc-detection; trying again");
    }
}
