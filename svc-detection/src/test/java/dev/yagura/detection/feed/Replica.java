package dev.yagura.detection.feed;

import dev.yagura.common.config.Settings;
import dev.yagura.common.persistence.Transactions;
import dev.yagura.common.tls.TlsFiles;
import dev.yagura.common.watch.ChangeFeed;
import dev.yagura.detection.FakeIngest;
import dev.yagura.detection.alert.AlertConfig;
import dev.yagura.detection.alert.Sightings;
import dev.yagura.detection.asset.AssetReadModel;
import dev.yagura.detection.correlation.CorrelationConfig;
import dev.yagura.detection.correlation.CorrelationStage;
import dev.yagura.detection.incident.DetectionWriter;
import dev.yagura.detection.incident.IncidentConfig;
import dev.yagura.detection.indicator.TestIndicators;
import dev.yagura.detection.rule.DetectionRules;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;

/** Both stages of detection on real stores, without a container. */
final class Replica {
    private final FeedReader reader;
    private final CorrelationStage correlations;

    Replica(Transactions transactions, Settings settings, DetectionRules rules, Clock clock) {
        DetectionWriter writer =
                new DetectionWriter(
                        IncidentConfig.from(settings),
                        ChangeFeed.of("alerts", transactions),
                        ChangeFeed.of("incidents", transactions),
                        clock);
        correlations =
                new CorrelationStage(
                        CorrelationConfig.from(settings), transactions, writer, rules, clock);
        reader =
                new FeedReader(
                        UUID.randomUUID(),
                        new FeedReader.Parts(
                                new FeedConfig(
                                        Duration.ofMillis(600),
                                        Duration.ofMillis(50),
                                        Duration.ofMillis(100),
                                        1 << 20,
                                        1 << 20,
                                        2_000),
                                new GrpcEventFeed(settings),
                                transactions,
                                writer,
                                rules,
                                new Sightings(
                                        new AlertConfig(Duration.ofHours(1)),
                                        new AssetReadModel(),
                                        clock),
                                new FeedMetrics(),
                                clock,
                                TestIndicators.none(),
                                correlations::wake));
    }

    /** What a replica is configured with that reads this log. */
    static Settings settings(FakeIngest ingest, TlsFiles tls) {
        return Settings.of(
                "yagura.detection",
                Map.of(
                        "yagura.detection.client.ingest.addresses",
                        "127.0.0.1:" + ingest.port(),
                        "yagura.detection.tls.certificate",
                        tls.certificate().toString(),
                        "yagura.detection.tls.key",
                        tls.key().toString(),
                        "yagura.detection.tls.authorities",
                        tls.authorities().getFirst().toString()));
    }

    /** Partitions that it reads. */
    int owned() {
        return reader.owned();
    }

    Replica start() {
        reader.start();
        correlations.start();
        return this;
    }

    void stop() throws InterruptedException {
        reader.stop();
        correlations.stop();
    }

    /** Like a process that is killed. */
    void kill() throws InterruptedException {
        reader.kill();
        correlations.kill();
    }
}
