package dev.yagura.inventory.coverage;

import dev.yagura.common.ids.ResourceName;
import dev.yagura.inventory.agent.AgentProtos;
import dev.yagura.inventory.asset.Asset;
import dev.yagura.inventory.reconcile.NodeKnowledge;
import dev.yagura.inventory.reconcile.ReadingStore;
import dev.yagura.proto.inventory.v1.AssetCoverage;
import dev.yagura.proto.inventory.v1.CoverageFinding;
import dev.yagura.proto.inventory.v1.CoverageReasonCount;
import dev.yagura.proto.inventory.v1.CoverageScope;
import dev.yagura.proto.inventory.v1.CoverageStanding;
import dev.yagura.proto.inventory.v1.CoverageSummary;
import dev.yagura.proto.type.v1.Scope;
import java.util.List;
import java.util.Map;
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
            List<ReadingStore.Freshness> instances,
            Map<Scope, NodeKnowledge> nodes) {
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
                            message.addReasonsBuilder().setReason(reason).setAssets(count.hosts());
                    if (count.oldest() != null) {
                        line.setOldest(AgentProtos.timestamp(count.oldest()));
                    }
                });
        instances.forEach(each -> message.addScopes(message(each, nodes.get(each.set().scope()))));
        return message.build();
    }

    private static CoverageScope message(
            ReadingStore.Freshness instances, @Nullable NodeKnowledge nodes) {
        CoverageScope.Builder message =
                CoverageScope.newBuilder()
                        .setScope(instances.set().scope())
                        .setInstancesFailure(
                                instances.notRead().isEmpty()
                                        ? instances.failure()
                                        : instances.notRead());
        if (instances.completeTime() != null) {
            message.setInstancesReadTime(AgentProtos.timestamp(instances.completeTime()));
        }
        if (nodes != null) {
            message.setSsmFailure(nodes.failure());
            if (nodes.observedTime() != null) {
                message.setSsmReadTime(AgentProtos.timestamp(nodes.observedTime()));
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
        if (finding.since() != null) {
            message.setSince(AgentProtos.timestamp(finding.since()));
        }
        return message.build();
    }
}
