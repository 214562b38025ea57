package dev.yagura.inventory.asset;

import dev.yagura.inventory.asset.AssetGraph.Edge;
import dev.yagura.inventory.asset.AssetGraph.Entry;
import dev.yagura.inventory.asset.AssetGraph.Node;
import dev.yagura.proto.inventory.v1.AssetRelation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * One walk along relations, in both directions, breadth first. What a node names is in its
 * description, who names it in the store. The neighbours of all nodes take turns, so that one with
 * very many leaves room for the others'.
 */
final class GraphWalk {
    private static final int MAX_EDGES = 2000;

    /** Neighbours of one node that are looked at, for each type. */
    private static final int MAX_NAMING = 100;

    private final AssetStore assets;
    private final RelationStore relations;
    private final GraphQuery query;
    private final Map<UUID, Node> nodes = new LinkedHashMap<>();
    private final Map<UUID, Surroundings> surroundings = new HashMap<>();

    GraphWalk(AssetStore assets, RelationStore relations, GraphQuery query) {
        this.assets = assets;
        this.relations = relations;
        this.query = query;
    }

    /** Neighbours of a node that were seen, and how many there are, by type. */
    private static final class Surroundings {
        private final Map<UUID, Node> seen = new LinkedHashMap<>();
        private final Map<String, Integer> counted = new TreeMap<>();

        void add(Node neighbour) {
            seen.putIfAbsent(neighbour.key(), neighbour);
        }

        Map<String, Integer> omitted(Set<UUID> shown) {
            Map<String, Integer> all = new TreeMap<>();
            Map<String, Integer> left = new TreeMap<>();
            seen.values().forEach(each -> all.merge(each.resourceType(), 1, Integer::sum));
            counted.forEach((type, count) -> all.merge(type, count, Math::max));
            seen.values().stream()
                    .filter(each -> shown.contains(each.key()))
                    .forEach(each -> all.merge(each.resourceType(), -1, Integer::sum));
            all.forEach((type, count) -> {
                if (count > 0) {
                    left.put(type, count);
                }
            });
            return left;
        }
    }

    AssetGraph from(Asset start) {
        Node first = Node.of(start, 0);
        nodes.put(first.key(), first);
        List<Node> frontier = List.of(first);
        for (int step = 1; step <= query.depth() && !frontier.isEmpty(); step++) {
            List<Node> found = new ArrayList<>(expand(frontier, step));
            List<Node> profiles = found.stream().filter(GraphWalk::isProfile).toList();
            found.removeAll(profiles);
            found.addAll(expand(profiles, step));
            frontier = found;
        }
        return graph();
    }

    private static boolean isProfile(Node node) {
        return node.resourceType().equals(GraphQuery.PROFILE);
    }

    /** Looks around the nodes; returns what is new, which are nodes from now on. */
    private List<Node> expand(List<Node> frontier, int step) {
        if (frontier.isEmpty()) {
            return List.of();
        }
        frontier.forEach(node -> surroundings.put(node.key(), new Surroundings()));
        addNamed(frontier, step);
        addNaming(frontier, step);
        Map<UUID, Node> chosen = choose(frontier);
        Map<UUID, Asset> known = assets.findAll(chosen.keySet());
        List<Node> found = new ArrayList<>();
        chosen.forEach((key, candidate) -> {
            Asset asset = known.get(key);
            if (asset == null) {
                found.add(candidate);
            } else if (query.visibility().covers(asset.scope().getAccountId())) {
                found.add(Node.of(asset, step));
            }
        });
        found.forEach(node -> nodes.put(node.key(), node));
        return found;
    }

    private void addNamed(List<Node> frontier, int step) {
        Set<UUID> references = new HashSet<>();
        frontier.forEach(node -> {
            if (node.asset() != null) {
                references.addAll(References.named(node.asset()));
            }
        });
        Map<UUID, UUID> resolved = relations.resolve(references);
        for (Node node : frontier) {
            for (AssetRelation relation : named(node)) {
                if (query.visits(relation.getResourceType())) {
                    UUID reference = References.of(Objects.requireNonNull(node.asset()), relation);
                    UUID key = resolved.getOrDefault(reference, reference);
                    around(node)
                            .add(
                                    Node.unknown(
                                            key,
                                            relation.getResourceType(),
                                            relation.getNativeId(),
                                            step));
                }
            }
        }
    }

    private void addNaming(List<Node> frontier, int step) {
        Map<UUID, Node> byReference = byReference(frontier);
        for (RelationStore.Naming naming :
                relations.naming(byReference.keySet(), query.types(), MAX_NAMING)) {
            Surroundings around =
                    around(Objects.requireNonNull(byReference.get(naming.reference())));
            around.counted.merge(naming.assetType(), naming.count(), Math::max);
            naming.assetIds()
                    .forEach(id -> around.add(Node.unknown(id, naming.assetType(), "", step)));
        }
    }

    /** As many as there is room for, one of each node after another. */
    private Map<UUID, Node> choose(List<Node> frontier) {
        List<List<Node>> queues =
                frontier.stream()
                        .map(node ->
                                around(node).seen.values().stream()
                                        .filter(each -> !nodes.containsKey(each.key()))
                                        .toList())
                        .toList();
        Map<UUID, Node> chosen = new LinkedHashMap<>();
        int longest = queues.stream().mapToInt(List::size).max().orElse(0);
        int room = query.maxNodes() - nodes.size();
        for (int turn = 0; turn < longest && chosen.size() < room; turn++) {
            for (List<Node> queue : queues) {
                if (turn < queue.size() && chosen.size() < room) {
                    chosen.putIfAbsent(queue.get(turn).key(), queue.get(turn));
                }
            }
        }
        return chosen;
    }

    private AssetGraph graph() {
        List<Node> all = List.copyOf(nodes.values());
        Map<UUID, Node> byReference = byReference(all);
        Map<UUID, Integer> places = new HashMap<>();
        all.forEach(node -> places.put(node.key(), places.size()));
        Set<Edge> edges = new LinkedHashSet<>();
        for (Node source : all) {
            for (AssetRelation relation : named(source)) {
                Node target =
                        byReference.get(
                                References.of(Objects.requireNonNull(source.asset()), relation));
                if (target != null && target != source) {
                    edges.add(
                            new Edge(
                                    Objects.requireNonNull(places.get(source.key())),
                                    Objects.requireNonNull(places.get(target.key())),
                                    relation.getName()));
                }
            }
        }
        edges.forEach(edge -> {
            seen(all.get(edge.source()), all.get(edge.target()));
            seen(all.get(edge.target()), all.get(edge.source()));
        });
        return new AssetGraph(
                all.stream()
                        .map(node -> new Entry(node, around(node).omitted(nodes.keySet())))
                        .toList(),
                edges.stream().limit(MAX_EDGES).toList(),
                Math.max(0, edges.size() - MAX_EDGES));
    }

    /** A neighbour that is shown is not left out, however it came into the graph. */
    private void seen(Node node, Node neighbour) {
        if (surroundings.containsKey(node.key())) {
            around(node).add(neighbour);
        }
    }

    /** A name that a new resource took over is that one's. */
    private static Map<UUID, Node> byReference(Collection<Node> nodes) {
        Map<UUID, Node> byReference = new HashMap<>();
        for (Node node : nodes) {
            node.references()
                    .forEach(each ->
                            byReference.merge(
                                    each, node, (one, other) -> one.isGone() ? other : one));
        }
        return byReference;
    }

    private static List<AssetRelation> named(Node node) {
        return node.asset() == null ? List.of() : node.asset().description().getRelationsList();
    }

    private Surroundings around(Node node) {
        return surroundings.getOrDefault(node.key(), new Surroundings());
    }
}
