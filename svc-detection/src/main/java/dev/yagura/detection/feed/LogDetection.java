package dev.yagura.detection.feed;

import dev.yagura.common.config.Settings;
import dev.yagura.common.grpc.ServiceServer;
import dev.yagura.common.ids.Ids;
import dev.yagura.common.persistence.Transactions;
import dev.yagura.common.watch.ChangeFeeds;
import dev.yagura.detection.alert.AlertConfig;
import dev.yagura.detection.alert.Sightings;
import dev.yagura.detection.asset.AssetReadModel;
import dev.yagura.detection.correlation.CorrelationConfig;
import dev.yagura.detection.correlation.CorrelationStage;
import dev.yagura.detection.incident.DetectionWriter;
import dev.yagura.detection.incident.IncidentConfig;
import dev.yagura.detection.indicator.IndicatorSource;
import dev.yagura.detection.rule.DetectionRules;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Detection as a part of the service: starts after the server, stops before the database. */
@ApplicationScoped
@Readiness
public class LogDetection implements HealthCheck {
    private final FeedConfig config;
    private final FeedReader reader;
    private final CorrelationStage correlations;

    @Inject
    LogDetection(
            Settings settings,
            EventFeed feed,
            Transactions transactions,
            ChangeFeeds feeds,
            DetectionRules rules,
            AssetReadModel assets,
            Ids ids,
            Clock clock,
            IndicatorSource indicators) {
        this.config = FeedConfig.from(settings);
        DetectionWriter writer =
                new DetectionWriter(
                        IncidentConfig.from(settings),
                        feeds.feed("alerts"),
                        feeds.feed("incidents"),
                        clock);
        this.correlations =
                new CorrelationStage(
                        CorrelationConfig.from(settings), transactions, writer, rules, clock);
        this.reader =
                new FeedReader(
                        ids.v7(),
                        new FeedReader.Parts(
                                config,
                                feed,
                                transactions,
                                writer,
                                rules,
                                new Sightings(AlertConfig.from(settings), assets, clock),
                                new FeedMetrics(),
                                clock,
                                indicators,
                                correlations::wake));
    }

    void start(
            @Observes
                    @Priority(ServiceServer.AFTER_START_PRIORITY)
                    @Initialized(ApplicationScoped.class)
                    Object event) {
        reader.start();
        correlations.start();
    }

    void stop(@Observes @Priority(2) @BeforeDestroyed(ApplicationScoped.class) Object event)
            throws InterruptedException {
        reader.stop();
        correlations.stop();
    }

    /** Ready while leases are renewed, or waited for beside other replicas. */
    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("detection")
                .status(reader.sinceLastRound().compareTo(config.lease()) < 0)
                .withData("partitions", reader.owned())
                .build();
    }
}
