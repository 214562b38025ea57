package dev.yagura.sigma.engine;

import dev.yagura.proto.detection.v1.RuleReference;
import dev.yagura.proto.detection.v1.Severity;
import dev.yagura.sigma.SigmaRule;
import dev.yagura.sigma.taxonomy.EventSource;
import dev.yagura.sigma.taxonomy.Mappings;
import dev.yagura.sigma.taxonomy.Taxonomy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes one matcher of many rules. */
public final class RuleSetCompiler {
    private RuleSetCompiler() {}

    /**
     * A rule to compile.
     *
     * @param reference what a match says about the rule
     */
    public record Input(RuleReference reference, Severity severity, SigmaRule rule) {}

    /**
     * Compiles.
     *
     * @param version number of the rule set
     * @throws IllegalArgumentException when no sensor delivers the log source of a rule; ask {@link
     *     Taxonomy#coverage} before
     */
    public static EventMatcher compile(long version, Collection<Input> inputs) {
        return compile(version, inputs, Mappings.standard());
    }

    /** The same, with other mappings. */
    public static EventMatcher compile(long version, Collection<Input> inputs, Mappings mappings) {
        Map<EventSource, List<Input>> bySource = new LinkedHashMap<>();
        inputs.stream()
                .sorted(Comparator.comparing(input -> input.reference().getId()))
                .forEach(input ->
                        sources(input, mappings)
                                .forEach(source ->
                                        bySource.computeIfAbsent(source, key -> new ArrayList<>())
                                                .add(input)));
        List<SourceRules> sources = new ArrayList<>();
        bySource.forEach((source, rules) -> sources.add(SourceCompiler.compile(source, rules)));
        return new RuleSet(version, sources);
    }

    private static List<EventSource> sources(Input input, Mappings mappings) {
        List<EventSource> sources = mappings.sources(input.rule().logSource());
        if (sources.isEmpty()) {
            throw new IllegalArgumentException("no source for rule " + input.reference().getName());
        }
        return sources;
    }
}
