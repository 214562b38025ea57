package dev.yagura.sigma.pack;

import dev.yagura.proto.detection.v1.RuleReference;
import dev.yagura.proto.detection.v1.Severity;
import dev.yagura.sigma.Diagnostic;
import dev.yagura.sigma.Level;
import dev.yagura.sigma.SigmaRule;
import dev.yagura.sigma.engine.RuleSetCompiler;
import java.util.List;
import java.util.Optional;

/**
 * One rule of a pack, in whatever state.
 *
 * @param key last part of its name: the id, or a derived one when the rule's own cannot be used
 * @param id as written; empty when the rule has none
 * @param sourcePath inside the pack
 * @param contentHash SHA-256 of the text, hexadecimal
 * @param diagnostics why it did not load or cannot fire; of an active rule, what it cannot see
 * @param sigma empty when it did not load
 */
public record Rule(
        String pack,
        String key,
        String id,
        String title,
        String sourcePath,
        String contentHash,
        State state,
        List<Diagnostic> diagnostics,
        Optional<SigmaRule> sigma,
        String text) {

    public enum State {
        ACTIVE,
        CANNOT_FIRE,
        INVALID
    }

    public Rule {
        diagnostics = List.copyOf(diagnostics);
    }

    /** "rules/{pack}/{key}" */
    public String name() {
        return "rules/" + pack + "/" + key;
    }

    /**
     * The rule for the compiler.
     *
     * @param ruleSetVersion number that matches will carry
     * @throws java.util.NoSuchElementException when it did not load
     */
    public RuleSetCompiler.Input input(long ruleSetVersion) {
        SigmaRule rule = sigma.orElseThrow();
        AttackTags tags = AttackTags.of(rule.tags());
        RuleReference reference =
                RuleReference.newBuilder()
                        .setName(name())
                        .setId(id)
                        .setTitle(title)
                        .setPack(pack)
                        .setContentHash(contentHash)
                        .setRuleSetVersion(ruleSetVersion)
                        .addAllTechniques(tags.techniques())
                        .addAllTactics(tags.tactics())
                        .build();
        return new RuleSetCompiler.Input(reference, severity(rule.level()), rule);
    }

    /** The same rule under another last part of its name. */
    public Rule withKey(String other) {
        return new Rule(
                pack, other, id, title, sourcePath, contentHash, state, diagnostics, sigma, text);
    }

    /** The same rule, not to be evaluated for this reason. */
    public Rule invalid(Diagnostic reason) {
        return new Rule(
                pack,
                key,
                id,
                title,
                sourcePath,
                contentHash,
                State.INVALID,
                List.of(reason),
                sigma,
                text);
    }

    /** Sigma's level in the words of alerts. */
    public static Severity severity(Level level) {
        return switch (level) {
            case INFORMATIONAL -> Severity.SEVERITY_INFORMATIONAL;
            case LOW -> Severity.SEVERITY_LOW;
            case MEDIUM -> Severity.SEVERITY_MEDIUM;
            case HIGH -> Severity.SEVERITY_HIGH;
            case CRITICAL -> Severity.SEVERITY_CRITICAL;
        };
    }
}
