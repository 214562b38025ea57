package dev.yagura.sigma.correlation;

import dev.yagura.sigma.Numbers;
import dev.yagura.sigma.SigmaCorrelation;
import dev.yagura.sigma.SigmaCorrelation.Bound;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a condition is about, over the matches of a window that moves on. */
sealed interface WindowMeasure {
    BigDecimal HUNDRED = BigDecimal.valueOf(100);

    /** A match enters; in time, those of one moment in the order of the rules. */
    void add(BaseMatch match);

    /** The earliest match leaves. */
    void remove(BaseMatch match);

    /**
     * Whether the window that ends at this match meets the bounds.
     *
     * @param openNs the window begins after this
     */
    boolean holds(BaseMatch end, long openNs, List<Bound> bounds);

    static WindowMeasure of(SigmaCorrelation correlation) {
        return switch (correlation.type()) {
            case EVENT_COUNT -> new Distinct(false);
            case VALUE_COUNT -> new Distinct(true);
            case TEMPORAL -> new Rules(correlation.rules().size());
            case TEMPORAL_ORDERED -> new OrderedRules(correlation.rules().size());
            case VALUE_SUM -> new Sum(false);
            case VALUE_AVG -> new Sum(true);
            case VALUE_PERCENTILE ->
                    correlation
                            .percentile()
                            .<WindowMeasure>map(Percentile::new)
                            .orElseGet(Share::new);
        };
    }

    private static boolean hold(List<Bound> bounds, BigDecimal value) {
        return bounds.stream().allMatch(bound -> bound.holds(value));
    }

    /** Compares a quotient without dividing. */
    private static boolean hold(List<Bound> bounds, BigDecimal dividend, long divisor) {
        BigDecimal by = BigDecimal.valueOf(divisor);
        return bounds.stream()
                .allMatch(bound ->
                        bound.operator().holds(dividend.compareTo(bound.number().multiply(by))));
    }

    private static BigDecimal number(BaseMatch match) {
        return Numbers.parse(match.values().getFirst()).orElseThrow();
    }

    /** Number of different events, or of different values. */
    final class Distinct implements WindowMeasure {
        private final boolean ofValues;
        private final Map<Object, Integer> counts = new HashMap<>();

        Distinct(boolean ofValues) {
            this.ofValues = ofValues;
        }

        @Override
        public void add(BaseMatch match) {
            counts.merge(key(match), 1, Integer::sum);
        }

        @Override
        public void remove(BaseMatch match) {
            counts.computeIfPresent(key(match), (key, count) -> count == 1 ? null : count - 1);
        }

        @Override
        public boolean holds(BaseMatch end, long openNs, List<Bound> bounds) {
            return hold(bounds, BigDecimal.valueOf(counts.size()));
        }

        private Object key(BaseMatch match) {
            return ofValues ? match.values() : match.eventId();
        }
    }

    /** Number of different rules. */
    final class Rules implements WindowMeasure {
        private final int[] counts;

        Rules(int rules) {
            counts = new int[rules];
        }

        @Override
        public void add(BaseMatch match) {
            counts[match.rule()]++;
        }

        @Override
        public void remove(BaseMatch match) {
            counts[match.rule()]--;
        }

        @Override
        public boolean holds(BaseMatch end, long openNs, List<Bound> bounds) {
            return hold(
                    bounds, BigDecimal.valueOf(Arrays.stream(counts).filter(c -> c > 0).count()));
        }
    }

    /**
     * Number of different rules whose matches follow each other in the order of the correlation.
     * For each last rule and length it knows the latest time at which such a chain begins: a chain
     * is in the window when that is.
     */
    final class OrderedRules implements WindowMeasure {
        private final long[][] latestStart;

        OrderedRules(int rules) {
            latestStart = new long[rules][rules + 1];
            for (long[] starts : latestStart) {
                Arrays.fill(starts, Long.MIN_VALUE);
            }
        }

        @Override
        public void add(BaseMatch match) {
            long[] own = latestStart[match.rule()];
            own[1] = Math.max(own[1], match.timeNs());
            for (int before = 0; before < match.rule(); before++) {
                for (int length = 1; length <= before + 1; length++) {
                    own[length + 1] = Math.max(own[length + 1], latestStart[before][length]);
                }
            }
        }

        @Override
        public void remove(BaseMatch match) {
            // A chain that begins before the window is passed over by its start.
        }

        @Override
        public boolean holds(BaseMatch end, long openNs, List<Bound> bounds) {
            int longest = 0;
            for (long[] starts : latestStart) {
                for (int length = 1; length < starts.length; length++) {
                    if (starts[length] > openNs) {
                        longest = Math.max(longest, length);
                    }
                }
            }
            return hold(bounds, BigDecimal.valueOf(longest));
        }
    }

    /** Sum or average of numbers. */
    final class Sum implements WindowMeasure {
        private final boolean average;
        private BigDecimal sum = BigDecimal.ZERO;
        private long count;

        Sum(boolean average) {
            this.average = average;
        }

        @Override
        public void add(BaseMatch match) {
            sum = sum.add(number(match));
            count++;
        }

        @Override
        public void remove(BaseMatch match) {
            sum = sum.subtract(number(match));
            count--;
        }

        @Override
        public boolean holds(BaseMatch end, long openNs, List<Bound> bounds) {
            return hold(bounds, sum, average ? count : 1);
        }
    }

    /** A percentile of numbers; between two of them in proportion. */
    final class Percentile implements WindowMeasure {
        private final BigDecimal percentile;
        private final List<BigDecimal> sorted = new ArrayList<>();

        Percentile(BigDecimal percentile) {
            this.percentile = percentile;
        }

        @Override
        public void add(BaseMatch match) {
            BigDecimal number = number(match);
            int at = Collections.binarySearch(sorted, number);
            sorted.add(at < 0 ? -at - 1 : at, number);
        }

        @Override
        public void remove(BaseMatch match) {
            sorted.remove(Collections.binarySearch(sorted, number(match)));
        }

        @Override
        public boolean holds(BaseMatch end, long openNs, List<Bound> bounds) {
            BigDecimal hundredfold = percentile.multiply(BigDecimal.valueOf(sorted.size() - 1L));
            BigDecimal[] rank = hundredfold.divideAndRemainder(HUNDRED);
            int below = rank[0].intValueExact();
            BigDecimal low = sorted.get(below);
            BigDecimal high = sorted.get(Math.min(below + 1, sorted.size() - 1));
            BigDecimal part = high.subtract(low).multiply(rank[1]).movePointLeft(2);
            return hold(bounds, low.add(part));
        }
    }

    /** How much of all values, in percent, is the value of the match at the window's end. */
    final class Share implements WindowMeasure {
        private final Map<String, Integer> counts = new HashMap<>();
        private long all;

        @Override
        public void add(BaseMatch match) {
            counts.merge(match.values().getFirst(), 1, Integer::sum);
            all++;
        }

        @Override
        public void remove(BaseMatch match) {
            counts.computeIfPresent(
                    match.values().getFirst(), (value, count) -> count == 1 ? null : count - 1);
            all--;
        }

        @Override
        public boolean holds(BaseMatch end, long openNs, List<Bound> bounds) {
            long own = counts.getOrDefault(end.values().getFirst(), 0);
            return hold(bounds, BigDecimal.valueOf(own).multiply(HUNDRED), all);
        }
    }
}
