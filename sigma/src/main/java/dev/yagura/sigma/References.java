package dev.yagura.sigma;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads what filters and correlations have in common: log sources and lists of names. */
final class References {
    private static final int MIN_LENGTH = 2;
    private static final Pattern UUID =
            Pattern.compile("[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}");

    private References() {}

    /** Ids or names of rules: at least one, none twice. */
    static List<Reference> rules(YamlNode node) {
        List<Reference> rules =
                distinct(node, "rules").stream()
                        .map(item -> {
                            String rule = normal(item.text());
                            if (rule.length() < MIN_LENGTH) {
                                throw item.failure("a rule is named by its id or its name");
                            }
                            Diagnostic place = item.diagnostic("");
                            return new Reference(rule, place.line(), place.column());
                        })
                        .toList();
        if (rules.isEmpty()) {
            throw node.failure("rules names no rule");
        }
        return rules;
    }

    /** Texts of a list, none twice. */
    static List<String> texts(YamlNode node, String key) {
        return distinct(node, key).stream().map(YamlNode::text).toList();
    }

    /** A UUID in lower case, anything else as it is. */
    static String normal(String rule) {
        return UUID.matcher(rule).matches() ? rule.toLowerCase(Locale.ROOT) : rule;
    }

    private static List<YamlNode> distinct(YamlNode node, String key) {
        if (!node.isSequence()) {
            throw node.failure(key + " is a list, not " + node.kind());
        }
        Set<String> seen = new HashSet<>();
        List<YamlNode> items = new ArrayList<>();
        for (YamlNode item : node.items()) {
            String text = item.string("each of " + key);
            if (text.isBlank()) {
                throw item.failure("each of " + key + " is a name, not empty");
            }
            if (!seen.add(normal(text))) {
                throw item.failure("'" + text + "' is there twice in " + key);
            }
            items.add(item);
        }
        return items;
    }

    /** The log source of a rule or a filter. */
    static LogSource logSource(YamlNode node) {
        Map<String, YamlNode.Entry> parts = node.entries();
        LogSource source =
                new LogSource(
                        part(parts, "product"), part(parts, "category"), part(parts, "service"));
        YamlNode.Entry definition = parts.get("definition");
        if (definition != null) {
            definition.value().string("definition");
        }
        if (source.equals(new LogSource("", "", ""))) {
            Set<String> known = Set.of("product", "category", "service");
            String hint =
                    parts.keySet().stream()
                            .map(key -> Spelling.hint(key, known))
                            .filter(text -> !text.isEmpty())
                            .findFirst()
                            .orElse("");
            throw node.failure("logsource names no product, category or service" + hint);
        }
        return source;
    }

    private static String part(Map<String, YamlNode.Entry> parts, String key) {
        YamlNode.Entry entry = parts.get(key);
        return entry == null ? "" : entry.value().string(key).toLowerCase(Locale.ROOT);
    }
}
