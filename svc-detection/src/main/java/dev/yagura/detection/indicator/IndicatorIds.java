package dev.yagura.detection.indicator;

import dev.yagura.common.ids.Ids;
import dev.yagura.indicator.IndicatorKey;
import java.util.UUID;

/** Ids that every import derives alike. */
final class IndicatorIds {
    private static final UUID INDICATORS = UUID.fromString("5b2f2d0a-1f6f-5f0e-8f63-5a6f6f3f9c21");
    private static final UUID LOOKUPS = UUID.fromString("5b2f2d0a-1f6f-5f0e-8f63-5a6f6f3f9c22");

    private IndicatorIds() {}

    static UUID indicator(String list, IndicatorKey key, String sourceId) {
        return Ids.v5(INDICATORS, list, key.kind().word(), key.value(), sourceId);
    }

    /** The same in every list. */
    static UUID lookup(IndicatorKey key) {
        return Ids.v5(LOOKUPS, key.kind().word(), key.value());
    }
}
