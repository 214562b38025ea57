package dev.yagura.cli.asset;

import dev.yagura.cli.output.Printable;
import dev.yagura.proto.inventory.v1.Asset;
import dev.yagura.proto.inventory.v1.AssetEdge;
import dev.yagura.proto.inventory.v1.AssetGraph;
import dev.yagura.proto.inventory.v1.AssetNode;
import dev.yagura.proto.inventory.v1.AssetState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A graph as a tree: each resource once, below the one through which the start reaches it soonest.
 * "→" is what the upper one says of the lower one, "←" the other way around.
 */
final class GraphText {
    private final AssetGraph graph;
    private final Map<Integer, List<Branch>> branches = new HashMap<>();
    private final List<String> lines = new ArrayList<>();

    private GraphText(AssetGraph graph) {
        this.graph = graph;
    }

    /** How a resource is tied to the one above it. */
    private record Branch(String tie, int node) {}

    static List<String> of(AssetGraph graph) {
        GraphText text = new GraphText(graph);
        text.plant();
        text.lines.add(called(graph.getNodes(0)));
        text.draw(0, "");
        if (graph.getOmittedEdges() > 0) {
            text.lines.add(graph.getOmittedEdges() + " relations more");
        }
        return text.lines;
    }

    /** Breadth first, so that nothing hangs deeper than it must. */
    private void plant() {
        Map<Integer, Map<Integer, String>> ties = ties();
        Set<Integer> known = new HashSet<>(Set.of(0));
        Deque<Integer> next = new ArrayDeque<>(known);
        while (!next.isEmpty()) {
            int upper = next.remove();
            ties.getOrDefault(upper, Map.of())
                    .forEach((lower, tie) -> {
                        if (known.add(lower)) {
                            branches.computeIfAbsent(upper, node -> new ArrayList<>())
                                    .add(new Branch(tie, lower));
                            next.add(lower);
                        }
                    });
        }
    }

    /** What is said first of two resources stands for all that ties them. */
    private Map<Integer, Map<Integer, String>> ties() {
        Map<Integer, Map<Integer, String>> ties = new HashMap<>();
        for (AssetEdge edge : graph.getEdgesList()) {
            tie(ties, edge.getSource(), edge.getTarget(), "→ " + edge.getName());
            tie(ties, edge.getTarget(), edge.getSource(), "← " + edge.getName());
        }
        return ties;
    }

    private static void tie(
            Map<Integer, Map<Integer, String>> ties, int upper, int lower, String text) {
        ties.computeIfAbsent(upper, node -> new LinkedHashMap<>()).putIfAbsent(lower, text);
    }

    private void draw(int upper, String indent) {
        List<Branch> below = branches.getOrDefault(upper, List.of());
        List<String> omitted =
                graph.getNodes(upper).getOmittedList().stream()
                        .map(each ->
                                "%d more %s".formatted(each.getCount(), each.getResourceType()))
                        .toList();
        int last = below.size() + omitted.size() - 1;
        for (int i = 0; i < below.size(); i++) {
            Branch branch = below.get(i);
            lines.add(
                    indent
                            + (i == last ? "└─ " : "├─ ")
                            + Printable.of(branch.tie())
                            + "  "
                            + called(graph.getNodes(branch.node())));
            draw(branch.node(), indent + (i == last ? "   " : "│  "));
        }
        for (int i = 0; i < omitted.size(); i++) {
            lines.add(
                    indent
                            + (below.size() + i == last ? "└─ " : "├─ ")
                            + Printable.of(omitted.get(i)));
        }
    }

    private static String called(AssetNode node) {
        Asset asset = node.getAsset();
        String state =
                asset.getState() == AssetState.ASSET_STATE_TOMBSTONE
                        ? "gone"
                        : asset.getInstanceState();
        String details =
                String.join(
                        ", ",
                        Stream.of(
                                        name(asset),
                                        state,
                                        said("owner", asset.getOwner()),
                                        said("environment", asset.getEnvironment()),
                                        node.hasAsset() ? "" : "not in the inventory")
                                .filter(each -> !each.isEmpty())
                                .toList());
        return Printable.of(
                node.getResourceType()
                        + " "
                        + node.getNativeId()
                        + (details.isEmpty() ? "" : " (" + details + ")"));
    }

    private static String name(Asset asset) {
        String tag = Objects.requireNonNullElse(asset.getTagsMap().get("Name"), "");
        return Stream.of(tag, asset.getResourceName(), asset.getHostname())
                .filter(each -> !each.isEmpty() && !each.equals(asset.getNativeId()))
                .findFirst()
                .orElse("");
    }

    private static String said(String what, String value) {
        return value.isEmpty() ? "" : what + " " + value;
    }
}
