package dev.yagura.ingest.log;

import dev.yagura.common.error.DependencyUnavailableException;
import dev.yagura.common.grpc.ServiceServer;
import dev.yagura.common.job.PeriodicJob;
import dev.yagura.common.log.LogKeys;
import io.helidon.metrics.api.Gauge;
import io.helidon.metrics.api.Metrics;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in time that the log fills up: consumers are behind, or none is registered. Nothing is
 * deleted for it; a full log holds agents back.
 */
@ApplicationScoped
class MemoryWatch {
    private static final Logger LOG = LoggerFactory.getLogger(MemoryWatch.class);
    private static final Duration PERIOD = Duration.ofSeconds(10);

    private final RedisEventLog log;
    private final int warningPercent;
    private final PeriodicJob job = new PeriodicJob("log-memory", PERIOD, this::look);
    private volatile int percent;

    @Inject
    MemoryWatch(RedisEventLog log, LogConfig config) {
        this.log = log;
        this.warningPercent = config.memoryWarning();
        Metrics.globalRegistry()
                .getOrCreate(
                        Gauge.builder("yagura_ingest_log_memory_percent", () -> percent)
                                .description("Memory of Redis in use, percent of maxmemory"));
    }

    void start(
            @Observes
                    @Priority(ServiceServer.AFTER_START_PRIORITY)
                    @Initialized(ApplicationScoped.class)
                    Object event) {
        job.start();
    }

    void stop(@Observes @Priority(2) @BeforeDestroyed(ApplicationScoped.class) Object event) {
        job.close();
    }

    private void look() {
        try {
            percent = (int) Math.round(log.memoryUse() * 100);
        } catch (DependencyUnavailableException e) {
            return; // the appenders say that Redis is away
        }
        if (percent >= warningPercent) {
            LOG.atWarn()
                    .addKeyValue(LogKeys.COUNT, percent)
                    .log("event log fills up (percent of maxmemory); are all consumers running?");
        }
    }
}
