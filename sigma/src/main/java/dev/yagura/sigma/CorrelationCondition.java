package dev.yagura.sigma;

import dev.yagura.sigma.SigmaCorrelation.Bound;
import dev.yagura.sigma.SigmaCorrelation.Type;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The condition of a correlation as it is read. */
record CorrelationCondition(
        List<Bound> bounds, List<String> fields, Optional<BigDecimal> percentile) {
    private static final String WHERE = "the condition of the correlation";
    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);
    private static final Map<String, Pattern.Operator> OPERATORS = operators();
    private static final Set<String> KEYS =
            Set.of("gt", "gte", "lt", "lte", "eq", "neq", "field", "percentile");

    private static Map<String, Pattern.Operator> operators() {
        Map<String, Pattern.Operator> operators = new LinkedHashMap<>();
        for (Pattern.Operator operator : Pattern.Operator.values()) {
            operators.put(operator.name().toLowerCase(Locale.ROOT), operator);
        }
        return operators;
    }

    /** What a temporal correlation asks without a condition: every rule. */
    static CorrelationCondition allOf(int rules) {
        return new CorrelationCondition(
                List.of(new Bound(Pattern.Operator.GTE, BigDecimal.valueOf(rules))),
                List.of(),
                Optional.empty());
    }

    /**
     * Reads a condition.
     *
     * @param most highest count that there can be
     */
    static CorrelationCondition parse(YamlNode node, Type type, Optional<Integer> most) {
        if (!node.isMapping()) {
            throw node.failure(WHERE + " is a map such as 'gte: 10', not " + node.kind());
        }
        Map<String, YamlNode.Entry> entries = node.entries();
        Keys.refuseUnknown(entries, WHERE, KEYS);
        List<Bound> bounds = new ArrayList<>();
        entries.forEach((key, entry) -> {
            Pattern.Operator operator = OPERATORS.get(key);
            if (operator != null) {
                bounds.add(new Bound(operator, number(key, entry.value(), type)));
            }
        });
        if (bounds.isEmpty()) {
            throw node.failure(WHERE + " has none of gt, gte, lt, lte, eq, neq");
        }
        Optional<BigDecimal> percentile = percentile(entries, type);
        if (!canHold(bounds, type, most)) {
            throw node.failure(
                    WHERE
                            + " can never hold"
                            + most.map(rules -> "; there are " + rules + " rules").orElse(""));
        }
        return new CorrelationCondition(bounds, fields(node, entries, type), percentile);
    }

    private static BigDecimal number(String key, YamlNode node, Type type) {
        boolean known =
                node.kind() == YamlNode.Kind.INTEGER
                        || (node.kind() == YamlNode.Kind.DECIMAL && !type.counts());
        Optional<BigDecimal> number = known ? Numbers.parse(node.text()) : Optional.empty();
        if (number.isEmpty() || (type.counts() && number.get().signum() < 0)) {
            throw node.failure(
                    key + (type.counts() ? " is a count: a whole number" : " is a number"));
        }
        return number.get();
    }

    private static Optional<BigDecimal> percentile(Map<String, YamlNode.Entry> entries, Type type) {
        YamlNode.Entry entry = entries.get("percentile");
        if (entry == null) {
            return Optional.empty();
        }
        if (type != Type.VALUE_PERCENTILE) {
            throw entry.key().failure("percentile goes with value_percentile only");
        }
        return Optional.of(
                Numbers.parse(entry.value().text())
                        .filter(number -> number.signum() >= 0 && number.compareTo(HUNDRED) <= 0)
                        .orElseThrow(() -> entry.value().failure("percentile is from 0 to 100")));
    }

    private static List<String> fields(
            YamlNode node, Map<String, YamlNode.Entry> entries, Type type) {
        YamlNode.Entry entry = entries.get("field");
        if (entry == null) {
            if (type.hasField()) {
                throw Keys.missing(node, entries, WHERE, "field");
            }
            return List.of();
        }
        if (!type.hasField()) {
            throw entry.key()
                    .failure(
                            "field goes with value_count, value_sum, value_avg and"
                                    + " value_percentile only");
        }
        if (!entry.value().isSequence()) {
            return List.of(entry.value().string("field"));
        }
        List<String> fields = References.texts(entry.value(), "field");
        if (fields.isEmpty() || (fields.size() > 1 && type != Type.VALUE_COUNT)) {
            throw entry.value().failure("field is one name; only value_count takes several");
        }
        return fields;
    }

    /** Looks for a number that meets all bounds: at them, between them or beside them. */
    private static boolean canHold(List<Bound> bounds, Type type, Optional<Integer> most) {
        BigDecimal step = type.counts() ? BigDecimal.ONE : new BigDecimal("0.000001");
        List<BigDecimal> candidates = new ArrayList<>();
        for (Bound bound : bounds) {
            // An inequality rules out one number only; so many steps pass all of them.
            for (int i = -bounds.size(); i <= bounds.size(); i++) {
                candidates.add(bound.number().add(step.multiply(BigDecimal.valueOf(i))));
            }
        }
        return candidates.stream()
                .filter(n -> !type.counts() || n.signum() > 0)
                .filter(n -> most.isEmpty() || n.compareTo(BigDecimal.valueOf(most.get())) <= 0)
                .anyMatch(n -> bounds.stream().allMatch(bound -> bound.holds(n)));
    }
}
