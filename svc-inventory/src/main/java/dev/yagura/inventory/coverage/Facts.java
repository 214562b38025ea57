package dev.yagura.inventory.coverage;

import dev.yagura.inventory.agent.Agent;
import dev.yagura.inventory.asset.Asset;
import dev.yagura.inventory.reconcile.ManagedNode;
import dev.yagura.inventory.reconcile.NodeKnowledge;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a host, or of a task or function.
 *
 * @param host that a task runs on; null where it is not known, or the asset is no task
 * @param agents every one that enrolled for it, or for its host
 * @param node as Systems Manager knows it; null where it never did
 * @param nodes how far the nodes of its account and region are known; null where they were never
 *     read
 * @param notRecorded why AWS Config does not record what surrounds it; empty where it does
 */
record Facts(
        Asset asset,
        @Nullable Asset host,
        List<Agent> agents,
        @Nullable ManagedNode node,
        @Nullable NodeKnowledge nodes,
        String notRecorded) {
    Facts {
        agents = List.copyOf(agents);
    }
}
