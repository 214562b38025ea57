package dev.yagura.detection.feed;

import io.helidon.metrics.api.Counter;
import io.helidon.metrics.api.Gauge;
import io.helidon.metrics.api.MeterRegistry;
import io.helidon.metrics.api.Metrics;
import io.helidon.metrics.api.Tag;
import io.helidon.metrics.api.Timer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What an operator watches: how far behind detection is, first of all. */
final class FeedMetrics {
    private static final String PREFIX = "yagura_detection_";

    private final MeterRegistry registry = Metrics.globalRegistry();
    private final Map<Integer, AtomicLong> lags = new ConcurrentHashMap<>();
    private final AtomicInteger leases = new AtomicInteger();
    private final Counter events = counter("events", "Events matched against the rules");
    private final Counter matches = counter("matches", "Rules met by events, committed");
    private final Counter alerts = counter("alert_changes", "Alerts created or updated");
    private final Counter losses =
            counter("visibility_losses", "Known losses of telemetry recorded");
    private final Counter lostPositions =
            counter("positions_lost", "Cursors that the event log no longer knew");
    private final Timer commits =
            registry.getOrCreate(
                    Timer.builder(PREFIX + "commit")
                            .description("Transactions of the log's reader"));
    private final Timer delay =
            registry.getOrCreate(
                    Timer.builder(PREFIX + "delay")
                            .description("From batch received by ingest to alert committed"));

    FeedMetrics() {
        registry.getOrCreate(
                Gauge.builder(
                                PREFIX + "lag",
                                () -> lags.values().stream().mapToLong(AtomicLong::get).sum())
                        .description("Batches in the log that are not committed yet"));
        registry.getOrCreate(
                Gauge.builder(PREFIX + "leases", leases::get)
                        .description("Partitions that this replica reads"));
    }

    private Counter counter(String name, String description) {
        return registry.getOrCreate(Counter.builder(PREFIX + name).description(description));
    }

    void lag(int partition, long batches) {
        lags.computeIfAbsent(partition, this::lagOf).set(Math.max(0, batches));
    }

    private AtomicLong lagOf(int partition) {
        AtomicLong lag = new AtomicLong();
        registry.getOrCreate(
                Gauge.builder(PREFIX + "partition_lag", lag::get)
                        .description("Batches of one partition that are not committed yet")
                        .tags(List.of(Tag.create("partition", Integer.toString(partition)))));
        return lag;
    }

    void leases(int count) {
        leases.set(count);
    }

    void matched(int count) {
        events.increment(count);
    }

    void lostPosition() {
        lostPositions.increment();
    }

    void committed(long nanos, int sightings, int changedAlerts, int lossCount) {
        commits.record(nanos, TimeUnit.NANOSECONDS);
        matches.increment(sightings);
        alerts.increment(changedAlerts);
        losses.increment(lossCount);
    }

    void delayed(long nanos) {
        delay.record(Math.max(0, nanos), TimeUnit.NANOSECONDS);
    }
}
