package dev.yagura.sigma.pack;

import dev.yagura.sigma.Diagnostic;
import dev.yagura.sigma.Level;
import dev.yagura.sigma.Reference;
import dev.yagura.sigma.SigmaCorrelation;
import dev.yagura.sigma.SigmaDocument;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.stream.IntStream;

/** Looks up what correlations refer to, through chains, and decides their states. */
final class RuleCorrelations {
    private final Map<String, PackDocument> documents = new HashMap<>();
    private final Map<String, Rule> rules;
    private final RuleIndex index;
    private final Map<String, Link> links = new LinkedHashMap<>();
    private final Map<String, List<SigmaCorrelation>> takers = new HashMap<>();
    private final Deployments deployments;
    private final SequencedSet<String> path = new LinkedHashSet<>();

    /**
     * What became of one correlation.
     *
     * @param targets rules that it refers to; empty when one is missing
     */
    record Link(
            Rule.State state,
            List<Diagnostic> diagnostics,
            List<PackDocument> targets,
            Level level) {
        Link {
            diagnostics = List.copyOf(diagnostics);
            targets = List.copyOf(targets);
        }
    }

    /**
     * Links all correlations.
     *
     * @param rules the others, by name
     */
    RuleCorrelations(
            List<PackDocument> all,
            Map<String, Rule> rules,
            RuleIndex index,
            Deployments deployments) {
        this.rules = rules;
        this.index = index;
        this.deployments = deployments;
        all.forEach(document -> documents.put(document.ruleName(), document));
        for (PackDocument document : all) {
            if (document.document() instanceof SigmaDocument.Correlation
                    && document.duplicate().isEmpty()) {
                link(document);
            }
        }
        links.forEach(this::addTaker);
    }

    private void addTaker(String ruleName, Link link) {
        if (link.state() == Rule.State.ACTIVE && deployments.alerts(ruleName)) {
            link.targets().stream()
                    .map(PackDocument::ruleName)
                    .distinct()
                    .forEach(target ->
                            takers.computeIfAbsent(target, key -> new ArrayList<>())
                                    .add(correlation(ruleName)));
        }
    }

    Link of(PackDocument correlation) {
        return Objects.requireNonNull(links.get(correlation.ruleName()), correlation.ruleName());
    }

    /** Titles of correlations that take the rule for themselves: none of them generates. */
    List<String> takenBy(String ruleName) {
        List<SigmaCorrelation> taking = takers.getOrDefault(ruleName, List.of());
        return taking.stream().anyMatch(SigmaCorrelation::generate)
                ? List.of()
                : taking.stream().map(SigmaCorrelation::title).toList();
    }

    private SigmaCorrelation correlation(String ruleName) {
        PackDocument document = Objects.requireNonNull(documents.get(ruleName), ruleName);
        return ((SigmaDocument.Correlation) document.document()).correlation();
    }

    private Link link(PackDocument document) {
        Link known = links.get(document.ruleName());
        if (known != null) {
            return known;
        }
        path.add(document.ruleName());
        Link link = resolve(document, correlation(document.ruleName()));
        path.remove(document.ruleName());
        links.put(document.ruleName(), link);
        return link;
    }

    private Link resolve(PackDocument document, SigmaCorrelation correlation) {
        List<Diagnostic> said = new ArrayList<>();
        List<PackDocument> targets = new ArrayList<>();
        Level highest = Level.INFORMATIONAL;
        int firing = 0;
        boolean missing = false;
        boolean circular = false;
        for (Reference reference : correlation.rules()) {
            Optional<PackDocument> found = index.find(reference, document, said::add);
            missing |= found.isEmpty();
            if (found.isPresent()) {
                PackDocument target = found.get();
                targets.add(target);
                Optional<Part> part = part(target, reference, said);
                circular |= part.isEmpty();
                highest = max(highest, part.map(Part::level).orElse(highest));
                firing += part.filter(Part::canFire).isPresent() ? 1 : 0;
            }
        }
        Level level = correlation.level().orElse(highest);
        if (circular) {
            return new Link(Rule.State.INVALID, said, List.of(), level);
        }
        if (missing) {
            // Not for good: the rule may come with another pack, or be mended.
            return new Link(Rule.State.CANNOT_FIRE, said, List.of(), level);
        }
        if (firing < targets.size()) {
            said.add(Diagnostic.ofFile("some of the rules cannot fire"));
        }
        boolean canFire = canFire(correlation, firing);
        return new Link(canFire ? Rule.State.ACTIVE : Rule.State.CANNOT_FIRE, said, targets, level);
    }

    /** What a correlation needs to know of a rule that it refers to. */
    private record Part(boolean canFire, Level level) {}

    /** Empty when the target is, or has in it, the correlation at hand. */
    private Optional<Part> part(PackDocument target, Reference reference, List<Diagnostic> said) {
        boolean enabled = !deployments.isDisabled(target.ruleName());
        if (!enabled) {
            said.add(reference.diagnostic("the rule '" + reference.rule() + "' is disabled"));
        }
        if (target.document() instanceof SigmaDocument.Correlation) {
            if (path.contains(target.ruleName())) {
                said.add(
                        reference.diagnostic(
                                "the correlation refers to itself through '"
                                        + reference.rule()
                                        + "'"));
                return Optional.empty();
            }
            Link link = link(target);
            if (link.state() == Rule.State.INVALID) {
                said.add(
                        reference.diagnostic(
                                "the correlation '" + reference.rule() + "' is invalid"));
                return Optional.empty();
            }
            return Optional.of(
                    new Part(enabled && link.state() == Rule.State.ACTIVE, link.level()));
        }
        Rule rule = Objects.requireNonNull(rules.get(target.ruleName()), target.ruleName());
        Level level = rule.sigma().orElseThrow().level();
        return Optional.of(new Part(enabled && rule.state() == Rule.State.ACTIVE, level));
    }

    private static boolean canFire(SigmaCorrelation correlation, int firing) {
        return switch (correlation.type()) {
            case TEMPORAL, TEMPORAL_ORDERED ->
                    IntStream.rangeClosed(1, firing)
                            .mapToObj(BigDecimal::valueOf)
                            .anyMatch(count ->
                                    correlation.condition().stream()
                                            .allMatch(bound -> bound.holds(count)));
            case EVENT_COUNT, VALUE_COUNT, VALUE_SUM, VALUE_AVG, VALUE_PERCENTILE -> firing > 0;
        };
    }

    private static Level max(Level one, Level other) {
        return one.compareTo(other) >= 0 ? one : other;
    }
}
