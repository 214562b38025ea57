package dev.yagura.detection.rule;

import dev.yagura.detection.engine.RuleSetCompiler;
import dev.yagura.detection.sigma.Diagnostic;
import dev.yagura.detection.sigma.Level;
import dev.yagura.detection.sigma.SigmaRule;
import dev.yagura.proto.detection.v1.RuleDiagnostic;
import dev.yagura.proto.detection.v1.RuleReference;
import dev.yagura.proto.detection.v1.RuleState;
import dev.yagura.proto.detection.v1.Severity;
import java.util.Optional;

/** Rules as messages. */
final class RuleProtos {
    private RuleProtos() {}

    /** Without the text. */
    static dev.yagura.proto.detection.v1.Rule rule(Rule rule) {
        dev.yagura.proto.detection.v1.Rule.Builder message =
                dev.yagura.proto.detection.v1.Rule.newBuilder()
                        .setName(rule.name())
                        .setId(rule.id())
                        .setTitle(rule.title())
                        .setPack(rule.pack())
                        .setSourcePath(rule.sourcePath())
                        .setContentHash(rule.contentHash())
                        .setState(state(rule.state()));
        rule.diagnostics().forEach(diagnostic -> message.addDiagnostics(diagnostic(diagnostic)));
        rule.sigma()
                .ifPresent(sigma -> {
                    AttackTags tags = AttackTags.of(sigma.tags());
                    message.setSeverity(severity(sigma.level()))
                            .addAllTechniques(tags.techniques())
                            .addAllTactics(tags.tactics())
                            .setLogsource(sigma.logSource().toString());
                });
        return message.build();
    }

    /** An active rule for the compiler. */
    static RuleSetCompiler.Input input(Rule rule, long ruleSetVersion) {
        SigmaRule sigma = rule.sigma().orElseThrow();
        AttackTags tags = AttackTags.of(sigma.tags());
        RuleReference reference =
                RuleReference.newBuilder()
                        .setName(rule.name())
                        .setId(rule.id())
                        .setTitle(rule.title())
                        .setPack(rule.pack())
                        .setContentHash(rule.contentHash())
                        .setRuleSetVersion(ruleSetVersion)
                        .addAllTechniques(tags.techniques())
                        .addAllTactics(tags.tactics())
                        .build();
        return new RuleSetCompiler.Input(reference, severity(sigma.level()), sigma);
    }

    /** Empty for "unspecified". */
    static Optional<Rule.State> state(RuleState state) {
        return switch (state) {
            case RULE_STATE_ACTIVE -> Optional.of(Rule.State.ACTIVE);
            case RULE_STATE_CANNOT_FIRE -> Optional.of(Rule.State.CANNOT_FIRE);
            case RULE_STATE_INVALID -> Optional.of(Rule.State.INVALID);
            case RULE_STATE_UNSPECIFIED, UNRECOGNIZED -> Optional.empty();
        };
    }

    private static RuleState state(Rule.State state) {
        return switch (state) {
            case ACTIVE -> RuleState.RULE_STATE_ACTIVE;
            case CANNOT_FIRE -> RuleState.RULE_STATE_CANNOT_FIRE;
            case INVALID -> RuleState.RULE_STATE_INVALID;
        };
    }

    private static Severity severity(Level level) {
        return switch (level) {
            case INFORMATIONAL -> Severity.SEVERITY_INFORMATIONAL;
            case LOW -> Severity.SEVERITY_LOW;
            case MEDIUM -> Severity.SEVERITY_MEDIUM;
            case HIGH -> Severity.SEVERITY_HIGH;
            case CRITICAL -> Severity.SEVERITY_CRITICAL;
        };
    }

    private static RuleDiagnostic diagnostic(Diagnostic diagnostic) {
        return RuleDiagnostic.newBuilder()
                .setLine(diagnostic.line())
                .setColumn(diagnostic.column())
                .setMessage(diagnostic.message())
                .build();
    }
}
