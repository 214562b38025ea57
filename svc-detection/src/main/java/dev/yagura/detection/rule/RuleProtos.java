package dev.yagura.detection.rule;

import dev.yagura.proto.detection.v1.RuleDiagnostic;
import dev.yagura.proto.detection.v1.RuleState;
import dev.yagura.sigma.Diagnostic;
import dev.yagura.sigma.pack.AttackTags;
import dev.yagura.sigma.pack.Rule;
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
                    message.setSeverity(Rule.severity(sigma.level()))
                            .addAllTechniques(tags.techniques())
                            .addAllTactics(tags.tactics())
                            .setLogsource(sigma.logSource().toString());
                });
        return message.build();
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

    private static RuleDiagnostic diagnostic(Diagnostic diagnostic) {
        return RuleDiagnostic.newBuilder()
                .setLine(diagnostic.line())
                .setColumn(diagnostic.column())
                .setMessage(diagnostic.message())
                .build();
    }
}
