package dev.yagura.detection.indicator;

import dev.yagura.proto.detection.v1.IndicatorEvidence;
import dev.yagura.sigma.engine.RuleMatch;
import java.util.List;

/**
 * One event that one list has indicators for.
 *
 * @param rule the list as if it were a rule
 * @param evidence each indicator, with why it was valid
 */
public record IndicatorMatch(RuleMatch rule, List<IndicatorEvidence> evidence) {
    public IndicatorMatch {
        evidence = List.copyOf(evidence);
    }
}
