package dev.yagura.bench.fault;

import dev.yagura.proto.detection.v1.Alert;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The alerts of a run, as two runs can be compared: ids follow from rule, host, entity and period.
 *
 * @param byName what each alert counts, by its name
 */
record AlertSet(Map<String, Facts> byName) {

    /**
     * What must be equal.
     *
     * @param rule id of the rule
     * @param host asset id; empty for an alert of a correlation: it names the hosts of its first
     *     and last events, and which these are the measured clocks of the agents decide
     * @param entity kind and id
     * @param matches exact number
     */
    record Facts(String rule, String host, String entity, long matches) {
        static Facts of(Alert alert) {
            return new Facts(
                    alert.getRule().getId(),
                    alert.hasCorrelation() ? "" : alert.getAsset().getHostId(),
                    alert.getEntity().getKind() + " " + alert.getEntity().getId(),
                    alert.getMatchCount());
        }
    }

    AlertSet {
        byName = Map.copyOf(byName);
    }

    /**
     * Of a whole list.
     *
     * @throws AssertionError an alert is there twice, or two alerts are of the same thing
     */
    static AlertSet of(List<Alert> alerts) {
        Map<String, Facts> byName = new HashMap<>();
        Map<List<String>, String> byThing = new HashMap<>();
        for (Alert alert : alerts) {
            Facts facts = Facts.of(alert);
            if (byName.put(alert.getName(), facts) != null) {
                throw new AssertionError(alert.getName() + " is listed twice");
            }
            // All events are of one period, so rule, host and entity name an alert.
            String other =
                    byThing.put(
                            List.of(facts.rule(), facts.host(), facts.entity()), alert.getName());
            if (other != null) {
                throw new AssertionError(
                        "%s and %s are of the same thing: %s"
                                .formatted(other, alert.getName(), facts));
            }
        }
        return new AlertSet(byName);
    }

    /** Matches of one rule over all hosts. */
    long matchesOf(String rule) {
        return byName.values().stream()
                .filter(facts -> facts.rule().equals(rule))
                .mapToLong(Facts::matches)
                .sum();
    }

    /** What differs from another run, an alert a line; empty when they are equal. */
    List<String> differencesFrom(AlertSet calm) {
        List<String> lines = new ArrayList<>();
        Map<String, Facts> all = new TreeMap<>(calm.byName);
        all.putAll(byName);
        for (String name : all.keySet()) {
            Facts here = byName.get(name);
            Facts there = calm.byName.get(name);
            if (here == null) {
                lines.add("missing: " + name + " " + there);
            } else if (there == null) {
                lines.add("only here: " + name + " " + here);
            } else if (!here.equals(there)) {
                lines.add("differs: " + name + " " + here + ", in the calm run " + there);
            }
        }
        return lines;
    }
}
