package dev.yagura.common.graph;

import dev.yagura.proto.inventory.v1.Asset;
import dev.yagura.proto.inventory.v1.AssetEdge;
import dev.yagura.proto.inventory.v1.AssetGraph;
import dev.yagura.proto.inventory.v1.AssetNode;
import dev.yagura.proto.inventory.v1.AssetState;
import dev.yagura.proto.inventory.v1.OmittedNeighbours;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * An answer of GetAssetGraph, read by who is next to whom: which of two names the other in its
 * relations makes no difference. What is gone is left out.
 */
public final class Neighbourhood {
    private static final String ROLE = "AWS::IAM::Role";
    private static final String PROFILE = "AWS::IAM::InstanceProfile";

    private final AssetGraph graph;
    private final Map<Integer, Set<Integer>> beside = new HashMap<>();

    /** A resource of the graph. */
    public record Place(int index, AssetNode node) {
        /**
         * Its tag Name, its name, or its host name; its id where it has none, without an ARN's
         * head.
         */
        public String label() {
            Asset asset = node.getAsset();
            return Stream.of(
                            asset.getTagsOrDefault("Name", ""),
                            asset.getResourceName(),
                            asset.getHostname())
                    .filter(text -> !text.isBlank())
                    .findFirst()
                    // Of a task's ARN, cluster and id.
                    .orElseGet(() -> node.getNativeId().replaceFirst("^arn:.*:task/", ""));
        }
    }

    /**
     * Resources of one type.
     *
     * @param count at least so many there are, those left out of the graph among them
     */
    public record Found(List<Place> places, int count) {
        public Found {
            places = List.copyOf(places);
        }
    }

    /**
     * Reads an answer.
     *
     * @throws IllegalArgumentException it has no start, or an edge leads out of it
     */
    public Neighbourhood(AssetGraph graph) {
        if (graph.getNodesCount() == 0) {
            throw new IllegalArgumentException("a graph has its start, at least");
        }
        this.graph = graph;
        for (AssetEdge edge : graph.getEdgesList()) {
            if (!isNode(graph, edge.getSource()) || !isNode(graph, edge.getTarget())) {
                throw new IllegalArgumentException("an edge leads out of the graph");
            }
            beside.computeIfAbsent(edge.getSource(), index -> new TreeSet<>())
                    .add(edge.getTarget());
            beside.computeIfAbsent(edge.getTarget(), index -> new TreeSet<>())
                    .add(edge.getSource());
        }
    }

    private static boolean isNode(AssetGraph graph, int index) {
        return index >= 0 && index < graph.getNodesCount();
    }

    public Place start() {
        return place(0);
    }

    /** Resources of a type next to one. */
    public Found beside(Place place, String resourceType) {
        return beside(List.of(place), resourceType);
    }

    /** Resources of a type next to any of these; the start is not among them. */
    public Found beside(Collection<Place> places, String resourceType) {
        Set<Integer> found = new LinkedHashSet<>();
        int omitted = 0; // of one place: those of another may be the same
        for (Place place : places) {
            beside.getOrDefault(place.index(), Set.of()).stream()
                    .filter(index -> index != 0)
                    .filter(index -> isThere(graph.getNodes(index), resourceType))
                    .forEach(found::add);
            omitted =
                    Math.max(
                            omitted,
                            place.node().getOmittedList().stream()
                                    .filter(each -> each.getResourceType().equals(resourceType))
                                    .mapToInt(OmittedNeighbours::getCount)
                                    .sum());
        }
        return new Found(found.stream().map(this::place).toList(), found.size() + omitted);
    }

    /**
     * The roles that the start has, or is, and their instance profiles: whatever is next to one of
     * these has the same credentials. A profile whose role the inventory does not have is one.
     */
    public List<Place> credentials() {
        List<Place> all = new ArrayList<>();
        List<Place> profiles = beside(start(), PROFILE).places();
        Set<Place> roles = new LinkedHashSet<>(beside(start(), ROLE).places());
        roles.addAll(beside(profiles, ROLE).places());
        if (start().node().getResourceType().equals(ROLE)) {
            roles.add(start());
        }
        all.addAll(roles);
        Stream.concat(profiles.stream(), beside(roles, PROFILE).places().stream())
                .distinct()
                .forEach(all::add);
        return List.copyOf(all);
    }

    private static boolean isThere(AssetNode node, String resourceType) {
        return node.getResourceType().equals(resourceType)
                && node.getAsset().getState() != AssetState.ASSET_STATE_TOMBSTONE;
    }

    private Place place(int index) {
        return new Place(index, graph.getNodes(index));
    }
}
