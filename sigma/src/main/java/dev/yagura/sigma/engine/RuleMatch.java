package dev.yagura.sigma.engine;

import dev.yagura.proto.detection.v1.MatchedField;
import dev.yagura.proto.detection.v1.RuleReference;
import dev.yagura.proto.detection.v1.Severity;
import java.util.List;

/**
 * One rule that one event met.
 *
 * @param rule as it was then, rule-set version included
 * @param matchedFields the event's values that made selections true
 * @param condition text of the condition that became true
 */
public record RuleMatch(
        RuleReference rule, Severity severity, List<MatchedField> matchedFields, String condition) {
    public RuleMatch {
        matchedFields = List.copyOf(matchedFields);
    }
}
