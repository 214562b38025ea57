package dev.yagura.cli.rule;

import dev.yagura.proto.telemetry.v1.Device;
import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.sigma.correlation.CorrelationGraph;
import dev.yagura.sigma.correlation.CorrelationMatch;
import dev.yagura.sigma.correlation.CorrelationSet;
import dev.yagura.sigma.pack.Rule;
import dev.yagura.sigma.taxonomy.EventFields;
import dev.yagura.sigma.taxonomy.SensorEvent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Correlations of a scan. Their matches are known when every file was read. */
final class ScanCorrelations {
    private final OfflineRules rules;
    private final Map<String, Rule> byName = new HashMap<>();
    private final CorrelationSet set;

    /** A match of a rule, where it takes part in a correlation; made by any thread. */
    record Part(String ruleName, String eventId, long timeNs, EventFields fields) {}

    ScanCorrelations(OfflineRules rules) {
        this.rules = rules;
        rules.rules().forEach(rule -> byName.put(rule.name(), rule));
        set = new CorrelationSet(new CorrelationGraph(linked(rules)));
    }

    private static List<CorrelationGraph.Input> linked(OfflineRules rules) {
        return rules.rules().stream().flatMap(rule -> rule.linked().stream()).toList();
    }

    /** False when matches of the rule count in correlations only. */
    boolean isShown(String ruleName) {
        return rule(ruleName).raisesAlerts();
    }

    boolean wants(String ruleName) {
        return set.wants(ruleName);
    }

    Part part(String ruleName, String eventId, Device device, Event event) {
        return new Part(
                ruleName,
                eventId,
                event.getTimeNs(),
                EventFields.of(
                        rules.mappings().sources(rule(ruleName).sigma().orElseThrow().logSource()),
                        device,
                        SensorEvent.of(event)));
    }

    void add(Part part) {
        set.add(part.ruleName(), part.eventId(), part.timeNs(), part.fields());
    }

    /** Puts what the correlations found into the lines; gives how many. */
    long finish(MatchLines lines) {
        long[] count = new long[1];
        set.finish()
                .forEach((name, matches) -> {
                    Rule rule = rule(name);
                    for (CorrelationMatch match :
                            rule.raisesAlerts() ? matches : List.<CorrelationMatch>of()) {
                        lines.add(rule, match);
                        count[0]++;
                    }
                });
        return count[0];
    }

    private Rule rule(String name) {
        Rule rule = byName.get(name);
        if (rule == null) {
            throw new IllegalArgumentException("no rule " + name);
        }
        return rule;
    }
}
