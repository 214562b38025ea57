package dev.yagura.indicator;

import dev.yagura.proto.detection.v1.Severity;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One indicator of an imported file.
 *
 * @param sourceId id in the source, for example a STIX id; may be empty
 * @param validFrom null: since ever
 * @param validUntil null: no end; the end itself is outside
 * @param revoked the source says that it holds no more
 * @param confidence 0 to 100
 * @param modified null where the source has no versions; of the same source id the newest counts
 */
public record IndicatorEntry(
        IndicatorKey key,
        String sourceId,
        @Nullable Instant validFrom,
        @Nullable Instant validUntil,
        boolean revoked,
        int confidence,
        Severity severity,
        List<String> labels,
        String description,
        @Nullable Instant modified) {
    public IndicatorEntry {
        labels = List.copyOf(labels);
    }

    /** What an entry gets that states none. */
    public record Defaults(Severity severity, int confidence) {}
}
