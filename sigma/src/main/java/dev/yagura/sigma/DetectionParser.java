package dev.yagura.sigma;

import dev.yagura.sigma.Modifiers.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the part "detection" of one rule: selections and condition. */
final class DetectionParser {
    private static final int MAX_VALUES = 20_000;
    private static final int MAX_DEPTH = 8;
    private static final String CONDITION = "condition";
    private static final String TIMEFRAME = "timeframe";

    private int values;

    /** Selections and condition. */
    record Parsed(Map<String, Detection> selections, Condition condition, String conditionText) {}

    Parsed parse(YamlNode detection) {
        Map<String, YamlNode.Entry> entries = detection.entries();
        YamlNode.Entry condition = entries.get(CONDITION);
        if (condition == null) {
            throw detection.failure("detection has no condition");
        }
        YamlNode.Entry timeframe = entries.get(TIMEFRAME);
        if (timeframe != null) {
            throw timeframe.key().failure("timeframe belongs to a correlation");
        }
        Map<String, Detection> selections = new LinkedHashMap<>();
        entries.forEach((name, entry) -> {
            if (!name.equals(CONDITION)) {
                selections.put(name, selection(entry.value(), 0));
            }
        });
        if (selections.isEmpty()) {
            throw detection.failure("detection has no selection");
        }
        return condition(condition.value(), selections);
    }

    private static Parsed condition(YamlNode node, Map<String, Detection> selections) {
        List<YamlNode> nodes = node.isSequence() ? node.items() : List.of(node);
        List<Condition> conditions = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        for (YamlNode each : nodes) {
            String text = each.text();
            try {
                conditions.add(ConditionParser.parse(text, selections.keySet()));
            } catch (ConditionParser.Failure e) {
                throw each.failureAt(e.offset(), "condition: " + e.getMessage());
            }
            texts.add(text.strip());
        }
        if (conditions.isEmpty()) {
            throw node.failure("the condition is empty");
        }
        return new Parsed(
                selections,
                conditions.size() == 1 ? conditions.getFirst() : new Condition.Or(conditions),
                texts.size() == 1 ? texts.getFirst() : "(" + String.join(") or (", texts) + ")");
    }

    private Detection selection(YamlNode node, int depth) {
        if (depth > MAX_DEPTH) {
            throw node.failure("nested deeper than " + MAX_DEPTH);
        }
        if (node.isMapping()) {
            List<Detection> parts = new ArrayList<>();
            node.entries().forEach((key, entry) -> parts.add(field(key, entry)));
            return all(node, parts);
        }
        if (node.isSequence()) {
            List<Detection> parts = new ArrayList<>();
            for (YamlNode item : node.items()) {
                parts.add(
                        item.isMapping() || item.isSequence()
                                ? selection(item, depth + 1)
                                : keyword(item));
            }
            return any(node, parts);
        }
        return keyword(node);
    }

    private Detection keyword(YamlNode node) {
        if (node.isNull()) {
            throw node.failure("expected a keyword, or fields with values");
        }
        return value(Detection.KEYWORDS, node, Modifiers.parse(List.of()));
    }

    private Detection field(String key, YamlNode.Entry entry) {
        List<String> parts = Arrays.asList(key.split("\\|", -1));
        String field = parts.getFirst();
        Modifiers modifiers;
        try {
            modifiers = Modifiers.parse(parts.subList(1, parts.size()));
        } catch (IllegalArgumentException e) {
            throw entry.key().failure(String.valueOf(e.getMessage()));
        }
        Detection detection = values(field, entry.value(), modifiers);
        return modifiers.has(Modifier.NEQ) ? new Detection.Not(detection) : detection;
    }

    private Detection values(String field, YamlNode node, Modifiers modifiers) {
        if (node.isMapping()) {
            throw node.failure("the value of a field is a single value or a list, not a map");
        }
        if (!node.isSequence()) {
            if (modifiers.has(Modifier.ALL)) {
                throw node.failure("the modifier all needs a list of values");
            }
            return value(field, node, modifiers);
        }
        List<Detection> parts = new ArrayList<>();
        node.items().forEach(item -> parts.add(value(field, item, modifiers)));
        return modifiers.has(Modifier.ALL) ? all(node, parts) : any(node, parts);
    }

    private Detection value(String field, YamlNode node, Modifiers modifiers) {
        if (++values > MAX_VALUES) {
            throw node.failure("the rule has more than " + MAX_VALUES + " values");
        }
        String text = node.text();
        if (node.isNull()) {
            return new Detection.Test(field, new Pattern.Missing());
        }
        try {
            return Pattern.anyOf(
                    field,
                    PatternFactory.patterns(text, modifiers, field.equals(Detection.KEYWORDS)));
        } catch (IllegalArgumentException e) {
            throw node.failure(String.valueOf(e.getMessage()));
        }
    }

    private static Detection all(YamlNode node, List<Detection> parts) {
        refuseEmpty(node, parts);
        return parts.size() == 1 ? parts.getFirst() : new Detection.All(parts);
    }

    private static Detection any(YamlNode node, List<Detection> parts) {
        refuseEmpty(node, parts);
        return parts.size() == 1 ? parts.getFirst() : new Detection.Any(parts);
    }

    private static void refuseEmpty(YamlNode node, List<Detection> parts) {
        if (parts.isEmpty()) {
            throw node.failure("nothing to match here");
        }
    }
}
