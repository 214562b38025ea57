package dev.yagura.ingest.feed;

import dev.yagura.common.config.Settings;
import dev.yagura.ingest.log.RedisEventLog;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;

/** The parts of the feed, on the running service's log. */
@ApplicationScoped
class FeedProducer {
    private final FeedConfig config;

    @Inject
    FeedProducer(Settings settings) {
        this.config = FeedConfig.from(settings);
    }

    @Produces
    @Singleton
    FeedConfig config() {
        return config;
    }

    @Produces
    @Singleton
    EventFeed feed(RedisEventLog log) {
        return new EventFeed(log, config.maxEntries());
    }

    @Produces
    @Singleton
    ConsumerPositions positions(RedisEventLog log, EventFeed feed, PositionStore store) {
        return new ConsumerPositions(log, feed, store);
    }

    @Produces
    @Singleton
    CanaryAppends canaries(RedisEventLog log, Clock clock) {
        return new CanaryAppends(log, clock);
    }

    @Produces
    @Singleton
    LogTrimmer trimmer(RedisEventLog log, ConsumerPositions positions) {
        return new LogTrimmer(log, positions);
    }
}
