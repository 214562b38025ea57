package dev.yagura.inventory.coverage;

import dev.yagura.proto.inventory.v1.CoverageReason;
import dev.yagura.proto.inventory.v1.CoverageStanding;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Counts of hosts, tasks and functions at one moment. */
final class CoverageCounts {
    private final Instant time;
    private final Map<CoverageStanding, Long> standings = new EnumMap<>(CoverageStanding.class);
    private final Map<String, Map<CoverageStanding, Long>> types = new TreeMap<>();
    private final Map<CoverageReason, OfReason> reasons = new EnumMap<>(CoverageReason.class);

    /**
     * Those with a gap or unknown of one reason.
     *
     * @param oldest when the longest of them began; null where no beginning is known
     */
    record OfReason(long assets, @Nullable Instant oldest) {
        static OfReason first(Finding finding) {
            return new OfReason(1, finding.since());
        }

        OfReason and(OfReason other) {
            return new OfReason(assets + other.assets, earlier(oldest, other.oldest));
        }

        private static @Nullable Instant earlier(@Nullable Instant one, @Nullable Instant other) {
            if (one == null || other == null) {
                return one == null ? other : one;
            }
            return one.isBefore(other) ? one : other;
        }
    }

    CoverageCounts(Instant time) {
        this.time = time;
    }

    void add(Coverage coverage) {
        standings.merge(coverage.standing(), 1L, Long::sum);
        types.computeIfAbsent(
                        coverage.asset().resourceType(),
                        type -> new EnumMap<>(CoverageStanding.class))
                .merge(coverage.standing(), 1L, Long::sum);
        coverage.findings()
                .forEach(finding ->
                        reasons.merge(finding.reason(), OfReason.first(finding), OfReason::and));
    }

    Instant time() {
        return time;
    }

    long of(CoverageStanding standing) {
        return standings.getOrDefault(standing, 0L);
    }

    /** By resource type, in its order. */
    Map<String, Map<CoverageStanding, Long>> types() {
        return types;
    }

    /** By reason, in the order of the contract. */
    Map<CoverageReason, OfReason> reasons() {
        return reasons;
    }
}
