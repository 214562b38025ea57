package dev.yagura.inventory.asset;

import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.common.text.Texts;
import dev.yagura.inventory.access.Scopes;
import dev.yagura.inventory.access.Visibility;
import dev.yagura.proto.inventory.v1.AssetEdge;
import dev.yagura.proto.inventory.v1.AssetNode;
import dev.yagura.proto.inventory.v1.GetAssetGraphRequest;
import dev.yagura.proto.inventory.v1.OmittedNeighbours;
import dev.yagura.proto.type.v1.Scope;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Graphs as messages, and what is asked for. */
final class GraphProtos {
    private static final int MAX_DEPTH = 3;
    private static final int MAX_TYPES = 20;
    private static final int MAX_TYPE = 255;
    private static final int DEFAULT_NODES = 100;
    private static final int MAX_NODES = 500;

    /** AWS Config's own bound. */
    private static final int MAX_NATIVE_ID = 768;

    private GraphProtos() {}

    static GraphQuery query(Visibility visibility, GetAssetGraphRequest request) {
        int depth = request.getDepth();
        if (depth < 0 || depth > MAX_DEPTH) {
            throw new InvalidFieldException(
                    "depth",
                    "is no number of steps",
                    "send 1 to " + MAX_DEPTH + ", or nothing for 1");
        }
        if (request.getResourceTypesCount() > MAX_TYPES) {
            throw new InvalidFieldException(
                    "resource_types",
                    "are more than " + MAX_TYPES,
                    "send fewer, or none for every type");
        }
        Set<String> types = new LinkedHashSet<>();
        request.getResourceTypesList()
                .forEach(type -> types.add(Texts.required("resource_types", type, MAX_TYPE)));
        return new GraphQuery(visibility, Math.max(depth, 1), types, nodes(request.getMaxNodes()));
    }

    /** Where it starts, if the request says so without a name. */
    static Optional<ReferencedAsset> start(GetAssetGraphRequest request) {
        if (!request.hasStart()) {
            return Optional.empty();
        }
        if (!request.getName().isEmpty()) {
            throw new InvalidFieldException(
                    "start", "is set, and so is name", "send one of the two");
        }
        Scope scope = request.getStart().getScope();
        Scopes.requireAccount("start.scope.account_id", scope.getAccountId());
        Texts.required("start.scope.region", scope.getRegion(), MAX_TYPE);
        return Optional.of(
                new ReferencedAsset(
                        scope,
                        Texts.required(
                                "start.resource_type",
                                request.getStart().getResourceType(),
                                MAX_TYPE),
                        Texts.required(
                                "start.native_id",
                                request.getStart().getNativeId(),
                                MAX_NATIVE_ID)));
    }

    private static int nodes(int requested) {
        if (requested < 0) {
            throw new InvalidFieldException(
                    "max_nodes",
                    "is negative",
                    "send 1 to " + MAX_NODES + ", or nothing for " + DEFAULT_NODES);
        }
        return requested == 0 ? DEFAULT_NODES : Math.min(requested, MAX_NODES);
    }

    static dev.yagura.proto.inventory.v1.AssetGraph message(AssetGraph graph) {
        var message =
                dev.yagura.proto.inventory.v1.AssetGraph.newBuilder()
                        .setOmittedEdges(graph.omittedEdges());
        graph.nodes().forEach(entry -> message.addNodes(message(entry)));
        graph.edges()
                .forEach(edge ->
                        message.addEdges(
                                AssetEdge.newBuilder()
                                        .setSource(edge.source())
                                        .setTarget(edge.target())
                                        .setName(edge.name())));
        return message.build();
    }

    private static AssetNode message(AssetGraph.Entry entry) {
        AssetGraph.Node node = entry.node();
        AssetNode.Builder message =
                AssetNode.newBuilder()
                        .setResourceType(node.resourceType())
                        .setNativeId(node.nativeId())
                        .setDepth(node.depth());
        if (node.asset() != null) {
            message.setAsset(AssetProtos.summary(node.asset()));
        }
        entry.omitted().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(each ->
                        message.addOmitted(
                                OmittedNeighbours.newBuilder()
                                        .setResourceType(each.getKey())
                                        .setCount(each.getValue())));
        return message.build();
    }
}
