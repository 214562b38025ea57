package dev.yagura.inventory.asset;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Resources around one, and the relations between them.
 *
 * @param nodes the start first, then by their steps
 * @param omittedEdges relations that were left out
 */
record AssetGraph(List<Entry> nodes, List<Edge> edges, int omittedEdges) {

    AssetGraph {
        nodes = List.copyOf(nodes);
        edges = List.copyOf(edges);
    }

    /**
     * A resource.
     *
     * @param key id of the asset, or the reference that names it
     * @param asset null where the inventory does not have it
     * @param depth steps from the start
     * @param references all that it may be named by
     */
    record Node(
            UUID key,
            @Nullable Asset asset,
            String resourceType,
            String nativeId,
            int depth,
            Set<UUID> references) {

        Node {
            references = Set.copyOf(references);
        }

        static Node of(Asset asset, int depth) {
            return new Node(
                    asset.id(),
                    asset,
                    asset.resourceType(),
                    asset.nativeId(),
                    depth,
                    References.of(asset));
        }

        /** Of what is no asset. */
        static Node unknown(UUID reference, String resourceType, String nativeId, int depth) {
            return new Node(reference, null, resourceType, nativeId, depth, Set.of(reference));
        }

        boolean isGone() {
            return asset != null && asset.isTombstone();
        }
    }

    /**
     * A node of the answer.
     *
     * @param omitted how many neighbours were left out, by type
     */
    record Entry(Node node, Map<String, Integer> omitted) {
        Entry {
            omitted = Map.copyOf(omitted);
        }
    }

    /** What the source says of the target, both by their index. */
    record Edge(int source, int target, String name) {}
}
