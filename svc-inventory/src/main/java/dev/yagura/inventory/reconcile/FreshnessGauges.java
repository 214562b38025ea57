package dev.yagura.inventory.reconcile;

import dev.yagura.common.config.Settings;
import dev.yagura.common.grpc.ServiceServer;
import dev.yagura.inventory.asset.AssetSet;
import io.helidon.metrics.api.Gauge;
import io.helidon.metrics.api.MeterRegistry;
import io.helidon.metrics.api.Metrics;
import io.helidon.metrics.api.Tag;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How old what is known of each set of assets is, for alarms. */
@ApplicationScoped
class FreshnessGauges {
    private static final String AGE = "yagura_inventory_reading_age_seconds";

    /** One query serves all gauges of a scrape. */
    private static final Duration KEPT = Duration.ofSeconds(5);

    private final ReadingStore store;
    private final List<AssetSet> sets;
    private final Clock clock;
    private Map<AssetSet, Instant> completed = Map.of();
    private Instant asked = Instant.MIN;

    @Inject
    FreshnessGauges(ReadingStore store, Settings settings, Clock clock) {
        this(store, AssetSets.of(ReadingConfig.from(settings).scopes()), clock);
    }

    FreshnessGauges(ReadingStore store, List<AssetSet> sets, Clock clock) {
        this.store = store;
        this.sets = List.copyOf(sets);
        this.clock = clock;
    }

    void start(
            @Observes
                    @Priority(ServiceServer.AFTER_START_PRIORITY)
                    @Initialized(ApplicationScoped.class)
                    Object event) {
        MeterRegistry registry = Metrics.globalRegistry();
        for (AssetSet set : sets) {
            registry.getOrCreate(
                    Gauge.builder(AGE, () -> age(set))
                            .description(
                                    "Since every asset of a type was last read; not a number"
                                            + " before the first time")
                            .tags(
                                    List.of(
                                            Tag.create("account", set.scope().getAccountId()),
                                            Tag.create("region", set.scope().getRegion()),
                                            Tag.create("type", set.resourceType()))));
        }
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
