package dev.yagura.detection.incident;

import dev.yagura.detection.alert.Nanos;
import dev.yagura.detection.process.SharedProcesses;
import dev.yagura.proto.detection.v1.EdgeKind;
import dev.yagura.proto.detection.v1.Entity;
import dev.yagura.proto.detection.v1.EntityKind;
import dev.yagura.proto.detection.v1.Incident;
import dev.yagura.proto.detection.v1.IncidentEdge;
import dev.yagura.proto.detection.v1.IncidentOrBuilder;
import dev.yagura.proto.detection.v1.ProcessNode;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The process that everything else descends from: the top of a tree below the processes that all
 * share, where a tree that was started through a file counts to the tree of the file's writer.
 *
 * @param reason in words
 */
record RootCause(Entity process, String reason) {

    static RootCause of(IncidentOrBuilder incident) {
        return new Search(incident).find();
    }

    private static final class Search {
        private final IncidentOrBuilder incident;
        private final Map<String, ProcessNode> nodes = new HashMap<>();
        private final Map<String, String> startedBy = new HashMap<>();

        Search(IncidentOrBuilder incident) {
            this.incident = incident;
            incident.getProcessesList().forEach(node -> nodes.put(node.getProcess().getId(), node));
            links();
        }

        /** Top of a tree → top of the tree that wrote what it runs. */
        private void links() {
            Map<String, String> writers = new HashMap<>();
            for (IncidentEdge edge : incident.getEdgesList()) {
                if (edge.getKind() == EdgeKind.EDGE_KIND_WROTE) {
                    writers.put(edge.getTo().getId(), edge.getFrom().getId());
                }
            }
            for (IncidentEdge edge : incident.getEdgesList()) {
                if (edge.getKind() == EdgeKind.EDGE_KIND_SPAWNED
                        && edge.getFrom().getKind() == EntityKind.ENTITY_KIND_FILE) {
                    @Nullable String writer = writers.get(edge.getFrom().getId());
                    String runner = top(edge.getTo().getId());
                    if (writer != null && !top(writer).equals(runner)) {
                        startedBy.putIfAbsent(runner, top(writer));
                    }
                }
            }
        }

        RootCause find() {
            Map<String, Integer> alerts = new HashMap<>();
            for (ProcessNode node : nodes.values()) {
                if (node.getAlertsCount() > 0) {
                    alerts.merge(
                            origin(node.getProcess().getId()), node.getAlertsCount(), Integer::sum);
                }
            }
            return alerts.keySet().stream()
                    .map(nodes::get)
                    .min(
                            Comparator.<ProcessNode>comparingInt(node ->
                                            -alerts.getOrDefault(node.getProcess().getId(), 0))
                                    .thenComparingLong(node -> Nanos.of(node.getStartTime()))
                                    .thenComparing(node -> node.getProcess().getId()))
                    .map(root ->
                            new RootCause(
                                    root.getProcess(),
                                    reason(
                                            root,
                                            alerts.getOrDefault(root.getProcess().getId(), 0))))
                    .orElseGet(() ->
                            new RootCause(
                                    incident.getMembers(0).getEntity(),
                                    "no process is known; what the first alert is about"));
        }

        private String reason(ProcessNode root, int alerts) {
            @Nullable ProcessNode parent = nodes.get(root.getParentId());
            String where =
                    parent == null
                            ? "its parent is not known"
                            : "started by "
                                    + parent.getProcess().getLabel()
                                    + ", which starts everything";
            String files =
                    startedBy.containsValue(root.getProcess().getId())
                            ? ", some through a file that was written there"
                            : "";
            return "%s; %d of %d alerts descend from it%s"
                    .formatted(where, alerts, Math.max(alerts, incident.getMembersCount()), files);
        }

        /** The highest process of the own tree. */
        private String top(String uid) {
            String top = uid;
            Set<String> seen = new HashSet<>();
            while (seen.add(top)) {
                @Nullable ProcessNode node = nodes.get(top);
                @Nullable ProcessNode parent = node == null ? null : nodes.get(node.getParentId());
                if (parent == null || SharedProcesses.isShared(parent.getPid(), parent.getPath())) {
                    return top;
                }
                top = parent.getProcess().getId();
            }
            return top;
        }

        private String origin(String uid) {
            String origin = top(uid);
            Set<String> seen = new HashSet<>();
            @Nullable String earlier = startedBy.get(origin);
            while (earlier != null && nodes.containsKey(earlier) && seen.add(origin)) {
                origin = earlier;
                earlier = startedBy.get(origin);
            }
            return origin;
        }
    }

    /** For an incident that is being written. */
    void into(Incident.Builder builder) {
        builder.setRootCause(process).setRootCauseReason(reason);
    }
}
