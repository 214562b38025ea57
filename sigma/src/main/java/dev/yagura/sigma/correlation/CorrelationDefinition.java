package dev.yagura.sigma.correlation;

import dev.yagura.sigma.Numbers;
import dev.yagura.sigma.SigmaCorrelation;
import dev.yagura.sigma.SigmaCorrelation.Type;
import dev.yagura.sigma.taxonomy.CaseFolding;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A correlation made ready to be evaluated.
 *
 * @param ruleId part of the ids of its matches
 * @param carried fields of its events that further correlations ask for
 */
public record CorrelationDefinition(
        String ruleId, SigmaCorrelation correlation, Set<String> carried) {

    public CorrelationDefinition {
        carried = Set.copyOf(carried);
    }

    /** Without correlations of this correlation. */
    public static CorrelationDefinition of(String ruleId, SigmaCorrelation correlation) {
        return new CorrelationDefinition(ruleId, correlation, Set.of());
    }

    long timespanNs() {
        return correlation.timespan().toNanos();
    }

    /** The event as a member of a group. */
    public record Member(GroupKey group, BaseMatch match) {}

    /**
     * Where a match of a rule belongs; empty when the event lacks a field of group-by, or a value
     * that the condition needs: then it has no part in the correlation.
     *
     * @param rule index of the rule in the correlation
     * @param fields values of the event by Sigma's names, null where it has none
     */
    public Optional<Member> member(
            int rule, String eventId, long timeNs, Function<String, @Nullable String> fields) {
        Optional<List<String>> group = values(correlation.groupBy(), rule, fields);
        Optional<List<String>> values = values(correlation.fields(), rule, fields);
        if (group.isEmpty() || values.isEmpty() || !isUsable(values.get())) {
            return Optional.empty();
        }
        Map<String, String> kept = new LinkedHashMap<>();
        for (String name : carried) {
            int grouped = correlation.groupBy().indexOf(name);
            @Nullable String value = grouped >= 0 ? group.get().get(grouped) : fields.apply(name);
            if (value != null) {
                kept.put(name, value);
            }
        }
        return Optional.of(
                new Member(
                        new GroupKey(group.get()),
                        new BaseMatch(rule, eventId, timeNs, values.get(), kept)));
    }

    private boolean isUsable(List<String> values) {
        boolean number =
                switch (correlation.type()) {
                    case VALUE_SUM, VALUE_AVG -> true;
                    case VALUE_PERCENTILE -> correlation.percentile().isPresent();
                    case EVENT_COUNT, VALUE_COUNT, TEMPORAL, TEMPORAL_ORDERED -> false;
                };
        return !number || Numbers.parse(values.getFirst()).isPresent();
    }

    private Optional<List<String>> values(
            List<String> names, int rule, Function<String, @Nullable String> fields) {
        List<String> values = new ArrayList<>();
        for (String name : names) {
            @Nullable String value =
                    fields.apply(correlation.field(name, correlation.rules().get(rule)));
            if (value == null) {
                return Optional.empty();
            }
            values.add(CaseFolding.fold(value));
        }
        return Optional.of(values);
    }

    /** Whether each match counts once, and not each event that qualified. */
    boolean countsMatches() {
        return correlation.type() != Type.TEMPORAL && correlation.type() != Type.TEMPORAL_ORDERED;
    }
}
