package dev.yagura.detection.indicator;

import dev.yagura.indicator.IndicatorKey;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the store says about keys, remembered until a list changes: a value that matches often costs
 * one question, not one an event.
 */
final class ConfirmedIndicators {
    private static final int KEPT = 10_000;

    /** Of one key; more lists than this with one value add nothing. */
    private static final int MOST = 100;

    private final IndicatorStore store;
    private final Clock clock;
    private final LinkedHashMap<IndicatorKey, Confirmed> kept =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<IndicatorKey, Confirmed> eldest) {
                    return size() > KEPT;
                }
            };
    private long forgotten;

    /** Indicators of a key, and when the store said so. */
    record Confirmed(List<StoredIndicator> indicators, Instant time) {
        Confirmed {
            indicators = List.copyOf(indicators);
        }
    }

    ConfirmedIndicators(IndicatorStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /**
     * Indicators with this key.
     *
     * @throws dev.yagura.common.error.DependencyUnavailableException the store is away
     */
    Confirmed of(IndicatorKey key) {
        long before;
        synchronized (this) {
            @Nullable Confirmed known = kept.get(key);
            if (known != null) {
                return known;
            }
            before = forgotten;
        }
        Confirmed confirmed = new Confirmed(store.find(List.of(key), MOST), clock.instant());
        synchronized (this) {
            // What was read before a change must not be kept after it.
            if (before == forgotten) {
                kept.put(key, confirmed);
            }
        }
        return confirmed;
    }

    /** A list changed. */
    synchronized void forget() {
        kept.clear();
        forgotten++;
    }
}
