package dev.yagura.sigma.correlation;

import dev.yagura.sigma.Reference;
import dev.yagura.sigma.SigmaCorrelation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Correlations and what they refer to, inner ones first. Immutable.
 *
 * <p>In a chain, a correlation of type temporal or temporal_ordered sees each event with which the
 * inner correlation qualified, at its time and with its fields; the other types see each match of
 * the inner correlation once, when it first qualified.
 */
public final class CorrelationGraph {
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, List<Use>> usesByRule = new HashMap<>();

    /**
     * One correlation and what it refers to.
     *
     * @param name by which other correlations refer to it
     * @param ruleId part of the ids of its matches
     * @param rules names of the rules, in the order of the correlation
     */
    public record Input(
            String name, String ruleId, SigmaCorrelation correlation, List<String> rules) {
        public Input {
            rules = List.copyOf(rules);
        }
    }

    /** A correlation ready to be evaluated. */
    public record Node(String name, CorrelationDefinition definition) {}

    /** A rule in the place of a correlation's list. */
    public record Use(Node node, int rule) {

        /** What changes of an inner correlation add to this one. */
        public List<Inner> added(GroupChanges changes) {
            return node.definition().countsMatches()
                    ? changes.begun()
                    : changes.qualified().stream().map(Inner::ofEvent).toList();
        }

        /** What they take out of this one. */
        public List<Inner> removed(GroupChanges changes) {
            return node.definition().countsMatches()
                    ? changes.ended()
                    : changes.disqualified().stream().map(Inner::ofEvent).toList();
        }
    }

    /**
     * What an outer correlation sees of an inner one.
     *
     * @param id of the inner match, or of the event
     * @param event with which the inner correlation qualified
     */
    public record Inner(String id, BaseMatch event) {
        private static Inner ofEvent(BaseMatch event) {
            return new Inner(event.eventId(), event);
        }
    }

    /**
     * Links the correlations.
     *
     * @throws IllegalArgumentException when they refer to each other in a circle
     */
    public CorrelationGraph(List<Input> inputs) {
        Map<String, Input> byName = new LinkedHashMap<>();
        inputs.forEach(input -> byName.put(input.name(), input));
        Map<String, Node> done = new HashMap<>();
        for (Input input : byName.values()) {
            visit(input, byName, done, new LinkedHashSet<>());
        }
        for (Node node : nodes) {
            Input input = byName.get(node.name());
            if (input != null) {
                for (int rule = 0; rule < input.rules().size(); rule++) {
                    usesByRule
                            .computeIfAbsent(input.rules().get(rule), key -> new ArrayList<>())
                            .add(new Use(node, rule));
                }
            }
        }
    }

    /** Inner correlations come first. */
    private void visit(
            Input input, Map<String, Input> byName, Map<String, Node> done, Set<String> path) {
        if (done.containsKey(input.name())) {
            return;
        }
        if (!path.add(input.name())) {
            throw new IllegalArgumentException("correlations refer to each other: " + path);
        }
        for (String rule : input.rules()) {
            Input inner = byName.get(rule);
            if (inner != null) {
                visit(inner, byName, done, path);
            }
        }
        path.remove(input.name());
        Node node =
                new Node(
                        input.name(),
                        new CorrelationDefinition(
                                input.ruleId(),
                                input.correlation(),
                                carried(input.name(), byName)));
        done.put(input.name(), node);
        nodes.add(node);
    }

    /**
     * Fields that correlations further out ask of events of this one.
     *
     * @param name of the correlation
     */
    private static Set<String> carried(String name, Map<String, Input> byName) {
        Set<String> carried = new LinkedHashSet<>();
        for (Input outer : byName.values()) {
            int rule = outer.rules().indexOf(name);
            if (rule >= 0) {
                Reference reference = outer.correlation().rules().get(rule);
                outer.correlation()
                        .groupBy()
                        .forEach(field -> carried.add(outer.correlation().field(field, reference)));
                outer.correlation()
                        .fields()
                        .forEach(field -> carried.add(outer.correlation().field(field, reference)));
                carried.addAll(carried(outer.name(), byName));
            }
        }
        return carried;
    }

    /** All correlations, inner ones before those that refer to them. */
    public List<Node> nodes() {
        return List.copyOf(nodes);
    }

    /** Where a rule or correlation takes part; empty when no correlation refers to it. */
    public List<Use> uses(String ruleName) {
        return usesByRule.getOrDefault(ruleName, List.of());
    }
}
