package dev.yagura.response.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import dev.yagura.response.kubernetes.KubernetesChange;
import dev.yagura.response.kubernetes.Resource;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The calls that change a pod, its node and the policy of its namespace; each tests first. */
final class PodChange {
    private static final String CLUSTER = "Cluster";
    private static final String NAMESPACE = "Namespace";
    private static final String LABELS = "/metadata/labels";
    private static final String ANNOTATIONS = "/metadata/annotations";
    private static final String UNSCHEDULABLE = "/spec/unschedulable";

    private final String cluster;
    private final String namespace;

    /**
     * @param cluster its name
     */
    PodChange(String cluster, String namespace) {
        this.cluster = cluster;
        this.namespace = namespace;
    }

    /** All labels at once, where the pod has exactly those that it was read with. */
    KubernetesChange label(LivePod pod, Map<String, String> labels) {
        JsonPatch patch = JsonPatch.of(pod.uid());
        if (pod.labels().isEmpty()) {
            patch.test("/metadata/resourceVersion", JsonPatch.text(pod.resourceVersion()));
        } else {
            patch.test(LABELS, JsonPatch.object(pod.labels()));
        }
        if (labels.isEmpty()) {
            patch.remove(LABELS);
        } else {
            patch.add(LABELS, JsonPatch.object(labels));
        }
        return KubernetesChange.of(
                "patch pods",
                Map.of(
                        CLUSTER,
                        cluster,
                        NAMESPACE,
                        namespace,
                        "Pod",
                        pod.name(),
                        "Uid",
                        pod.uid(),
                        "Labels",
                        shown(labels)),
                (api, dryRun) ->
                        api.patch(Resource.PODS, namespace, pod.name(), patch.json(), dryRun));
    }

    KubernetesChange createPolicy() {
        return KubernetesChange.of(
                "create networkpolicies",
                policy(),
                (api, dryRun) ->
                        api.create(
                                Resource.NETWORK_POLICIES,
                                namespace,
                                Quarantine.policy(namespace),
                                dryRun));
    }

    /** As it is meant, where somebody changed it. */
    KubernetesChange mendPolicy(JsonNode seen) {
        JsonNode metadata = seen.path("metadata");
        JsonPatch patch =
                JsonPatch.of(metadata.path("uid").asText())
                        .test("/metadata/resourceVersion", metadata.path("resourceVersion"))
                        .add("/spec", Quarantine.spec());
        return KubernetesChange.of(
                "patch networkpolicies",
                policy(),
                (api, dryRun) ->
                        api.patch(
                                Resource.NETWORK_POLICIES,
                                namespace,
                                Quarantine.POLICY,
                                patch.json(),
                                dryRun));
    }

    /**
     * Takes it away.
     *
     * @param uid of the one that was read; empty in a plan
     */
    KubernetesChange deletePolicy(String uid) {
        return KubernetesChange.of(
                "delete networkpolicies",
                policy(),
                (api, dryRun) ->
                        api.delete(
                                Resource.NETWORK_POLICIES,
                                namespace,
                                Quarantine.POLICY,
                                uid,
                                dryRun));
    }

    /** Keeps new pods away, with a mark of the action that does. */
    KubernetesChange cordon(LiveNode node, String action) {
        JsonPatch patch = ofNode(node);
        if (node.annotations().isEmpty()) {
            patch.add(ANNOTATIONS, JsonPatch.object(Map.of()));
        }
        patch.add(mark(action), JsonPatch.text(""));
        if (!node.isCordoned()) {
            patch.add(UNSCHEDULABLE, BooleanNode.TRUE);
        }
        return node(node, "Unschedulable true", patch);
    }

    /** Takes the mark away, and opens the node where no other action has one there. */
    KubernetesChange open(LiveNode node, String action) {
        JsonPatch patch = ofNode(node).remove(mark(action));
        if (!node.isMarkedByOthers(action) && node.isCordoned()) {
            patch.remove(UNSCHEDULABLE);
        }
        return node(node, "mark removed", patch);
    }

    private static JsonPatch ofNode(LiveNode node) {
        return JsonPatch.of(node.uid())
                .test("/metadata/resourceVersion", JsonPatch.text(node.resourceVersion()));
    }

    private static String mark(String action) {
        return ANNOTATIONS + "/" + JsonPatch.segment(Quarantine.CORDON_PREFIX + action);
    }

    private KubernetesChange node(LiveNode node, String what, JsonPatch patch) {
        return KubernetesChange.of(
                "patch nodes",
                Map.of(CLUSTER, cluster, "Node", node.name(), "Change", what),
                (api, dryRun) -> api.patch(Resource.NODES, "", node.name(), patch.json(), dryRun));
    }

    private Map<String, String> policy() {
        return Map.of(CLUSTER, cluster, NAMESPACE, namespace, "NetworkPolicy", Quarantine.POLICY);
    }

    /** For people, in order. */
    static String shown(Map<String, String> labels) {
        return labels.isEmpty()
                ? "no labels"
                : new TreeMap<>(labels)
                        .entrySet().stream()
                                .map(each -> each.getKey() + "=" + each.getValue())
                                .collect(Collectors.joining(","));
    }
}
