package dev.yagura.sigma.pack;

import dev.yagura.proto.detection.v1.RuleReference;
import dev.yagura.proto.detection.v1.Severity;
import dev.yagura.sigma.Diagnostic;
import dev.yagura.sigma.Level;
import dev.yagura.sigma.SigmaCorrelation;
import dev.yagura.sigma.SigmaFilter;
import dev.yagura.sigma.SigmaRule;
import dev.yagura.sigma.correlation.CorrelationGraph;
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
 * @param diagnostics why it did not load or cannot fire; of an active rule, what it cannot see and
 *     what is odd about it
 * @param content what its document says
 * @param raisesAlerts false for a filter, and for a rule that only feeds correlations
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
        Content content,
        boolean raisesAlerts,
        String text) {

    /** What a document of a pack says. */
    public sealed interface Content {
        /** It did not load. */
        record None() implements Content {}

        /**
         * A rule that looks at single events.
         *
         * @param rule with the filters that name it
         */
        record Detection(SigmaRule rule) implements Content {}

        /**
         * A correlation.
         *
         * @param level its own, or the highest of its rules
         * @param rules names of the rules and correlations that it refers to, in its order; empty
         *     when one of them could not be found
         */
        record Correlation(SigmaCorrelation definition, Level level, List<String> rules)
                implements Content {
            public Correlation {
                rules = List.copyOf(rules);
            }
        }

        /** A filter. */
        record Filter(SigmaFilter filter) implements Content {}
    }

    public enum State {
        ACTIVE,
        CANNOT_FIRE,
        INVALID
    }

    public Rule {
        diagnostics = List.copyOf(diagnostics);
    }

    /** What is to be compiled; empty for other kinds and when it did not load. */
    public Optional<SigmaRule> sigma() {
        return content instanceof Content.Detection(SigmaRule rule)
                ? Optional.of(rule)
                : Optional.empty();
    }

    /** Empty for other kinds and when it did not load. */
    public Optional<Content.Correlation> correlation() {
        return content instanceof Content.Correlation correlation
                ? Optional.of(correlation)
                : Optional.empty();
    }

    /** For the evaluation of correlations; empty for other kinds and when it cannot fire. */
    public Optional<CorrelationGraph.Input> linked() {
        return correlation()
                .filter(found -> state == State.ACTIVE)
                .map(found ->
                        new CorrelationGraph.Input(
                                name(), stableId(), found.definition(), found.rules()));
    }

    /** The id, or the key of a rule that has none. */
    private String stableId() {
        return id.isEmpty() ? key : id;
    }

    /** "rules/{pack}/{key}" */
    public String name() {
        return "rules/" + pack + "/" + key;
    }

    /**
     * The rule for the compiler.
     *
     * @param ruleSetVersion number that matches will carry
     * @throws java.util.NoSuchElementException when it did not load, or is of another kind
     */
    public RuleSetCompiler.Input input(long ruleSetVersion) {
        SigmaRule rule = sigma().orElseThrow();
        return new RuleSetCompiler.Input(reference(ruleSetVersion), severity(rule.level()), rule);
    }

    /**
     * What alerts say about the rule.
     *
     * @param ruleSetVersion number of the rule set in force
     */
    public RuleReference reference(long ruleSetVersion) {
        AttackTags tags = AttackTags.of(tags());
        return RuleReference.newBuilder()
                .setName(name())
                .setId(stableId())
                .setTitle(title)
                .setPack(pack)
                .setContentHash(contentHash)
                .setRuleSetVersion(ruleSetVersion)
                .addAllTechniques(tags.techniques())
                .addAllTactics(tags.tactics())
                .build();
    }

    /** Tags as written; none of a filter, and when it did not load. */
    public List<String> tags() {
        return switch (content) {
            case Content.Detection(SigmaRule rule) -> rule.tags();
            case Content.Correlation correlation -> correlation.definition().tags();
            case Content.Filter filter -> List.of();
            case Content.None none -> List.of();
        };
    }

    /** The same rule, not to be evaluated for this reason. */
    public Rule invalid(Diagnostic reason) {
        return with(State.INVALID, List.of(reason));
    }

    private Rule with(State other, List<Diagnostic> reasons) {
        return new Rule(
                pack,
                key,
                id,
                title,
                sourcePath,
                contentHash,
                other,
                reasons,
                content,
                raisesAlerts,
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
