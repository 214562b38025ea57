package dev.yagura.detection.indicator;

import dev.yagura.common.config.Settings;
import dev.yagura.common.grpc.ServiceServer;
import dev.yagura.common.log.LogKeys;
import dev.yagura.indicator.IndicatorIndex;
import io.helidon.metrics.api.Gauge;
import io.helidon.metrics.api.Metrics;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lists in force, in this replica: a fingerprint of every key. Additions are read when a list
 * has another version. What was removed or revoked stays in the index until it is built anew, and
 * harms nothing: every hit is confirmed by the store, whose answers are forgotten at each change.
 */
@ApplicationScoped
public class LoadedIndicators implements IndicatorSource {
    private static final Logger LOG = LoggerFactory.getLogger(LoadedIndicators.class);

    /** After the migrations (100), before the servers (10,000). */
    private static final int AFTER_MIGRATIONS = 1100;

    private static final int MANY_LISTS = 100_000;

    /** The index is built anew when this many times what is in the lists is in it, and some. */
    private static final int BLOAT = 2;

    private static final int SMALL = 10_000;

    private final IndicatorStore store;
    private final Duration interval;
    private final ConfirmedIndicators confirmed;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Map<String, Seen> seen = new HashMap<>();
    private volatile IndicatorIndex index = new IndicatorIndex();
    private volatile long refreshed = System.nanoTime();
    private @Nullable Thread follower;

    /** A list as it is in the index. */
    private record Seen(UUID uid, long version, long revision) {
        static Seen of(IndicatorList list) {
            return new Seen(list.uid(), list.version(), list.revision());
        }
    }

    @Inject
    LoadedIndicators(IndicatorStore store, Settings settings, Clock clock) {
        this(store, IndicatorConfig.from(settings).refresh(), clock);
        Metrics.globalRegistry()
                .getOrCreate(
                        Gauge.builder("yagura_detection_indicators", () -> index.size())
                                .description("Keys of indicators in memory"));
        Metrics.globalRegistry()
                .getOrCreate(
                        Gauge.builder(
                                        "yagura_detection_indicator_age",
                                        () ->
                                                TimeUnit.NANOSECONDS.toSeconds(
                                                        System.nanoTime() - refreshed))
                                .description("Seconds since lists of indicators were compared"));
    }

    LoadedIndicators(IndicatorStore store, Duration interval, Clock clock) {
        this.store = store;
        this.interval = interval;
        this.confirmed = new ConfirmedIndicators(store, clock);
    }

    void load(
            @Observes @Priority(AFTER_MIGRATIONS) @Initialized(ApplicationScoped.class)
                    Object event) {
        refresh();
    }

    void start(
            @Observes
                    @Priority(ServiceServer.AFTER_START_PRIORITY)
                    @Initialized(ApplicationScoped.class)
                    Object event) {
        follower = Thread.ofVirtual().name("indicator-refresh").start(this::follow);
    }

    void stop(@Observes @Priority(2) @BeforeDestroyed(ApplicationScoped.class) Object event)
            throws InterruptedException {
        stopped.countDown();
        if (follower != null) {
            follower.join(Duration.ofSeconds(5));
        }
    }

    private void follow() {
        try {
            while (!stopped.await(interval.toMillis(), TimeUnit.MILLISECONDS)) {
                try {
                    refresh();
                } catch (RuntimeException e) {
                    LOG.atWarn()
                            .addKeyValue(LogKeys.REASON, String.valueOf(e.getMessage()))
                            .log("cannot look for changed lists of indicators; trying again");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Brings the index up to date with the store. */
    synchronized void refresh() {
        List<IndicatorList> lists = store.lists("", MANY_LISTS);
        Map<String, Seen> now = new HashMap<>();
        lists.forEach(list -> now.put(list.id(), Seen.of(list)));
        if (!now.equals(seen)) {
            long live = lists.stream().mapToLong(IndicatorList::count).sum();
            IndicatorIndex target = index;
            if (target.size() > BLOAT * live + SMALL) {
                target = new IndicatorIndex();
                seen.clear();
            }
            for (IndicatorList list : lists) {
                read(list, target);
            }
            index = target;
            seen.clear();
            seen.putAll(now);
            confirmed.forget();
            LOG.atInfo()
                    .addKeyValue(LogKeys.COUNT, target.size())
                    .log("lists of indicators changed");
        }
        refreshed = System.nanoTime();
    }

    private void read(IndicatorList list, IndicatorIndex target) {
        @Nullable Seen before = seen.get(list.id());
        boolean same = before != null && before.uid().equals(list.uid());
        long version = same && before != null ? before.version() : 0;
        if (version < list.version()) {
            store.keys(list.id(), version, target::add);
        }
    }

    @Override
    public IndicatorMatcher matcher() {
        return new IndicatorMatcher(() -> index, confirmed::of, indicator -> true);
    }

    /** Looks for some of the indicators only, in an index of its own. */
    IndicatorMatcher matcher(IndicatorIndex some, IndicatorMatcher.Wanted wanted) {
        return new IndicatorMatcher(() -> some, confirmed::of, wanted);
    }
}
