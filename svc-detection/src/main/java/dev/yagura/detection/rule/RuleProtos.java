package dev.yagura.detection.rule;

import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.detection.alert.Nanos;
import dev.yagura.proto.detection.v1.RefusedEntry;
import dev.yagura.proto.detection.v1.RuleDeployment;
import dev.yagura.proto.detection.v1.RuleDiagnostic;
import dev.yagura.proto.detection.v1.RuleException;
import dev.yagura.proto.detection.v1.RulePack;
import dev.yagura.proto.detection.v1.RulePackKind;
import dev.yagura.proto.detection.v1.RuleState;
import dev.yagura.proto.detection.v1.RuleStatistics;
import dev.yagura.sigma.Diagnostic;
import dev.yagura.sigma.pack.AttackTags;
import dev.yagura.sigma.pack.Rule;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Rules as messages. */
final class RuleProtos {
    private RuleProtos() {}

    /** Without the text. */
    static dev.yagura.proto.detection.v1.Rule rule(BookedRule booked, RuleTotals totals) {
        dev.yagura.proto.detection.v1.Rule.Builder message =
                plain(booked.rule())
                        .setDeployment(deployment(booked))
                        .setStatistics(statistics(totals))
                        .setExceptionCount(booked.exceptions().size());
        booked.custom()
                .ifPresent(custom ->
                        message.setEtag(Long.toString(custom.version()))
                                .setCreateTime(Nanos.timestamp(custom.createTime()))
                                .setUpdateTime(Nanos.timestamp(custom.updateTime()))
                                .setUpdater(custom.updater()));
        return message.build();
    }

    /** What the text says. */
    static dev.yagura.proto.detection.v1.Rule.Builder plain(Rule rule) {
        dev.yagura.proto.detection.v1.Rule.Builder message =
                dev.yagura.proto.detection.v1.Rule.newBuilder()
                        .setName(rule.name())
                        .setId(rule.id())
                        .setTitle(rule.title())
                        .setPack(rule.pack())
                        .setSourcePath(rule.pack().equals(CustomPack.NAME) ? "" : rule.sourcePath())
                        .setContentHash(rule.contentHash())
                        .setState(state(rule.state()));
        rule.diagnostics().forEach(diagnostic -> message.addDiagnostics(diagnostic(diagnostic)));
        AttackTags tags = AttackTags.of(rule.tags());
        message.addAllTechniques(tags.techniques()).addAllTactics(tags.tactics());
        rule.sigma()
                .ifPresent(sigma ->
                        message.setSeverity(Rule.severity(sigma.level()))
                                .setLogsource(sigma.logSource().toString()));
        rule.correlation()
                .ifPresent(correlation -> message.setSeverity(Rule.severity(correlation.level())));
        return message;
    }

    static RuleDeployment deployment(BookedRule booked) {
        Deployment deployment = booked.deployment();
        RuleDeployment.Builder message =
                RuleDeployment.newBuilder()
                        .setName(booked.name() + "/deployment")
                        .setState(deploymentState(deployment.state()))
                        .setReason(deployment.reason())
                        .setUpdater(deployment.updater())
                        .setEtag(Long.toString(deployment.version()));
        if (deployment.version() > 0) {
            message.setUpdateTime(Nanos.timestamp(deployment.updateTime()));
        }
        return message.build();
    }

    static RuleStatistics statistics(RuleTotals totals) {
        RuleStatistics.Builder message =
                RuleStatistics.newBuilder()
                        .setEvaluatedEvents(totals.evaluatedEvents())
                        .setMatches(totals.matches())
                        .setAlerts(totals.alerts())
                        .setShadowMatches(totals.shadowMatches())
                        .setExceptedMatches(totals.exceptedMatches())
                        .setAlertsLastDay(totals.alertsLastDay())
                        .setShadowAlertsLastDay(totals.shadowAlertsLastDay())
                        .setCostNs(totals.costNanos());
        totals.lastMatchTime().ifPresent(time -> message.setLastMatchTime(Nanos.timestamp(time)));
        return message.build();
    }

    static RuleException exception(StoredException exception, Instant now) {
        RuleException.Builder message =
                RuleException.newBuilder()
                        .setName(exception.name())
                        .setText(exception.text())
                        .setReason(exception.reason())
                        .setCreator(exception.creator())
                        .setCreateTime(Nanos.timestamp(exception.createTime()))
                        .setExpired(exception.isExpired(now))
                        .setMatchCount(exception.matchCount());
        exception.expireTime().ifPresent(end -> message.setExpireTime(Nanos.timestamp(end)));
        exception
                .lastMatchTime()
                .ifPresent(time -> message.setLastMatchTime(Nanos.timestamp(time)));
        return message.build();
    }

    static RulePack pack(PackContent content, List<Rule> rules, Optional<ImportedPack> imported) {
        RulePack.Builder message =
                RulePack.newBuilder()
                        .setName(RuleNames.ofPack(content.name()))
                        .setKind(
                                switch (content.kind()) {
                                    case BUILT_IN -> RulePackKind.RULE_PACK_KIND_BUILT_IN;
                                    case FOLDER -> RulePackKind.RULE_PACK_KIND_FOLDER;
                                    case CUSTOM -> RulePackKind.RULE_PACK_KIND_CUSTOM;
                                    case IMPORTED -> RulePackKind.RULE_PACK_KIND_IMPORTED;
                                })
                        .setActiveCount(count(rules, Rule.State.ACTIVE))
                        .setCannotFireCount(count(rules, Rule.State.CANNOT_FIRE))
                        .setInvalidCount(count(rules, Rule.State.INVALID))
                        .setDefaultState(deploymentState(content.defaultState()))
                        .setProblem(content.problem());
        imported.ifPresent(pack ->
                message.setArchiveHash(pack.archiveHash())
                        .setImporter(pack.importer())
                        .setImportTime(Nanos.timestamp(pack.importTime())));
        return message.build();
    }

    static RefusedEntry refused(RuleArchive.Refused refused) {
        return RefusedEntry.newBuilder()
                .setPath(refused.path())
                .setReason(refused.reason())
                .build();
    }

    /** Empty for "unspecified". */
    static Optional<Rule.State> state(RuleState state) {
        return switch (state) {
            case RULE_STATE_ACTIVE -> Optional.of(Rule.State.ACTIVE);
            case RULE_STATE_CANNOT_FIRE -> Optional.of(Rule.State.CANNOT_FIRE);
            case RULE_STATE_INVALID -> Optional.of(Rule.State.INVALID);
            case RULE_STATE_UNSPECIFIED -> Optional.empty();
            case UNRECOGNIZED ->
                    throw new InvalidFieldException(
                            "state", "is unknown", "send a value of RuleState, or nothing for any");
        };
    }

    /** Empty for "unspecified". */
    static Optional<DeploymentState> deploymentState(
            String field, dev.yagura.proto.detection.v1.DeploymentState state) {
        return switch (state) {
            case DEPLOYMENT_STATE_DISABLED -> Optional.of(DeploymentState.DISABLED);
            case DEPLOYMENT_STATE_SHADOW -> Optional.of(DeploymentState.SHADOW);
            case DEPLOYMENT_STATE_ALERTING -> Optional.of(DeploymentState.ALERTING);
            case DEPLOYMENT_STATE_UNSPECIFIED -> Optional.empty();
            case UNRECOGNIZED ->
                    throw new InvalidFieldException(
                            field, "is unknown", "send a value of DeploymentState");
        };
    }

    static RuleDiagnostic diagnostic(Diagnostic diagnostic) {
        return RuleDiagnostic.newBuilder()
                .setLine(diagnostic.line())
                .setColumn(diagnostic.column())
                .setMessage(diagnostic.message())
                .build();
    }

    private static int count(List<Rule> rules, Rule.State state) {
        return (int) rules.stream().filter(rule -> rule.state() == state).count();
    }

    private static RuleState state(Rule.State state) {
        return switch (state) {
            case ACTIVE -> RuleState.RULE_STATE_ACTIVE;
            case CANNOT_FIRE -> RuleState.RULE_STATE_CANNOT_FIRE;
            case INVALID -> RuleState.RULE_STATE_INVALID;
        };
    }

    private static dev.yagura.proto.detection.v1.DeploymentState deploymentState(
            DeploymentState state) {
        return switch (state) {
            case DISABLED ->
                    dev.yagura.proto.detection.v1.DeploymentState.DEPLOYMENT_STATE_DISABLED;
            case SHADOW -> dev.yagura.proto.detection.v1.DeploymentState.DEPLOYMENT_STATE_SHADOW;
            case ALERTING ->
                    dev.yagura.proto.detection.v1.DeploymentState.DEPLOYMENT_STATE_ALERTING;
        };
    }
}
