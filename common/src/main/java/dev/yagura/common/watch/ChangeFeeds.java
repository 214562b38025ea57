package dev.yagura.common.watch;

import dev.yagura.common.config.Settings;
import dev.yagura.common.log.LogKeys;
import dev.yagura.common.persistence.JtaCommits;
import dev.yagura.common.persistence.Transactions;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The feeds of a service by name, one of each. Trims them, and ends their watches at a stop. */
@ApplicationScoped
public class ChangeFeeds {
    private static final Logger LOG = LoggerFactory.getLogger(ChangeFeeds.class);

    /** Before the servers drain, so that open watches do not hold them up. */
    private static final int BEFORE_SERVERS = 0;

    private static final Duration TRIM_INTERVAL = Duration.ofMinutes(1);

    private final Transactions transactions;
    private final Instance<JtaCommits> jtaCommits;
    private final Duration retention;
    private final long maxChanges;
    private final Map<String, ChangeFeed> feeds = new ConcurrentHashMap<>();
    private final CountDownLatch stopped = new CountDownLatch(1);

    @Inject
    public ChangeFeeds(
            Transactions transactions, Instance<JtaCommits> jtaCommits, Settings settings) {
        this.transactions = transactions;
        this.jtaCommits = jtaCommits;
        Settings watch = settings.section("watch");
        this.retention =
                watch.duration(
                        "retention",
                        Duration.ofDays(3),
                        "How old a cursor may be to go on with a watch.");
        this.maxChanges =
                watch.number(
                        "max-changes",
                        1_000_000,
                        1_000,
                        1_000_000_000,
                        "Changes kept for each feed at most.");
        Thread.ofVirtual().name("watch-trim").start(this::trim);
    }

    /** The feed; a migration has inserted its name into feed_head. */
    public ChangeFeed feed(String name) {
        return feeds.computeIfAbsent(
                name, missing -> new ChangeFeed(missing, transactions, jtaCommits::get));
    }

    void stop(
            @Observes @Priority(BEFORE_SERVERS) @BeforeDestroyed(ApplicationScoped.class)
                    Object event) {
        stopped.countDown();
        feeds.values().forEach(feed -> feed.watcher().close());
    }

    private void trim() {
        try {
            while (!stopped.await(TRIM_INTERVAL.toSeconds(), TimeUnit.SECONDS)) {
                feeds.forEach(this::trim);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void trim(String name, ChangeFeed feed) {
        try {
            feed.trim(retention, maxChanges);
        } catch (RuntimeException e) {
            LOG.atWarn()
                    .addKeyValue(LogKeys.KEY, name)
                    .addKeyValue(LogKeys.REASON, String.valueOf(e.getMessage()))
                    .log("cannot trim the change feed; trying again");
        }
    }
}
