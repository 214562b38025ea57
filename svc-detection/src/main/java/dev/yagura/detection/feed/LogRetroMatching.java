package dev.yagura.detection.feed;

import dev.yagura.common.config.Settings;
import dev.yagura.common.error.PositionLostException;
import dev.yagura.common.error.YaguraException;
import dev.yagura.common.grpc.ServiceServer;
import dev.yagura.common.log.LogKeys;
import dev.yagura.common.persistence.Transactions;
import dev.yagura.common.watch.ChangeFeeds;
import dev.yagura.detection.alert.AlertConfig;
import dev.yagura.detection.alert.Sightings;
import dev.yagura.detection.alert.SqlIndicatorMatches;
import dev.yagura.detection.asset.AssetReadModel;
import dev.yagura.detection.incident.DetectionWriter;
import dev.yagura.detection.incident.IncidentConfig;
import dev.yagura.detection.indicator.IndicatorMatcher;
import dev.yagura.detection.indicator.RetroMatching;
import dev.yagura.proto.ingest.v1.GetLogResponse;
import dev.yagura.proto.ingest.v1.PartitionBounds;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Retro-matches over the kept log, one partition after another. Detection's own cursors and floors
 * are left alone: what the log drops meanwhile is gone, and said.
 */
@ApplicationScoped
class LogRetroMatching implements RetroMatching {
    private static final Logger LOG = LoggerFactory.getLogger(LogRetroMatching.class);

    /** The log may drop its oldest entries between the look at its bounds and the first read. */
    private static final int TRIES = 5;

    private static final Duration PRUNE_INTERVAL = Duration.ofHours(1);
    private static final Duration OTHER_LOGS_KEPT = Duration.ofDays(30);

    private final EventFeed feed;
    private final Transactions transactions;
    private final RetroPartition.Parts parts;
    private final Clock clock;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private @Nullable Thread pruner;

    @Inject
    LogRetroMatching(
            Settings settings,
            EventFeed feed,
            Transactions transactions,
            ChangeFeeds feeds,
            AssetReadModel assets,
            Clock clock) {
        this.feed = feed;
        this.transactions = transactions;
        this.clock = clock;
        this.parts =
                new RetroPartition.Parts(
                        FeedConfig.from(settings),
                        transactions,
                        new DetectionWriter(
                                IncidentConfig.from(settings),
                                feeds.feed("alerts"),
                                feeds.feed("incidents"),
                                clock),
                        new Sightings(AlertConfig.from(settings), assets, clock),
                        clock);
    }

    @Override
    public void run(IndicatorMatcher matcher, Set<String> accounts, Listener listener)
            throws InterruptedException {
        GetLogResponse log = feed.log();
        RetroProgress progress = new RetroProgress(log, listener);
        progress.tell();
        for (PartitionBounds bounds : log.getBoundsList()) {
            read(bounds, log.getIncarnation(), matcher, accounts, progress);
            progress.finished();
        }
        progress.end();
    }

    private void read(
            PartitionBounds bounds,
            String incarnation,
            IndicatorMatcher matcher,
            Set<String> accounts,
            RetroProgress progress)
            throws InterruptedException {
        int partition = bounds.getPartition();
        Place to = new Place(incarnation, bounds.getLastOffset());
        Place from = new Place(incarnation, bounds.getFirstOffset() - 1);
        KeptPartition kept =
                new KeptPartition(feed, partition, to, parts.config().maxUnpackedBytes());
        for (int attempt = 1; from.offset() < to.offset(); attempt++) {
            progress.begin(partition, from, to);
            RetroPartition matching =
                    new RetroPartition(partition, matcher, accounts, parts, progress);
            try {
                kept.read(from, matching);
                matching.commit();
                return;
            } catch (PositionLostException e) {
                Place oldest = oldest(partition);
                if (attempt == TRIES || !oldest.incarnation().equals(incarnation)) {
                    throw e;
                }
                from = oldest;
            }
        }
    }

    private Place oldest(int partition) {
        GetLogResponse log = feed.log();
        return log.getBoundsList().stream()
                .filter(bounds -> bounds.getPartition() == partition)
                .findFirst()
                .map(bounds -> new Place(log.getIncarnation(), bounds.getFirstOffset() - 1))
                .orElseThrow(() ->
                        new IllegalStateException("the event log has no partition " + partition));
    }

    void start(
            @Observes
                    @Priority(ServiceServer.AFTER_START_PRIORITY)
                    @Initialized(ApplicationScoped.class)
                    Object event) {
        pruner = Thread.ofVirtual().name("indicator-match-pruning").start(this::pruneForever);
    }

    void stop(@Observes @Priority(2) @BeforeDestroyed(ApplicationScoped.class) Object event)
            throws InterruptedException {
        stopped.countDown();
        if (pruner != null) {
            pruner.join(Duration.ofSeconds(5));
        }
    }

    private void pruneForever() {
        try {
            while (!stopped.await(PRUNE_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    prune();
                } catch (YaguraException e) {
                    LOG.atWarn()
                            .addKeyValue(LogKeys.REASON, e.getMessage())
                            .log("cannot forget old matches of indicators; trying again");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Matches are remembered as long as the log keeps their events. */
    void prune() {
        GetLogResponse log = feed.log();
        Instant othersBefore = clock.instant().minus(OTHER_LOGS_KEPT);
        for (PartitionBounds bounds : log.getBoundsList()) {
            Place first = new Place(log.getIncarnation(), bounds.getFirstOffset());
            transactions.run(transaction ->
                    SqlIndicatorMatches.prune(
                            transaction.connection(),
                            first.position(bounds.getPartition()),
                            othersBefore));
        }
    }
}
