package dev.yagura.detection.rule;

import io.helidon.metrics.api.Counter;
import io.helidon.metrics.api.MeterRegistry;
import io.helidon.metrics.api.Metrics;
import io.helidon.metrics.api.Tag;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Matches of this replica by rule. Only rules that match have a series, and only the first few
 * hundred of them; the others share one.
 */
public final class RuleMetrics {
    private static final String NAME = "yagura_detection_rule_matches";
    private static final int MAX_RULES = 300;
    private static final String OTHERS = "other";

    private final MeterRegistry registry = Metrics.globalRegistry();
    private final Set<String> named = ConcurrentHashMap.newKeySet();

    /** What was committed. */
    public void committed(RuleCounts counts) {
        counts.byRule()
                .forEach((rule, tally) -> {
                    add(rule, "alerting", tally.matches());
                    add(rule, "shadow", tally.shadowMatches());
                    add(rule, "excepted", tally.exceptedMatches());
                });
    }

    private void add(String rule, String outcome, long count) {
        if (count == 0) {
            return;
        }
        registry.getOrCreate(
                        Counter.builder(NAME)
                                .description("Matches of a rule that were committed, by outcome")
                                .tags(
                                        List.of(
                                                Tag.create("rule", label(rule)),
                                                Tag.create("outcome", outcome))))
                .increment(count);
    }

    private String label(String rule) {
        if (named.contains(rule) || (named.size() < MAX_RULES && named.add(rule))) {
            return rule;
        }
        return OTHERS;
    }
}
