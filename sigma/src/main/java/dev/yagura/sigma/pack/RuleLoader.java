package dev.yagura.sigma.pack;

import dev.yagura.sigma.Diagnostic;
import dev.yagura.sigma.SigmaDocument;
import dev.yagura.sigma.SigmaParser;
import dev.yagura.sigma.SigmaRule;
import dev.yagura.sigma.taxonomy.Mappings;
import dev.yagura.sigma.taxonomy.Taxonomy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Turns the files of a pack into rules, each with its state. */
public final class RuleLoader {
    private static final int KEY_LENGTH = 32;

    private final SigmaParser parser = new SigmaParser();
    private final Mappings mappings;

    /** With the project's own mappings. */
    public RuleLoader() {
        this(Mappings.standard());
    }

    /**
     * A loader.
     *
     * @param mappings by which it is told whether a rule can fire
     */
    public RuleLoader(Mappings mappings) {
        this.mappings = mappings;
    }

    /** All rules of the pack, in the order of its files. */
    public List<Rule> load(RulePack pack) {
        List<Rule> rules = new ArrayList<>();
        Map<String, String> pathById = new HashMap<>();
        for (RulePack.RuleFile file : pack.files()) {
            int index = 0;
            for (SigmaDocument document : documents(file)) {
                Place place = new Place(pack.name(), file.path(), index++);
                rules.add(
                        switch (document) {
                            case SigmaDocument.Valid valid -> valid(place, valid, pathById);
                            case SigmaDocument.Invalid invalid -> invalid(place, invalid);
                        });
            }
        }
        return rules;
    }

    /** Where a document is; the index counts within the file. */
    private record Place(String pack, String path, int index) {
        /** For a rule whose own id cannot be used. */
        String derivedKey() {
            return ContentHash.of(pack + '\n' + path + '\n' + index).substring(0, KEY_LENGTH);
        }
    }

    private List<SigmaDocument> documents(RulePack.RuleFile file) {
        if (!file.problem().isEmpty()) {
            return List.of(
                    new SigmaDocument.Invalid(
                            "", "", List.of(Diagnostic.ofFile(file.problem())), ""));
        }
        List<SigmaDocument> documents = parser.parse(file.text());
        return documents.isEmpty()
                ? List.of(
                        new SigmaDocument.Invalid(
                                "", "", List.of(Diagnostic.ofFile("the file is empty")), ""))
                : documents;
    }

    private Rule valid(Place place, SigmaDocument.Valid document, Map<String, String> pathById) {
        SigmaRule sigma = document.rule();
        @Nullable String other = pathById.putIfAbsent(sigma.id(), place.path());
        if (other != null) {
            Diagnostic duplicate =
                    Diagnostic.ofFile("id " + sigma.id() + " is already that of " + other);
            return rule(
                    place,
                    place.derivedKey(),
                    Rule.State.INVALID,
                    List.of(duplicate),
                    new Content(sigma.id(), sigma.title(), Optional.of(sigma), document.text()));
        }
        Taxonomy.Coverage coverage = Taxonomy.coverage(sigma, mappings);
        return rule(
                place,
                sigma.id(),
                coverage.canFire() ? Rule.State.ACTIVE : Rule.State.CANNOT_FIRE,
                Stream.concat(coverage.reasons().stream(), coverage.warnings().stream())
                        .map(Diagnostic::ofFile)
                        .toList(),
                new Content(sigma.id(), sigma.title(), Optional.of(sigma), document.text()));
    }

    private static Rule invalid(Place place, SigmaDocument.Invalid document) {
        return rule(
                place,
                place.derivedKey(),
                Rule.State.INVALID,
                document.diagnostics(),
                new Content(document.id(), document.title(), Optional.empty(), document.text()));
    }

    private record Content(String id, String title, Optional<SigmaRule> sigma, String text) {}

    private static Rule rule(
            Place place,
            String key,
            Rule.State state,
            List<Diagnostic> diagnostics,
            Content content) {
        return new Rule(
                place.pack(),
                key,
                content.id(),
                content.title(),
                place.path(),
                ContentHash.of(content.text()),
                state,
                diagnostics,
                content.sigma(),
                content.text());
    }
}
