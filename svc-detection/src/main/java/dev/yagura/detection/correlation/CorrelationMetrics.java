package dev.yagura.detection.correlation;

import io.helidon.metrics.api.Counter;
import io.helidon.metrics.api.Gauge;
import io.helidon.metrics.api.MeterRegistry;
import io.helidon.metrics.api.Metrics;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** What an operator watches of the second stage. */
final class CorrelationMetrics {
    private static final String PREFIX = "yagura_detection_correlation_";

    private final MeterRegistry registry = Metrics.globalRegistry();
    private final Counter members =
            counter("members", "Events that were put into groups of correlations");
    private final Counter late =
            counter("late", "Events that were older than the lateness and left out");
    private final AtomicLong progressed = new AtomicLong(System.nanoTime());

    CorrelationMetrics() {
        registry.getOrCreate(
                Gauge.builder(
                                PREFIX + "age",
                                () ->
                                        TimeUnit.NANOSECONDS.toSeconds(
                                                System.nanoTime() - progressed.get()))
                        .description("Seconds since the inbox of correlations was looked at"));
    }

    private Counter counter(String name, String description) {
        return registry.getOrCreate(Counter.builder(PREFIX + name).description(description));
    }

    /** The inbox was looked at. */
    void looked() {
        progressed.set(System.nanoTime());
    }

    void took(int count, int tooLate) {
        members.increment(count);
        late.increment(tooLate);
    }
}
