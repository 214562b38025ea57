package dev.yagura.inventory.coverage;

import dev.yagura.inventory.agent.Agent;
import dev.yagura.inventory.asset.Asset;
import dev.yagura.inventory.reconcile.ManagedNode;
import dev.yagura.inventory.reconcile.NodeKnowledge;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a host.
 *
 * @param agents every one that enrolled for it
 * @param node as Systems Manager knows it; null where it never did
 * @param nodes how far the nodes of its account and region are known; null where they were never
 *     read
 */
record Facts(
        Asset asset,
        List<Agent> agents,
        @Nullable ManagedNode node,
        @Nullable NodeKnowledge nodes) {
    Facts {
        agents = List.copyOf(agents);
    }
}
