package dev.yagura.inventory.reconcile;

import dev.yagura.inventory.asset.AssetSet;
import io.helidon.metrics.api.Gauge;
import io.helidon.metrics.api.MeterRegistry;
import io.helidon.metrics.api.Metrics;
import io.helidon.metrics.api.Tag;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How old what is known of each set of assets is, for alarms. */
@ApplicationScoped
class FreshnessGauges {
    private static final String AGE = "yagura_inventory_reading_age_seconds";

    /** One query serves all gauges of a scrape. */
    private static final Duration KEPT = Duration.ofSeconds(5);

    private final ReadingStore store;
    private final Clock clock;
    private final Map<AssetSet, Gauge<Double>> gauges = new HashMap<>();
    private Map<AssetSet, Instant> completed = Map.of();
    private Instant asked = Instant.MIN;

    @Inject
    FreshnessGauges(ReadingStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /** From now on there is one for each of these sets, and no other: nobody reads the rest. */
    void follow(Collection<AssetSet> sets) {
        MeterRegistry registry = Metrics.globalRegistry();
        Set<AssetSet> wanted = Set.copyOf(sets);
        // Not under the lock of age(): a scrape asks for that with the registry's own lock held.
        synchronized (gauges) {
            for (AssetSet left : Set.copyOf(gauges.keySet())) {
                if (!wanted.contains(left)) {
                    registry.remove(gauges.remove(left));
                }
            }
            wanted.forEach(set -> gauges.computeIfAbsent(set, each -> gauge(registry, each)));
        }
    }

    private Gauge<Double> gauge(MeterRegistry registry, AssetSet set) {
        return registry.getOrCreate(
                Gauge.builder(AGE, () -> age(set))
                        .description(
                                "Since every asset of a type was last read; not a number before"
                                        + " the first time")
                        .tags(
                                List.of(
                                        Tag.create("account", set.scope().getAccountId()),
                                        Tag.create("region", set.scope().getRegion()),
                                        Tag.create("type", set.resourceType()))));
    }

    /** Seconds; what PostgreSQL cannot tell now keeps growing older. */
    synchronized double age(AssetSet set) {
        Instant now = clock.instant();
        if (asked.isBefore(now.minus(KEPT))) {
            asked = now;
            try {
                Map<AssetSet, Instant> found = new HashMap<>();
                for (ReadingStore.Freshness each : store.freshness()) {
                    if (each.completeTime() != null) {
                        found.put(each.set(), each.completeTime());
                    }
                }
                completed = found;
            } catch (RuntimeException e) {
                // The health check says why.
            }
        }
        Instant last = completed.get(set);
        return last == null ? Double.NaN : Duration.between(last, now).toMillis() / 1000.0;
    }
}
