package dev.yagura.ingest.telemetry;

import dev.yagura.common.grpc.ServiceServer;
import dev.yagura.ingest.log.EventLog;
import dev.yagura.ingest.log.RedisEventLog;
import dev.yagura.proto.type.v1.AgentIdentity;
import io.helidon.metrics.api.MeterRegistry;
import io.helidon.metrics.api.Metrics;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** What all streams of agents share, and the list of open ones. */
@ApplicationScoped
class Intake {
    private final TelemetryConfig config;
    private final EventLog log;
    private final Clock clock;
    private final ByteBudget budget;
    private final AgentRates rates;
    private final TelemetryMetrics metrics;
    private final BatchCheck check;
    private final BlockingQueue<BatchInspector> inspectors;
    private final ExecutorService workers;
    private final Set<TelemetryStream> streams = ConcurrentHashMap.newKeySet();
    private volatile boolean draining;

    @Inject
    Intake(TelemetryConfig config, RedisEventLog log, Clock clock) {
        this(config, log, clock, Metrics.globalRegistry());
    }

    Intake(TelemetryConfig config, EventLog log, Clock clock, MeterRegistry registry) {
        this.config = config;
        this.log = log;
        this.clock = clock;
        this.rates = new AgentRates(config.eventsPerSecond(), System::nanoTime);
        this.check = new BatchCheck(config);
        this.inspectors = new ArrayBlockingQueue<>(config.workers());
        for (int i = 0; i < config.workers(); i++) {
            inspectors.add(new BatchInspector(config));
        }
        this.workers =
                Executors.newFixedThreadPool(
                        config.workers(),
                        Thread.ofPlatform().daemon().name("telemetry-", 0).factory());
        this.budget = new ByteBudget(config.bufferBytes(), workers);
        this.metrics = new TelemetryMetrics(registry, budget::used);
    }

    /** A new stream of an agent. */
    TelemetryStream accept(AgentIdentity agent, StreamPeer peer) {
        TelemetryStream stream = new TelemetryStream(this, agent, peer);
        streams.add(stream);
        if (draining) {
            stream.drain();
        }
        return stream;
    }

    void closed(TelemetryStream stream, AgentIdentity agent) {
        if (streams.remove(stream)) {
            rates.release(agent.getAgentId());
        }
    }

    /** Open streams answer what they hold, then end; agents connect to another server. */
    void drain(@Observes ServiceServer.DrainStarted event) {
        draining = true;
        streams.forEach(TelemetryStream::drain);
    }

    @PreDestroy
    void close() {
        workers.shutdownNow();
        inspectors.forEach(BatchInspector::close);
    }

    TelemetryConfig config() {
        return config;
    }

    EventLog log() {
        return log;
    }

    ByteBudget budget() {
        return budget;
    }

    AgentRates rates() {
        return rates;
    }

    TelemetryMetrics metrics() {
        return metrics;
    }

    BatchCheck check() {
        return check;
    }

    BlockingQueue<BatchInspector> inspectors() {
        return inspectors;
    }

    ExecutorService workers() {
        return workers;
    }

    /** Server's clock, nanoseconds UTC. */
    long now() {
        Instant now = clock.instant();
        return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
    }
}
