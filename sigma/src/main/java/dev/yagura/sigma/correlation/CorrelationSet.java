package dev.yagura.sigma.correlation;

import dev.yagura.sigma.Reference;
import dev.yagura.sigma.SigmaCorrelation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * All correlations of a set of rules over a set of matches, at once: for files that are read to
 * their end. Keeps every match that takes part.
 *
 * <p>In a chain, a correlation of type temporal or temporal_ordered sees each event with which the
 * inner correlation qualified, at its time and with its fields; the other types see each match of
 * the inner correlation once, when it first qualified.
 */
public final class CorrelationSet {
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, List<Use>> usesByRule = new HashMap<>();

    /**
     * One correlation and what it refers to.
     *
     * @param name by which other correlations refer to it
     * @param rules names of the rules, in the order of the correlation
     */
    public record Input(
            String name, String ruleId, SigmaCorrelation correlation, List<String> rules) {
        public Input {
            rules = List.copyOf(rules);
        }
    }

    /** A correlation with its groups. */
    private record Node(
            String name, CorrelationDefinition definition, Map<GroupKey, List<BaseMatch>> groups) {}

    /** A rule in the place of a correlation's list. */
    private record Use(Node node, int rule) {}

    /**
     * Prepares the correlations.
     *
     * @throws IllegalArgumentException when they refer to each other in a circle
     */
    public CorrelationSet(List<Input> inputs) {
        Map<String, Input> byName = new LinkedHashMap<>();
        inputs.forEach(input -> byName.put(input.name(), input));
        Map<String, Node> done = new HashMap<>();
        for (Input input : inputs) {
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
                                input.ruleId(), input.correlation(), carried(input.name(), byName)),
                        new LinkedHashMap<>());
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

    /** Whether a correlation refers to the rule: its matches are wanted. */
    public boolean wants(String ruleName) {
        return usesByRule.containsKey(ruleName);
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
        for (Use use : usesByRule.getOrDefault(ruleName, List.of())) {
            use.node()
                    .definition()
                    .member(use.rule(), eventId, timeNs, fields)
                    .ifPresent(member ->
                            use.node()
                                    .groups()
                                    .computeIfAbsent(member.group(), key -> new ArrayList<>())
                                    .add(member.match()));
        }
    }

    /** All correlation matches by the name of their correlation; to be called once, at the end. */
    public Map<String, List<CorrelationMatch>> finish() {
        Map<String, List<CorrelationMatch>> all = new LinkedHashMap<>();
        for (Node node : nodes) {
            List<CorrelationMatch> matches = new ArrayList<>();
            node.groups()
                    .forEach((group, members) -> matches.addAll(evaluate(node, group, members)));
            matches.sort(
                    Comparator.comparingLong(CorrelationMatch::firstNs)
                            .thenComparing(CorrelationMatch::id));
            all.put(node.name(), matches);
        }
        return all;
    }

    private List<CorrelationMatch> evaluate(
            Node node, GroupKey group, Collection<BaseMatch> members) {
        GroupState state = new GroupState(node.definition(), group, Long.MAX_VALUE);
        List<BaseMatch> qualified = state.add(members).qualified();
        List<CorrelationMatch> matches = state.matches();
        for (Use outer : usesByRule.getOrDefault(node.name(), List.of())) {
            feed(outer, qualified, matches);
        }
        return matches;
    }

    private static void feed(Use outer, List<BaseMatch> qualified, List<CorrelationMatch> matches) {
        for (BaseMatch instant : qualified) {
            String eventId = instant.eventId();
            if (outer.node().definition().countsMatches()) {
                List<CorrelationMatch> begun =
                        matches.stream()
                                .filter(match -> match.firstNs() == instant.timeNs())
                                .toList();
                if (begun.isEmpty()) {
                    continue;
                }
                eventId = begun.getFirst().id().toString();
            }
            outer.node()
                    .definition()
                    .member(outer.rule(), eventId, instant.timeNs(), instant.carried()::get)
                    .ifPresent(member ->
                            outer.node()
                                    .groups()
                                    .computeIfAbsent(member.group(), key -> new ArrayList<>())
                                    .add(member.match()));
        }
    }
}
