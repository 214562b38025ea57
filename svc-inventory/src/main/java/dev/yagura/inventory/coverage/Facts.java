package dev.yagura.inventory.coverage;

import dev.yagura.inventory.agent.Agent;
import dev.yagura.inventory.asset.Asset;
import dev.yagura.inventory.reconcile.DetectorKnowledge;
import dev.yagura.inventory.reconcile.ManagedNode;
import dev.yagura.inventory.reconcile.NodeKnowledge;
import java.time.Instant;
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
 * @param guardDuty how far GuardDuty is known in its account and region; null where it was never
 *     read
 */
record Facts(
        Asset asset,
        @Nullable Asset host,
        List<Agent> agents,
        @Nullable ManagedNode node,
        @Nullable NodeKnowledge nodes,
        String notRecorded,
        @Nullable DetectorKnowledge guardDuty) {
    Facts {
        agents = List.copyOf(agents);
    }

    /**
     * Whether Systems Manager can give it a document, as far as is known.
     *
     * @param oldest what was read before it is not known any more
     */
    boolean isReachedBySsm(Instant oldest) {
        @Nullable Instant read = nodes == null ? null : nodes.observedTime();
        return node != null
                && node.isManaged()
                && node.isOnline()
                && node.isLinux()
                && read != null
                && !read.isBefore(oldest);
    }
}
