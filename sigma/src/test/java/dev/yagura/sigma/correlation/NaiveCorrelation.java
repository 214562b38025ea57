package dev.yagura.sigma.correlation;

import dev.yagura.sigma.SigmaCorrelation;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/** Correlations as plainly as they can be said: each window by itself. */
final class NaiveCorrelation {
    private final CorrelationDefinition definition;
    private final SigmaCorrelation correlation;
    private final GroupKey group;
    private final List<BaseMatch> all;
    private final long span;

    private NaiveCorrelation(
            CorrelationDefinition definition, GroupKey group, Collection<BaseMatch> matches) {
        this.definition = definition;
        this.group = group;
        correlation = definition.correlation();
        span = correlation.timespan().toNanos();
        TreeSet<BaseMatch> sorted =
                new TreeSet<>(
                        Comparator.comparingLong(BaseMatch::timeNs)
                                .thenComparing(BaseMatch::eventId)
                                .thenComparingInt(BaseMatch::rule));
        sorted.addAll(matches);
        all = List.copyOf(sorted);
    }

    static List<CorrelationMatch> evaluate(
            CorrelationDefinition definition, GroupKey group, Collection<BaseMatch> matches) {
        return new NaiveCorrelation(definition, group, matches).matches();
    }

    private List<CorrelationMatch> matches() {
        List<Long> instants = all.stream().filter(this::qualifies).map(BaseMatch::timeNs).toList();
        List<CorrelationMatch> found = new ArrayList<>();
        int i = 0;
        while (i < instants.size()) {
            long first = instants.get(i);
            long last = first;
            while (i < instants.size() && instants.get(i) - last < span) {
                last = instants.get(i++);
            }
            found.add(match(first, last));
        }
        return found;
    }

    private CorrelationMatch match(long first, long last) {
        List<BaseMatch> inside = between(first - span, last);
        List<String> ids = inside.stream().map(BaseMatch::eventId).distinct().toList();
        return new CorrelationMatch(
                CorrelationMatchId.of(definition.ruleId(), group, first, span),
                definition.ruleId(),
                group,
                inside.getFirst().timeNs(),
                first,
                last,
                ids.size(),
                ids.subList(0, Math.min(10, ids.size())),
                ids.subList(Math.max(0, ids.size() - 10), ids.size()));
    }

    private List<BaseMatch> between(long after, long to) {
        return all.stream().filter(m -> m.timeNs() > after && m.timeNs() <= to).toList();
    }

    private boolean qualifies(BaseMatch end) {
        List<BaseMatch> window = between(end.timeNs() - span, end.timeNs());
        BigDecimal value =
                switch (correlation.type()) {
                    case EVENT_COUNT -> count(window.stream().map(BaseMatch::eventId).distinct());
                    case VALUE_COUNT -> count(window.stream().map(BaseMatch::values).distinct());
                    case TEMPORAL -> count(window.stream().map(BaseMatch::rule).distinct());
                    case TEMPORAL_ORDERED -> BigDecimal.valueOf(longest(window, -1, 0));
                    case VALUE_SUM -> sum(window);
                    case VALUE_AVG ->
                            sum(window)
                                    .divide(
                                            BigDecimal.valueOf(window.size()),
                                            MathContext.DECIMAL128);
                    case VALUE_PERCENTILE ->
                            correlation
                                    .percentile()
                                    .map(p -> percentile(window, p))
                                    .orElseGet(() -> share(window, end));
                };
        return correlation.condition().stream()
                .allMatch(bound -> bound.operator().holds(value.compareTo(bound.number())));
    }

    private static BigDecimal count(java.util.stream.Stream<?> distinct) {
        return BigDecimal.valueOf(distinct.count());
    }

    private static BigDecimal number(BaseMatch match) {
        return new BigDecimal(match.values().getFirst());
    }

    private static BigDecimal sum(List<BaseMatch> window) {
        return window.stream()
                .map(NaiveCorrelation::number)
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private static BigDecimal percentile(List<BaseMatch> window, BigDecimal percentile) {
        double[] sorted =
                window.stream()
                        .mapToDouble(match -> number(match).doubleValue())
                        .sorted()
                        .toArray();
        double rank = percentile.doubleValue() / 100 * (sorted.length - 1);
        int below = (int) Math.floor(rank);
        int above = (int) Math.ceil(rank);
        double value = sorted[below] + (sorted[above] - sorted[below]) * (rank - below);
        return BigDecimal.valueOf(Math.rint(value * 1e6) / 1e6);
    }

    private static BigDecimal share(List<BaseMatch> window, BaseMatch end) {
        long own = window.stream().filter(m -> m.values().equals(end.values())).count();
        return BigDecimal.valueOf(100 * own)
                .divide(BigDecimal.valueOf(window.size()), MathContext.DECIMAL128);
    }

    /** Tries every chain: next match not earlier than the last, of a later rule. */
    private static int longest(List<BaseMatch> window, int rule, long from) {
        int best = 0;
        for (BaseMatch match : window) {
            if (match.rule() > rule && match.timeNs() >= from) {
                best = Math.max(best, 1 + longest(window, match.rule(), match.timeNs()));
            }
        }
        return best;
    }
}
