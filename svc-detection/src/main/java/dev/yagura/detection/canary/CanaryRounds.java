package dev.yagura.detection.canary;

import com.github.luben.zstd.Zstd;
import com.google.protobuf.ByteString;
import dev.yagura.common.config.Settings;
import dev.yagura.common.error.YaguraException;
import dev.yagura.common.grpc.ServiceServer;
import dev.yagura.common.log.LogKeys;
import dev.yagura.common.persistence.Transactions;
import dev.yagura.proto.ingest.v1.Canary;
import dev.yagura.proto.telemetry.v1.EventBatch;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends canaries and says when one does not come back. Every replica looks; which of them sends a
 * round is decided in the database.
 */
@ApplicationScoped
public class CanaryRounds {
    private static final Logger LOG = LoggerFactory.getLogger(CanaryRounds.class);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(5);
    private static final int SCHEMA_MAJOR = 1;

    private final CanaryConfig config;
    private final CanarySource source;
    private final CanaryLog log;
    private final SqlCanaryStore store;
    private final CanaryReports reports;
    private final Clock clock;
    private final CanaryMetrics metrics = new CanaryMetrics();
    private final Set<String> failing = new HashSet<>();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private @Nullable Thread thread;

    @Inject
    CanaryRounds(
            Settings settings,
            CanarySource source,
            CanaryLog log,
            Transactions transactions,
            Clock clock) {
        this(CanaryConfig.from(settings), source, log, transactions, clock);
    }

    CanaryRounds(
            CanaryConfig config,
            CanarySource source,
            CanaryLog log,
            Transactions transactions,
            Clock clock) {
        this.config = config;
        this.source = source;
        this.log = log;
        this.store = new SqlCanaryStore(transactions);
        this.reports = new CanaryReports(config, source, store, transactions, clock);
        this.clock = clock;
    }

    void start(
            @Observes
                    @Priority(ServiceServer.AFTER_START_PRIORITY)
                    @Initialized(ApplicationScoped.class)
                    Object event) {
        start();
    }

    void start() {
        thread = Thread.ofVirtual().name("canary-rounds").start(this::run);
    }

    void stop(@Observes @Priority(2) @BeforeDestroyed(ApplicationScoped.class) Object event)
            throws InterruptedException {
        stop();
    }

    void stop() throws InterruptedException {
        stopped.countDown();
        if (thread != null) {
            thread.join(STOP_LIMIT);
        }
    }

    /** How it is with all canaries of the rules in force, by name. */
    public List<CanaryReport> reports() {
        store.settle();
        return reports.all();
    }

    private void run() {
        try {
            while (!stopped.await(config.check().toMillis(), TimeUnit.MILLISECONDS)) {
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        try {
            send();
            tell(reports());
        } catch (YaguraException e) {
            LOG.atWarn()
                    .addKeyValue(LogKeys.REASON, e.getMessage())
                    .log("cannot look after the canaries; trying again");
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("cannot look after the canaries");
        }
    }

    private void send() {
        Set<String> names = reports.needed();
        EventBatch.Builder batch = EventBatch.newBuilder().setSchemaMajor(SCHEMA_MAJOR);
        Instant now = clock.instant();
        long nanos = TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
        CanaryRules rules = source.canaries();
        names.removeIf(
                name -> rules.find(name).filter(entry -> entry.problem().isEmpty()).isEmpty());
        names.forEach(name ->
                rules.find(name)
                        .ifPresent(entry ->
                                batch.addEvents(
                                        entry.probe().event().toBuilder()
                                                .setTimeNs(nanos)
                                                .setObservedTimeNs(nanos))));
        OptionalLong round = store.takeRound(config.interval(), config.limit(), names);
        if (round.isEmpty() || names.isEmpty()) {
            return;
        }
        Canary canary =
                Canary.newBuilder()
                        .setRound(round.getAsLong())
                        .setEvents(ByteString.copyFrom(Zstd.compress(batch.build().toByteArray())))
                        .build();
        try {
            store.appended(round.getAsLong(), log.append(canary));
        } catch (RuntimeException e) {
            store.notAppended("ingest did not take it: " + e.getMessage());
        }
    }

    private void tell(List<CanaryReport> all) {
        metrics.reported(all);
        for (CanaryReport report : all) {
            if (report.state() == CanaryReport.State.FAILING) {
                if (failing.add(report.name())) {
                    LOG.atError()
                            .addKeyValue(LogKeys.RULE, report.name())
                            .addKeyValue(
                                    LogKeys.LOGSOURCE, report.entry().probe().canary().logSource())
                            .addKeyValue(LogKeys.STAGE, report.lastStage())
                            .addKeyValue(LogKeys.PARTITION, report.failingPartitions())
                            .addKeyValue(LogKeys.REASON, report.problem())
                            .log("matches of a log source are not known to become alerts");
                }
            } else if (failing.remove(report.name())
                    && report.state() == CanaryReport.State.PROVEN) {
                LOG.atInfo()
                        .addKeyValue(LogKeys.RULE, report.name())
                        .log("matches of a log source become alerts again");
            }
        }
    }
}
