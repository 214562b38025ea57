package dev.yagura.detection.rule;

import dev.yagura.common.ids.Ids;
import dev.yagura.proto.detection.v1.RuleReference;
import dev.yagura.proto.detection.v1.Severity;
import dev.yagura.proto.telemetry.v1.Device;
import dev.yagura.sigma.LogSource;
import dev.yagura.sigma.correlation.CorrelationDefinition;
import dev.yagura.sigma.correlation.CorrelationGraph;
import dev.yagura.sigma.correlation.GroupKey;
import dev.yagura.sigma.pack.Rule;
import dev.yagura.sigma.taxonomy.EventFields;
import dev.yagura.sigma.taxonomy.Mappings;
import dev.yagura.sigma.taxonomy.SensorEvent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/** The correlations in force. Immutable. */
public final class CorrelationRules {
    private static final UUID GROUPS = UUID.fromString("5b2f2d0a-1f6f-5f0e-8f63-5a6f6f3f9c04");

    /** No correlation is in force. */
    public static final CorrelationRules NONE =
            new CorrelationRules(List.of(), Map.of(), 0, new RuleMappings(Mappings.standard()));

    private final CorrelationGraph graph;
    private final Map<String, InForce> byKey = new LinkedHashMap<>();
    private final Map<String, InForce> byName = new HashMap<>();
    private final Set<String> taken = new HashSet<>();
    private final Map<String, LogSource> logSources;
    private final RuleMappings mappings;

    /**
     * A correlation in force.
     *
     * @param key of its stored state: name and hash of its text
     * @param alerting false when it is in shadow: its matches are counted only
     */
    public record InForce(
            String key,
            RuleReference rule,
            Severity severity,
            boolean alerting,
            CorrelationDefinition definition) {

        /** Names of group-by. */
        public List<String> groupBy() {
            return definition.correlation().groupBy();
        }

        /** The same for the same state and values. */
        public UUID groupId(GroupKey group) {
            return Ids.v5(
                    GROUPS,
                    Stream.concat(Stream.of(key), group.values().stream()).toArray(String[]::new));
        }
    }

    /** What an event is in one correlation. */
    public record Part(InForce correlation, CorrelationDefinition.Member member) {}

    /** A rule in the place of a correlation's list. */
    public record Use(InForce correlation, CorrelationGraph.Use use) {}

    /**
     * Of deployed rules.
     *
     * @param rules all of the book
     * @param logSources of rules for single events, by name
     */
    CorrelationRules(
            Collection<BookedRule> rules,
            Map<String, LogSource> logSources,
            long version,
            RuleMappings mappings) {
        this.mappings = mappings;
        this.logSources = Map.copyOf(logSources);
        List<BookedRule> correlations = rules.stream().filter(BookedRule::isCorrelating).toList();
        graph =
                new CorrelationGraph(
                        correlations.stream()
                                .flatMap(booked -> booked.rule().linked().stream())
                                .toList());
        Map<String, BookedRule> booked = new HashMap<>();
        correlations.forEach(rule -> booked.put(rule.name(), rule));
        for (CorrelationGraph.Node node : graph.nodes()) {
            BookedRule rule = booked.get(node.name());
            if (rule != null) {
                add(node, rule, version);
            }
        }
        rules.stream()
                .filter(rule -> !rule.rule().raisesAlerts())
                .forEach(rule -> taken.add(rule.name()));
    }

    private void add(CorrelationGraph.Node node, BookedRule booked, long version) {
        Rule rule = booked.rule();
        Rule.Content.Correlation content = rule.correlation().orElseThrow();
        InForce inForce =
                new InForce(
                        rule.name() + '@' + rule.contentHash(),
                        rule.reference(version),
                        Rule.severity(content.level()),
                        booked.deployment().state() == DeploymentState.ALERTING,
                        node.definition());
        byKey.put(inForce.key(), inForce);
        byName.put(rule.name(), inForce);
    }

    public boolean isEmpty() {
        return byKey.isEmpty();
    }

    /** Keys of all. */
    public Set<String> keys() {
        return byKey.keySet();
    }

    /** The correlation of a stored state; empty when it is not in force here. */
    public Optional<InForce> ofKey(String key) {
        return Optional.ofNullable(byKey.get(key));
    }

    /**
     * Whether the rule, or correlation, raises no alerts of its own: a correlation that does has
     * taken it, and none generates.
     */
    public boolean takes(String ruleName) {
        return taken.contains(ruleName);
    }

    /** Where a correlation takes part in further ones. */
    public List<Use> uses(InForce correlation) {
        List<Use> uses = new ArrayList<>();
        for (CorrelationGraph.Use use : graph.uses(correlation.rule().getName())) {
            InForce outer = byName.get(use.node().name());
            if (outer != null) {
                uses.add(new Use(outer, use));
            }
        }
        return uses;
    }

    /** Whether matches of the rule take part in a correlation. */
    public boolean wants(String ruleName) {
        return !graph.uses(ruleName).isEmpty();
    }

    /**
     * Where a match of a rule takes part; empty for most rules.
     *
     * @param occurredNs corrected
     */
    public List<Part> parts(
            String ruleName, Device device, SensorEvent event, String eventId, long occurredNs) {
        List<CorrelationGraph.Use> uses = graph.uses(ruleName);
        LogSource logSource = logSources.get(ruleName);
        if (uses.isEmpty() || logSource == null) {
            return List.of();
        }
        EventFields fields = EventFields.of(mappings.sources(logSource), device, event);
        List<Part> parts = new ArrayList<>();
        for (CorrelationGraph.Use use : uses) {
            InForce correlation = byName.get(use.node().name());
            if (correlation != null) {
                correlation
                        .definition()
                        .member(use.rule(), eventId, occurredNs, fields)
                        .ifPresent(member -> parts.add(new Part(correlation, member)));
            }
        }
        return parts;
    }
}
