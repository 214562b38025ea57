package dev.yagura.detection.canary;

import io.helidon.metrics.api.Gauge;
import io.helidon.metrics.api.Meter;
import io.helidon.metrics.api.MeterRegistry;
import io.helidon.metrics.api.Metrics;
import io.helidon.metrics.api.Tag;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** What an operator watches: how old each proof is. For one thread at a time. */
final class CanaryMetrics {
    private static final String AGE = "yagura_detection_canary_age_seconds";
    private static final String FAILING = "yagura_detection_canaries_failing";

    private final MeterRegistry registry = Metrics.globalRegistry();
    private final Map<String, Age> ages = new HashMap<>();
    private final AtomicLong failing = new AtomicLong();

    private record Age(AtomicLong seconds, Meter meter) {}

    CanaryMetrics() {
        registry.getOrCreate(
                Gauge.builder(FAILING, failing::get)
                        .description("Log sources whose matches are not known to become alerts"));
    }

    /** Canaries that are not sent have no age. */
    void reported(List<CanaryReport> reports) {
        Set<String> gone = new HashSet<>(ages.keySet());
        long count = 0;
        for (CanaryReport report : reports) {
            if (report.state() != CanaryReport.State.IDLE) {
                ages.computeIfAbsent(report.name(), this::age)
                        .seconds()
                        .set(report.sinceProven().toSeconds());
                gone.remove(report.name());
            }
            count += report.state() == CanaryReport.State.FAILING ? 1 : 0;
        }
        failing.set(count);
        for (String name : gone) {
            Age age = ages.remove(name);
            if (age != null) {
                registry.remove(age.meter());
            }
        }
    }

    private Age age(String name) {
        AtomicLong seconds = new AtomicLong();
        Meter meter =
                registry.getOrCreate(
                        Gauge.builder(AGE, seconds::get)
                                .description("Since a canary last came through every partition")
                                .tags(
                                        List.of(
                                                Tag.create(
                                                        "canary",
                                                        name.substring(name.indexOf('/') + 1)))));
        return new Age(seconds, meter);
    }
}
