package dev.yagura.sigma.correlation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * All correlations of a set of rules over a set of matches, at once: for files that are read to
 * their end. Keeps every match that takes part.
 */
public final class CorrelationSet {
    private final CorrelationGraph graph;
    private final Map<String, Map<GroupKey, List<BaseMatch>>> groups = new HashMap<>();

    public CorrelationSet(CorrelationGraph graph) {
        this.graph = graph;
    }

    /** Whether a correlation refers to the rule: its matches are wanted. */
    public boolean wants(String ruleName) {
        return !graph.uses(ruleName).isEmpty();
    }

    /**
     * A match of a rule.
     *
     * @param fields values of the event by Sigma's names, null where it has none
     */
    public void add(
            String ruleName,
            String eventId,
            long timeNs,
            Function<String, @Nullable String> fields) {
        graph.uses(ruleName).forEach(use -> add(use, eventId, timeNs, fields));
    }

    private void add(
            CorrelationGraph.Use use,
            String eventId,
            long timeNs,
            Function<String, @Nullable String> fields) {
        use.node()
                .definition()
                .member(use.rule(), eventId, timeNs, fields)
                .ifPresent(member ->
                        groups.computeIfAbsent(use.node().name(), key -> new LinkedHashMap<>())
                                .computeIfAbsent(member.group(), key -> new ArrayList<>())
                                .add(member.match()));
    }

    /** All correlation matches by the name of their correlation; to be called once, at the end. */
    public Map<String, List<CorrelationMatch>> finish() {
        Map<String, List<CorrelationMatch>> all = new LinkedHashMap<>();
        for (CorrelationGraph.Node node : graph.nodes()) {
            List<CorrelationMatch> matches = new ArrayList<>();
            groups.getOrDefault(node.name(), Map.of())
                    .forEach((group, members) -> matches.addAll(evaluate(node, group, members)));
            matches.sort(
                    Comparator.comparingLong(CorrelationMatch::firstNs)
                            .thenComparing(CorrelationMatch::id));
            all.put(node.name(), matches);
        }
        return all;
    }

    private List<CorrelationMatch> evaluate(
            CorrelationGraph.Node node, GroupKey group, Collection<BaseMatch> members) {
        GroupState state = new GroupState(node.definition(), group);
        GroupChanges changes = state.add(members);
        for (CorrelationGraph.Use outer : graph.uses(node.name())) {
            outer.added(changes)
                    .forEach(inner ->
                            add(
                                    outer,
                                    inner.id(),
                                    inner.event().timeNs(),
                                    inner.event().carried()::get));
        }
        return state.matches();
    }
}
