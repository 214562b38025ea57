package dev.yagura.detection.rule;

import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.sigma.Diagnostic;
import dev.yagura.sigma.engine.RuleSetCompiler;
import dev.yagura.sigma.pack.Rule;
import dev.yagura.sigma.pack.RuleLoader;
import dev.yagura.sigma.pack.RulePack;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/** A rule's text as a request brings it. */
final class RuleText {
    private static final int MAX_BYTES = 256 << 10;
    private static final String FILE = "text";

    private RuleText() {}

    /**
     * The one rule of the text, in whatever state.
     *
     * @param field of the request
     * @throws InvalidFieldException it is empty, too long, or holds several documents
     */
    static Rule read(String field, String pack, String text) {
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
        List<Rule> rules =
                new RuleLoader()
                        .load(new RulePack(pack, List.of(new RulePack.RuleFile(FILE, text, ""))));
        if (rules.size() != 1) {
            throw new InvalidFieldException(
                    field,
                    "holds " + rules.size() + " documents",
                    "send one rule at a time, or import a pack");
        }
        return compiled(rules.getFirst());
    }

    /** Like {@link #read}, but a rule that does not load is an error with its diagnostics. */
    static Rule valid(String field, String pack, String text) {
        Rule rule = read(field, pack, text);
        if (rule.state() == Rule.State.INVALID) {
            throw new InvalidFieldException(
                    field,
                    rule.diagnostics().stream()
                            .map(RuleText::placed)
                            .collect(Collectors.joining("; ")),
                    "correct the rule; VerifyRule checks without a change");
        }
        return rule;
    }

    /** What the engine refuses is refused before it is stored. */
    private static Rule compiled(Rule rule) {
        if (rule.state() != Rule.State.ACTIVE) {
            return rule;
        }
        try {
            RuleSetCompiler.compile(0, List.of(rule.input(0)));
            return rule;
        } catch (RuntimeException | StackOverflowError e) {
            return rule.invalid(Diagnostic.ofFile("cannot be compiled: " + e));
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
