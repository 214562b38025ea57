package dev.yagura.detection.rule;

import dev.yagura.common.config.Settings;
import dev.yagura.common.error.YaguraException;
import dev.yagura.common.grpc.ServiceServer;
import dev.yagura.common.log.LogKeys;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps a replica's rules up to date; while the database is away, the rules stay as they are. */
@ApplicationScoped
public class RuleFollower {
    private static final Logger LOG = LoggerFactory.getLogger(RuleFollower.class);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

    private final RuleCatalog catalog;
    private final RuleActivity activity;
    private final Duration interval;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private @Nullable Thread thread;
    private boolean failing;

    @Inject
    RuleFollower(Settings settings, RuleCatalog catalog, RuleActivity activity) {
        this(RuleConfig.from(settings).checkInterval(), catalog, activity);
    }

    RuleFollower(Duration interval, RuleCatalog catalog, RuleActivity activity) {
        this.catalog = catalog;
        this.activity = activity;
        this.interval = interval;
    }

    void start(
            @Observes
                    @Priority(ServiceServer.AFTER_START_PRIORITY)
                    @Initialized(ApplicationScoped.class)
                    Object event) {
        start();
    }

    void start() {
        activity.start();
        thread = Thread.ofVirtual().name("rule-follower").start(this::follow);
    }

    void stop(@Observes @Priority(3) @BeforeDestroyed(ApplicationScoped.class) Object event)
            throws InterruptedException {
        stop();
    }

    void stop() throws InterruptedException {
        stopped.countDown();
        if (thread != null) {
            thread.join(STOP_LIMIT);
        }
        activity.stop();
    }

    private void follow() {
        try {
            while (!stopped.await(interval.toMillis(), TimeUnit.MILLISECONDS)) {
                catchUp();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void catchUp() {
        try {
            catalog.catchUp();
            failing = false;
        } catch (YaguraException e) {
            if (!failing) {
                LOG.atWarn()
                        .addKeyValue(LogKeys.REASON, e.getMessage())
                        .log("cannot look for changed rules; trying again");
            }
            failing = true;
        } catch (RuntimeException e) {
            if (!failing) {
                LOG.atError().setCause(e).log("changed rules cannot be taken into force");
            }
            failing = true;
        }
    }
}
