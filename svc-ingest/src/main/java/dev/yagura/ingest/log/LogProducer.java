package dev.yagura.ingest.log;

import dev.yagura.common.config.Settings;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;

/** The log of the running service. */
@ApplicationScoped
class LogProducer {
    /** After migrations (100), before the server (10,000): nobody is served without the log. */
    private static final int BEFORE_SERVERS = 200;

    private final LogConfig config;

    @Inject
    LogProducer(Settings settings) {
        this.config = LogConfig.from(settings);
    }

    @Produces
    @Singleton
    LogConfig config() {
        return config;
    }

    @Produces
    @Singleton
    RedisConnections connections() {
        return new RedisConnections(config);
    }

    void close(@Disposes RedisConnections connections) {
        connections.close();
    }

    @Produces
    @Singleton
    RedisEventLog log(RedisConnections connections, Clock clock) throws InterruptedException {
        return new RedisEventLog(config, connections, clock);
    }

    void close(@Disposes RedisEventLog log) {
        log.close();
    }

    void open(
            @Observes @Priority(BEFORE_SERVERS) @Initialized(ApplicationScoped.class) Object event,
            RedisEventLog log) {
        log.bounds();
    }
}
