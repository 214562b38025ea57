package dev.yagura.sigma.pack;

import dev.yagura.sigma.Diagnostic;
import dev.yagura.sigma.Level;
import dev.yagura.sigma.Metadata;
import dev.yagura.sigma.SigmaCorrelation;
import dev.yagura.sigma.SigmaDocument;
import dev.yagura.sigma.SigmaParser;
import dev.yagura.sigma.SigmaRule;
import dev.yagura.sigma.taxonomy.Mappings;
import dev.yagura.sigma.taxonomy.Taxonomy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Turns the files of packs into rules, each with its state. Filters are put into the rules that
 * they name, correlations are linked to theirs.
 */
public final class RuleLoader {
    private final PackParser parser;
    private final Mappings mappings;

    /** A loader with the project's own mappings, that refuses every placeholder. */
    public RuleLoader() {
        this(Mappings.standard());
    }

    /** A loader with mappings, which also know the values of placeholders. */
    public RuleLoader(Mappings mappings) {
        this(new SigmaParser(mappings.placeholders()), mappings);
    }

    /**
     * A loader.
     *
     * @param parser knows the values of placeholders
     * @param mappings by which it is told whether a rule can fire
     */
    public RuleLoader(SigmaParser parser, Mappings mappings) {
        this.parser = new PackParser(parser);
        this.mappings = mappings;
    }

    /** All documents of the pack, in the order of its files. */
    public List<Rule> load(RulePack pack) {
        return load(List.of(pack));
    }

    /** All documents of all packs, see {@link #link}. */
    public List<Rule> load(List<RulePack> packs) {
        return link(packs.stream().map(parser::parse).toList(), Deployments.ALERTING);
    }

    /** The first half of loading: what can be done with each pack alone. */
    public ParsedPack parse(RulePack pack) {
        return parser.parse(pack);
    }

    /**
     * The second half: all documents of all packs, in their order. A filter or correlation may
     * refer to rules of other packs; its own pack comes first.
     *
     * @param packs of different names
     */
    public List<Rule> link(List<ParsedPack> packs, Deployments deployments) {
        List<PackDocument> documents = packs.stream().flatMap(p -> p.documents().stream()).toList();
        RuleIndex index = new RuleIndex(documents);
        RuleFilters filters = new RuleFilters(documents, index, deployments);
        Map<String, Rule> loaded = new HashMap<>();
        for (PackDocument document : documents) {
            if (!isCorrelation(document)) {
                loaded.put(document.ruleName(), rule(document, filters));
            }
        }
        RuleCorrelations correlations = new RuleCorrelations(documents, loaded, index, deployments);
        List<Rule> rules = new ArrayList<>();
        for (PackDocument document : documents) {
            @Nullable Rule rule = loaded.get(document.ruleName());
            rules.add(
                    takenByCorrelations(
                            rule == null ? correlation(document, correlations) : rule,
                            correlations));
        }
        return rules;
    }

    private static boolean isCorrelation(PackDocument document) {
        return document.duplicate().isEmpty()
                && document.document() instanceof SigmaDocument.Correlation;
    }

    private Rule rule(PackDocument document, RuleFilters filters) {
        if (document.duplicate().isPresent()) {
            return rule(
                    document,
                    Rule.State.INVALID,
                    List.of(document.duplicate().get()),
                    new Rule.Content.None());
        }
        return switch (document.document()) {
            case SigmaDocument.Valid valid -> detection(document, valid, filters);
            case SigmaDocument.Filter filter -> filter(document, filter, filters);
            case SigmaDocument.Invalid invalid ->
                    rule(
                            document,
                            Rule.State.INVALID,
                            invalid.diagnostics(),
                            new Rule.Content.None());
            case SigmaDocument.Correlation correlation ->
                    throw new IllegalArgumentException("correlations are linked later");
        };
    }

    private Rule detection(PackDocument document, SigmaDocument.Valid valid, RuleFilters filters) {
        SigmaRule sigma = filters.applyTo(document, valid.rule());
        List<Diagnostic> diagnostics = new ArrayList<>(valid.warnings());
        String taxonomy = sigma.metadata().taxonomy();
        if (!taxonomy.equals(Metadata.DEFAULT_TAXONOMY)) {
            diagnostics.add(
                    Diagnostic.ofFile(
                            "the taxonomy '" + taxonomy + "' is not known, only 'sigma'"));
            return rule(
                    document,
                    Rule.State.CANNOT_FIRE,
                    diagnostics,
                    new Rule.Content.Detection(sigma));
        }
        Taxonomy.Coverage coverage = Taxonomy.coverage(sigma, mappings);
        Stream.concat(coverage.reasons().stream(), coverage.warnings().stream())
                .map(Diagnostic::ofFile)
                .forEach(diagnostics::add);
        return rule(
                document,
                coverage.canFire() ? Rule.State.ACTIVE : Rule.State.CANNOT_FIRE,
                diagnostics,
                new Rule.Content.Detection(sigma));
    }

    private static Rule filter(
            PackDocument document, SigmaDocument.Filter filter, RuleFilters filters) {
        List<Diagnostic> diagnostics = new ArrayList<>(filter.warnings());
        diagnostics.addAll(filters.diagnostics(document));
        return rule(
                document,
                filters.isApplied(document) ? Rule.State.ACTIVE : Rule.State.CANNOT_FIRE,
                diagnostics,
                new Rule.Content.Filter(filter.filter()));
    }

    private static Rule correlation(PackDocument document, RuleCorrelations correlations) {
        SigmaDocument.Correlation parsed = (SigmaDocument.Correlation) document.document();
        SigmaCorrelation definition = parsed.correlation();
        RuleCorrelations.Link link = correlations.of(document);
        List<Diagnostic> diagnostics = new ArrayList<>(parsed.warnings());
        diagnostics.addAll(link.diagnostics());
        Level level = link.level();
        List<String> names = link.targets().stream().map(PackDocument::ruleName).toList();
        return rule(
                document,
                link.state(),
                diagnostics,
                new Rule.Content.Correlation(definition, level, names));
    }

    private static Rule takenByCorrelations(Rule rule, RuleCorrelations correlations) {
        List<String> taking = correlations.takenBy(rule.name());
        if (taking.isEmpty()) {
            return rule;
        }
        List<Diagnostic> diagnostics = new ArrayList<>(rule.diagnostics());
        diagnostics.add(
                Diagnostic.ofFile(
                        "is part of the correlation '"
                                + String.join("', '", taking)
                                + "', which does not generate: while that raises alerts, this rule raises"
                                + " none of its own"));
        return new Rule(
                rule.pack(),
                rule.key(),
                rule.id(),
                rule.title(),
                rule.sourcePath(),
                rule.contentHash(),
                rule.state(),
                diagnostics,
                rule.content(),
                false,
                rule.text());
    }

    private static Rule rule(
            PackDocument document,
            Rule.State state,
            List<Diagnostic> diagnostics,
            Rule.Content content) {
        return new Rule(
                document.pack(),
                document.key(),
                document.id(),
                document.title(),
                document.path(),
                ContentHash.of(document.document().text()),
                state,
                diagnostics,
                content,
                !(content instanceof Rule.Content.Filter),
                document.document().text());
    }
}
