package dev.yagura.detection.rule;

import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.sigma.Diagnostic;
import dev.yagura.sigma.pack.ParsedPack;
import dev.yagura.sigma.pack.Rule;
import dev.yagura.sigma.pack.RulePack;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/** Texts of rules as requests bring them, read and linked as if they were in their pack. */
@ApplicationScoped
class RuleTexts {
    private static final int MAX_BYTES = 256 << 10;
    private static final String FILE = "text";

    private final RuleCatalog catalog;
    private final RuleMappings mappings;

    @Inject
    RuleTexts(RuleCatalog catalog, RuleMappings mappings) {
        this.catalog = catalog;
        this.mappings = mappings;
    }

    /**
     * The one rule of a text that is to be a new rule of the pack "custom", in whatever state.
     *
     * @param field of the request
     * @throws InvalidFieldException it is empty, too long, or holds several documents
     */
    Rule fresh(String field, String text, DeploymentState state) {
        ParsedPack parsed = parsed(field, CustomPack.NAME, text);
        return linked(parsed, keyOf(parsed), Optional.of(state));
    }

    /** Like {@link #fresh}, of a text that takes the place of a rule's. */
    Rule changed(String field, String text, Rule rule) {
        return linked(parsed(field, rule.pack(), text), rule.key(), Optional.empty());
    }

    /**
     * A rule that may be stored in the pack "custom".
     *
     * @throws InvalidFieldException it does not load, with its diagnostics, or has no UUID
     */
    static Rule storable(String field, Rule rule) {
        if (rule.state() == Rule.State.INVALID) {
            throw new InvalidFieldException(
                    field,
                    rule.diagnostics().stream()
                            .map(RuleTexts::placed)
                            .collect(Collectors.joining("; ")),
                    "correct the rule; VerifyRule checks without a change");
        }
        if (!isUuid(rule.id())) {
            throw new InvalidFieldException(
                    field,
                    rule.id().isEmpty() ? "has no id" : "has the id " + rule.id(),
                    "give the rule a UUID as its id; `uuidgen` makes one");
        }
        return rule;
    }

    private ParsedPack parsed(String field, String pack, String text) {
        if (text.isBlank()) {
            throw new InvalidFieldException(field, "is empty", "send one Sigma rule");
        }
        if (text.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            throw new InvalidFieldException(
                    field, "is longer than 256 KiB", "send one rule, not a collection");
        }
        if (text.indexOf('\0') >= 0) {
            throw new InvalidFieldException(
                    field, "holds the character NUL", "send printable YAML");
        }
        ParsedPack parsed =
                mappings.loader()
                        .parse(new RulePack(pack, List.of(new RulePack.RuleFile(FILE, text, ""))));
        int documents = parsed.ruleNames().size();
        if (documents != 1) {
            throw new InvalidFieldException(
                    field,
                    "holds " + documents + " documents",
                    "send one rule at a time, or import a pack");
        }
        return parsed;
    }

    private static String keyOf(ParsedPack one) {
        String name = one.ruleNames().iterator().next();
        return name.substring(name.lastIndexOf('/') + 1);
    }

    private Rule linked(ParsedPack one, String key, Optional<DeploymentState> state) {
        RuleBook book = catalog.book();
        PackContent pack = Objects.requireNonNull(book.packs().get(one.name()), one.name());
        String name = "rules/" + one.name() + "/" + key;
        Map<String, Deployment> decided =
                state.map(wanted -> Map.of(name, Deployment.ofPack(wanted))).orElse(Map.of());
        RuleBook trial = book.trial(pack.with(pack.documents().with(key, one)), decided, mappings);
        return compiled(Objects.requireNonNull(trial.rules().get(name), name).rule());
    }

    /** What the engine refuses is refused before it is stored. */
    private Rule compiled(Rule rule) {
        if (rule.state() != Rule.State.ACTIVE || rule.sigma().isEmpty()) {
            return rule;
        }
        try {
            mappings.compile(0, List.of(rule.input(0)));
            return rule;
        } catch (RuntimeException | StackOverflowError e) {
            return rule.invalid(Diagnostic.ofFile("cannot be compiled: " + e));
        }
    }

    private static boolean isUuid(String id) {
        try {
            return UUID.fromString(id).toString().equals(id);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String placed(Diagnostic diagnostic) {
        return diagnostic.line() == 0
                ? diagnostic.message()
                : "line "
                        + diagnostic.line()
                        + ", column "
                        + diagnostic.column()
                        + ": "
                        + diagnostic.message();
    }
}
