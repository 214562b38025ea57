package dev.yagura.sigma;

import dev.yagura.sigma.Modifiers.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Reads selections and condition of one rule, or of one filter. */
final class DetectionParser {
    private static final int MAX_VALUES = 20_000;
    private static final int MAX_CHARACTERS = 1 << 24;
    private static final String CONDITION = "condition";
    private static final String TIMEFRAME = "timeframe";
    private static final Set<String> RESERVED = Set.of("and", "or", "not", "of");

    private final PatternFactory patterns;
    private int values;
    private int characters;

    DetectionParser(Placeholders placeholders) {
        patterns = new PatternFactory(placeholders);
    }

    /** Selections and condition. */
    record Parsed(Map<String, Detection> selections, Condition condition, String conditionText) {}

    /**
     * Reads them.
     *
     * @param others keys that are neither selection nor condition
     */
    Parsed parse(YamlNode detection, Set<String> others) {
        Map<String, YamlNode.Entry> entries = detection.entries();
        YamlNode.Entry timeframe = entries.get(TIMEFRAME);
        if (timeframe != null) {
            throw timeframe
                    .key()
                    .failure(
                            "timeframe belongs to a correlation: write a document with"
                                    + " 'correlation' and its timespan");
        }
        YamlNode.Entry condition = entries.get(CONDITION);
        if (condition == null) {
            throw Keys.missing(detection, entries, "detection", CONDITION);
        }
        Map<String, Detection> selections = new LinkedHashMap<>();
        entries.forEach((name, entry) -> {
            if (!name.equals(CONDITION) && !others.contains(name)) {
                selections.put(name, selection(name, entry));
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

    private Detection selection(String name, YamlNode.Entry entry) {
        if (RESERVED.contains(name.toLowerCase(Locale.ROOT)) || !name.matches("[^\\s()|]+")) {
            throw entry.key()
                    .failure(
                            "'"
                                    + name
                                    + "' cannot be the name of a selection: no condition can name"
                                    + " it");
        }
        YamlNode node = entry.value();
        if (node.isMapping()) {
            return fields(node);
        }
        if (!node.isSequence()) {
            throw node.failure(
                    "a selection is a map of fields or a list; write a single keyword as '- "
                            + node.text()
                            + "'");
        }
        List<Detection> parts = new ArrayList<>();
        for (YamlNode item : node.items()) {
            parts.add(item.isMapping() ? fields(item) : keyword(item));
        }
        return any(node, parts);
    }

    private Detection fields(YamlNode node) {
        List<Detection> parts = new ArrayList<>();
        node.entries().forEach((key, entry) -> parts.add(field(key, entry)));
        return all(node, parts);
    }

    private Detection keyword(YamlNode node) {
        if (node.kind() != YamlNode.Kind.TEXT && node.kind() != YamlNode.Kind.INTEGER) {
            throw node.failure(
                    "a list in a selection holds keywords (text or whole numbers) and maps of"
                            + " fields, not "
                            + node.kind());
        }
        return value(Detection.KEYWORDS, node, Modifiers.parse(List.of(), true));
    }

    private Detection field(String key, YamlNode.Entry entry) {
        List<String> parts = Arrays.asList(key.split("\\|", -1));
        String field = parts.getFirst();
        if (key.isEmpty()) {
            throw entry.key().failure("the name of the field is missing");
        }
        Modifiers modifiers;
        try {
            modifiers =
                    Modifiers.parse(
                            parts.subList(1, parts.size()), field.equals(Detection.KEYWORDS));
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
        if (modifiers.has(Modifier.ALL) && (!node.isSequence() || node.items().size() == 1)) {
            throw node.failure("the modifier all needs a list of two values or more");
        }
        if (!node.isSequence()) {
            return value(field, node, modifiers);
        }
        if (modifiers.has(Modifier.EXISTS)) {
            throw node.failure("exists takes true or false, not a list");
        }
        List<Detection> parts = new ArrayList<>();
        for (YamlNode item : node.items()) {
            if (item.isNull()) {
                throw item.failure(
                        "null cannot be part of a list of values; make it a selection of its own");
            }
            parts.add(value(field, item, modifiers));
        }
        return modifiers.has(Modifier.ALL) ? all(node, parts) : any(node, parts);
    }

    private Detection value(String field, YamlNode node, Modifiers modifiers) {
        if (node.isNull()) {
            if (modifiers.changeValue() || field.equals(Detection.KEYWORDS)) {
                throw node.failure("null stands for a missing field and takes no modifier but neq");
            }
            return new Detection.Test(field, new Pattern.Missing());
        }
        if (field.equals(Detection.KEYWORDS) && node.text().isEmpty()) {
            throw node.failure("an empty keyword would be in every event");
        }
        count(node, node.text().length());
        List<Pattern> found;
        try {
            found = patterns.patterns(node, modifiers, field.equals(Detection.KEYWORDS));
        } catch (IllegalArgumentException e) {
            throw node.failure(String.valueOf(e.getMessage()));
        }
        for (Pattern pattern : found) {
            count(node, pattern instanceof Pattern.Text text ? text.glob().pattern().length() : 0);
        }
        values += found.size();
        if (values > MAX_VALUES) {
            throw node.failure("the rule has more than " + MAX_VALUES + " values");
        }
        return Pattern.anyOf(field, found);
    }

    /** Aliases and modifiers make much of little text. */
    private void count(YamlNode node, int more) {
        characters += more;
        if (characters > MAX_CHARACTERS) {
            throw node.failure(
                    "the values of the rule have more than "
                            + MAX_CHARACTERS
                            + " characters together, with aliases and modifiers");
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
