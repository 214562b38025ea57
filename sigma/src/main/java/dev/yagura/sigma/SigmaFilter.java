package dev.yagura.sigma;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A filter: what it asks is asked of the rules that it names as well.
 *
 * @param id lower case when it is a UUID; empty when the filter has none
 * @param logSource only rules of this log source, or of a part of it, take the filter
 * @param rules ids or names, as written
 * @param condition over the names of the selections
 */
public record SigmaFilter(
        String id,
        String title,
        Metadata metadata,
        LogSource logSource,
        List<Reference> rules,
        Map<String, Detection> selections,
        Condition condition,
        String conditionText) {
    public SigmaFilter {
        rules = List.copyOf(rules);
        selections = Collections.unmodifiableMap(new LinkedHashMap<>(selections));
    }

    /** Whether the rule's log source is this filter's, or a part of it. */
    public boolean covers(LogSource other) {
        return covers(logSource.product(), other.product())
                && covers(logSource.category(), other.category())
                && covers(logSource.service(), other.service());
    }

    private static boolean covers(String own, String other) {
        return own.isEmpty() || own.equals(other);
    }

    /** The rule with "and" this filter's condition. */
    public SigmaRule applyTo(SigmaRule rule) {
        String prefix = "_filter_";
        while (anyStartsWith(rule, prefix)) {
            prefix += '_';
        }
        Map<String, Detection> all = new LinkedHashMap<>(rule.selections());
        for (Map.Entry<String, Detection> entry : selections.entrySet()) {
            all.put(prefix + entry.getKey(), entry.getValue());
        }
        return new SigmaRule(
                rule.id(),
                rule.title(),
                rule.level(),
                rule.tags(),
                rule.metadata(),
                rule.logSource(),
                all,
                new Condition.And(List.of(rule.condition(), renamed(condition, prefix))),
                "(" + rule.conditionText() + ") and filter (" + conditionText + ")");
    }

    private static boolean anyStartsWith(SigmaRule rule, String prefix) {
        return rule.selections().keySet().stream().anyMatch(name -> name.startsWith(prefix));
    }

    private static Condition renamed(Condition condition, String prefix) {
        return switch (condition) {
            case Condition.Selection(String name) -> new Condition.Selection(prefix + name);
            case Condition.And(var parts) -> new Condition.And(renamed(parts, prefix));
            case Condition.Or(var parts) -> new Condition.Or(renamed(parts, prefix));
            case Condition.Not(Condition part) -> new Condition.Not(renamed(part, prefix));
            case Condition.AtLeast(int count, var names) ->
                    new Condition.AtLeast(
                            count, names.stream().map(name -> prefix + name).toList());
        };
    }

    private static List<Condition> renamed(List<Condition> parts, String prefix) {
        List<Condition> renamed = new ArrayList<>();
        parts.forEach(part -> renamed.add(renamed(part, prefix)));
        return renamed;
    }
}
