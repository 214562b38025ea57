package dev.yagura.sigma;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One rule.
 *
 * @param id lower case when it is a UUID; empty when the rule has none
 * @param level MEDIUM when the rule says nothing
 * @param tags as written
 * @param selections by name, in the order of the file
 * @param condition over the names of the selections
 * @param conditionText as written
 */
public record SigmaRule(
        String id,
        String title,
        Level level,
        List<String> tags,
        Metadata metadata,
        LogSource logSource,
        Map<String, Detection> selections,
        Condition condition,
        String conditionText) {
    public SigmaRule {
        tags = List.copyOf(tags);
        selections = Collections.unmodifiableMap(new LinkedHashMap<>(selections));
    }
}
