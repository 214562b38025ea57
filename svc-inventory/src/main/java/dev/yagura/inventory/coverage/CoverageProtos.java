package dev.yagura.inventory.coverage;

import com.google.protobuf.Timestamp;
import dev.yagura.common.ids.ResourceName;
import dev.yagura.inventory.agent.AgentProtos;
import dev.yagura.inventory.asset.Asset;
import dev.yagura.inventory.reconcile.DetectorKnowledge;
import dev.yagura.inventory.reconcile.NodeKnowledge;
import dev.yagura.inventory.reconcile.ReadingStore;
import dev.yagura.proto.inventory.v1.AssetCoverage;
import dev.yagura.proto.inventory.v1.CoverageFinding;
import dev.yagura.proto.inventory.v1.CoverageReasonCount;
import dev.yagura.proto.inventory.v1.CoverageScope;
import dev.yagura.proto.inventory.v1.CoverageStanding;
import dev.yagura.proto.inventory.v1.CoverageSummary;
import dev.yagura.proto.inventory.v1.CoverageTypeCount;
import dev.yagura.proto.type.v1.Scope;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Coverage as messages. */
final class CoverageProtos {
    private CoverageProtos() {}

    static AssetCoverage message(Coverage coverage) {
        Asset asset = coverage.asset();
        AssetCoverage.Builder message =
                AssetCoverage.newBuilder()
                        .setAsset(ResourceName.of("assets", asset.id()))
                        .setScope(asset.scope())
                        .setResourceType(asset.resourceType())
                        .setNativeId(asset.nativeId())
                        .setHostname(asset.description().getHostname())
                        .setInstanceState(asset.instanceState())
                        .setStanding(coverage.standing())
                        .setOwner(asset.description().getOwner())
                        .setEnvironment(asset.description().getEnvironment());
        coverage.gaps().forEach(gap -> message.addGaps(message(gap)));
        coverage.unknowns().forEach(unknown -> message.addUnknowns(message(unknown)));
        if (coverage.agentId() != null) {
            message.setAgent(ResourceName.of("agents", coverage.agentId()));
        }
        return message.build();
    }

    static CoverageSummary message(
            CoverageCounts counts,
            List<ReadingStore.Freshness> live,
            Map<Scope, NodeKnowledge> nodes,
            Map<Scope, DetectorKnowledge> detectors) {
        CoverageSummary.Builder message =
                CoverageSummary.newBuilder()
                        .setProtected(counts.of(CoverageStanding.COVERAGE_STANDING_PROTECTED))
                        .setGap(counts.of(CoverageStanding.COVERAGE_STANDING_GAP))
                        .setUnknown(counts.of(CoverageStanding.COVERAGE_STANDING_UNKNOWN))
                        .setNotRunning(counts.of(CoverageStanding.COVERAGE_STANDING_NOT_RUNNING))
                        .setEvaluateTime(AgentProtos.timestamp(counts.time()));
        counts.reasons()
                .forEach((reason, count) -> {
                    CoverageReasonCount.Builder line =
                            message.addReasonsBuilder().setReason(reason).setAssets(count.assets());
                    if (count.oldest() != null) {
                        line.setOldest(AgentProtos.timestamp(count.oldest()));
                    }
                });
        counts.types().forEach((type, standings) -> message.addTypes(message(type, standings)));
        live.stream()
                .collect(
                        Collectors.groupingBy(
                                each -> each.set().scope(),
                                LinkedHashMap::new,
                                Collectors.toList()))
                .forEach((scope, sets) ->
                        message.addScopes(
                                message(scope, sets, nodes.get(scope), detectors.get(scope))));
        return message.build();
    }

    private static CoverageTypeCount message(String type, Map<CoverageStanding, Long> standings) {
        return CoverageTypeCount.newBuilder()
                .setResourceType(type)
                .setProtected(count(standings, CoverageStanding.COVERAGE_STANDING_PROTECTED))
                .setGap(count(standings, CoverageStanding.COVERAGE_STANDING_GAP))
                .setUnknown(count(standings, CoverageStanding.COVERAGE_STANDING_UNKNOWN))
                .setNotRunning(count(standings, CoverageStanding.COVERAGE_STANDING_NOT_RUNNING))
                .build();
    }

    private static long count(Map<CoverageStanding, Long> standings, CoverageStanding standing) {
        return standings.getOrDefault(standing, 0L);
    }

    private static CoverageScope message(
            Scope scope,
            List<ReadingStore.Freshness> sets,
            @Nullable NodeKnowledge nodes,
            @Nullable DetectorKnowledge guardDuty) {
        CoverageScope.Builder message = CoverageScope.newBuilder().setScope(scope);
        for (ReadingStore.Freshness set : sets) {
            String failure = set.notRead().isEmpty() ? set.failure() : set.notRead();
            Optional<Timestamp> read =
                    Optional.ofNullable(set.completeTime()).map(AgentProtos::timestamp);
            switch (set.set().resourceType()) {
                case Asset.TASK -> {
                    message.setTasksFailure(failure);
                    read.ifPresent(message::setTasksReadTime);
                }
                case Asset.FUNCTION -> {
                    message.setFunctionsFailure(failure);
                    read.ifPresent(message::setFunctionsReadTime);
                }
                default -> {
                    message.setInstancesFailure(failure);
                    read.ifPresent(message::setInstancesReadTime);
                }
            }
        }
        if (nodes != null) {
            message.setSsmFailure(nodes.failure());
            if (nodes.observedTime() != null) {
                message.setSsmReadTime(AgentProtos.timestamp(nodes.observedTime()));
            }
        }
        if (guardDuty != null) {
            message.setGuarddutyFailure(guardDuty.failure());
            if (guardDuty.observedTime() != null) {
                message.setGuarddutyReadTime(AgentProtos.timestamp(guardDuty.observedTime()));
            }
        }
        return message.build();
    }

    private static CoverageFinding message(Finding finding) {
        CoverageFinding.Builder message =
                CoverageFinding.newBuilder()
                        .setReason(finding.reason())
                        .setDetail(finding.detail())
                        .setRemedy(finding.remedy());
        finding.action()
                .ifPresent(action ->
                        message.setRemedyAction(action.kind()).setRemedyCommand(action.command()));
        if (finding.since() != null) {
            message.setSince(AgentProtos.timestamp(finding.since()));
        }
        return message.build();
    }
}
