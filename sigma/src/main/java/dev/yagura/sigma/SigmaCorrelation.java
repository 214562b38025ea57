package dev.yagura.sigma;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A correlation: how matches of other rules, or of other correlations, make a match of their own.
 *
 * @param id lower case when it is a UUID; empty when the correlation has none
 * @param level empty when the correlation says nothing
 * @param rules whose matches are correlated, in the order of the file
 * @param groupBy fields or aliases; matches with the same values go together
 * @param fields whose values are looked at; empty for types that count matches or rules
 * @param percentile from 0 to 100: which percentile is compared; only for VALUE_PERCENTILE, where
 *     empty asks for the share of the match's own value
 * @param generate whether the rules raise alerts of their own as well
 */
public record SigmaCorrelation(
        String id,
        String title,
        Optional<Level> level,
        List<String> tags,
        Metadata metadata,
        Type type,
        List<Reference> rules,
        List<String> groupBy,
        Map<String, Map<String, String>> aliases,
        Duration timespan,
        List<Bound> condition,
        List<String> fields,
        Optional<BigDecimal> percentile,
        boolean generate) {
    public SigmaCorrelation {
        tags = List.copyOf(tags);
        rules = List.copyOf(rules);
        groupBy = List.copyOf(groupBy);
        Map<String, Map<String, String>> copy = new LinkedHashMap<>();
        aliases.forEach((alias, byRule) ->
                copy.put(alias, Collections.unmodifiableMap(new LinkedHashMap<>(byRule))));
        aliases = Collections.unmodifiableMap(copy);
        condition = List.copyOf(condition);
        fields = List.copyOf(fields);
    }

    /** Types of the specification, by their names in lower case. */
    public enum Type {
        EVENT_COUNT,
        VALUE_COUNT,
        TEMPORAL,
        TEMPORAL_ORDERED,
        VALUE_SUM,
        VALUE_AVG,
        VALUE_PERCENTILE;

        /** Whether the condition has a field. */
        public boolean hasField() {
            return switch (this) {
                case VALUE_COUNT, VALUE_SUM, VALUE_AVG, VALUE_PERCENTILE -> true;
                case EVENT_COUNT, TEMPORAL, TEMPORAL_ORDERED -> false;
            };
        }

        /** Whether the condition is about a whole number of things. */
        public boolean counts() {
            return switch (this) {
                case EVENT_COUNT, VALUE_COUNT, TEMPORAL, TEMPORAL_ORDERED -> true;
                case VALUE_SUM, VALUE_AVG, VALUE_PERCENTILE -> false;
            };
        }
    }

    /** One comparison; all of a condition hold. */
    public record Bound(Pattern.Operator operator, BigDecimal number) {
        public boolean holds(BigDecimal value) {
            return operator.holds(value.compareTo(number));
        }
    }

    /** The name of the field in events of one rule: an alias is looked up. */
    public String field(String fieldOrAlias, Reference rule) {
        return aliases.getOrDefault(fieldOrAlias, Map.of()).getOrDefault(rule.rule(), fieldOrAlias);
    }
}
