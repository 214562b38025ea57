package dev.yagura.inventory.posture;

import com.fasterxml.jackson.databind.JsonNode;
import dev.yagura.inventory.agent.Agent;
import dev.yagura.inventory.agent.ReceivedReport;
import dev.yagura.inventory.asset.Asset;
import dev.yagura.inventory.asset.RecordedAsset;
import dev.yagura.inventory.coverage.Coverage;
import dev.yagura.inventory.reconcile.ManagedNode;
import dev.yagura.inventory.reconcile.PatchKnowledge;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a host at one moment.
 *
 * @param coverage where it stands with agent and Systems Manager
 * @param agent that speaks for it; null where none is enrolled
 * @param node as Systems Manager knows it; null where it never did
 * @param nodesRead when Systems Manager was last read; null before the first time
 * @param volumes attached ones that AWS Config has, by id
 * @param groups security groups of its interfaces that AWS Config has, by id
 * @param interfaces its network interfaces that AWS Config has, by id
 * @param routeTables configurations of all in the VPCs of its interfaces; empty where none is
 *     addressed
 * @param acls of the network ACLs, likewise
 * @param readings how far each type of its account and region is known
 * @param patches what Patch Manager says of it; nothing of a host outside EC2
 * @param hostReport what its agent said of it; null where it said nothing
 * @param config what it is judged by
 */
record HostFacts(
        Asset host,
        Coverage coverage,
        @Nullable Agent agent,
        @Nullable ManagedNode node,
        @Nullable Instant nodesRead,
        Map<String, RecordedAsset> volumes,
        Map<String, RecordedAsset> groups,
        Map<String, RecordedAsset> interfaces,
        List<JsonNode> routeTables,
        List<JsonNode> acls,
        Readings readings,
        PatchKnowledge patches,
        @Nullable ReceivedReport hostReport,
        PostureConfig config) {

    HostFacts {
        volumes = Map.copyOf(volumes);
        groups = Map.copyOf(groups);
        interfaces = Map.copyOf(interfaces);
        routeTables = List.copyOf(routeTables);
        acls = List.copyOf(acls);
    }

    boolean isInstance() {
        return host.resourceType().equals(Asset.INSTANCE);
    }

    dev.yagura.proto.inventory.v1.Asset description() {
        return host.description();
    }
}
