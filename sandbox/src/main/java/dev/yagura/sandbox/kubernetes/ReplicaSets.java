package dev.yagura.sandbox.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.List;

/**
 * The controller of ReplicaSets: lets go of its pods that its selector does not take any more,
 * takes those that it does, then starts what is missing and ends the youngest of what is too many.
 */
final class ReplicaSets {
    private final EksCluster cluster;

    ReplicaSets(EksCluster cluster) {
        this.cluster = cluster;
    }

    void balance() {
        cluster.list(ObjectKind.REPLICA_SETS, "").forEach(this::balance);
    }

    private void balance(ObjectNode set) {
        String namespace = set.path("metadata").path("namespace").asText();
        JsonNode selector = set.path("spec").path("selector");
        for (ObjectNode pod : cluster.list(ObjectKind.PODS, namespace)) {
            boolean taken = LabelSelector.takes(selector, LabelSelector.labels(pod));
            ObjectNode metadata = (ObjectNode) pod.path("metadata");
            if (!taken && isOf(set, pod)) {
                metadata.remove("ownerReferences");
                cluster.store(pod);
            } else if (taken && !metadata.has("ownerReferences")) {
                own(set, metadata);
                cluster.store(pod);
            }
        }
        List<ObjectNode> own =
                cluster.list(ObjectKind.PODS, namespace).stream()
                        .filter(pod -> isOf(set, pod))
                        .sorted(Comparator.comparing(ReplicaSets::number))
                        .toList();
        int wanted = set.path("spec").path("replicas").asInt();
        for (int i = own.size(); i < wanted; i++) {
            start(set, namespace);
        }
        own.stream().skip(wanted).forEach(cluster::drop);
    }

    /** Later ones have higher addresses. */
    private static int number(ObjectNode pod) {
        String ip = pod.path("status").path("podIP").asText();
        return Integer.parseInt(ip.substring(ip.lastIndexOf('.') + 1));
    }

    private static boolean isOf(ObjectNode set, ObjectNode pod) {
        return pod.path("metadata")
                .path("ownerReferences")
                .path(0)
                .path("uid")
                .equals(set.path("metadata").path("uid"));
    }

    private static void own(ObjectNode set, ObjectNode metadata) {
        metadata.putArray("ownerReferences")
                .addObject()
                .put("apiVersion", "apps/v1")
                .put("kind", "ReplicaSet")
                .put("name", set.path("metadata").path("name").asText())
                .put("uid", set.path("metadata").path("uid").asText())
                .put("controller", true);
    }

    private void start(ObjectNode set, String namespace) {
        int number = cluster.next();
        ObjectNode pod = (ObjectNode) set.path("spec").path("template").deepCopy();
        pod.put("apiVersion", "v1").put("kind", "Pod");
        ObjectNode metadata = (ObjectNode) pod.path("metadata");
        String name =
                set.path("metadata").path("name").asText() + "-" + Integer.toString(number, 36);
        metadata.put("namespace", namespace).put("name", name);
        own(set, metadata);
        ObjectNode spec = (ObjectNode) pod.path("spec");
        List<ObjectNode> nodes =
                cluster.list(ObjectKind.NODES, "").stream()
                        .filter(node -> !node.path("spec").path("unschedulable").asBoolean())
                        .toList();
        if (!nodes.isEmpty()) {
            spec.put(
                    "nodeName",
                    nodes.get(number % nodes.size()).path("metadata").path("name").asText());
        }
        String ip = "10.20.4." + number % 250;
        ObjectNode status = pod.putObject("status");
        status.put("phase", nodes.isEmpty() ? "Pending" : "Running")
                .put("podIP", ip)
                .put("startTime", "2026-03-01T02:14:07Z")
                .putArray("podIPs")
                .addObject()
                .put("ip", ip);
        var containers = status.putArray("containerStatuses");
        spec.path("containers")
                .forEach(each ->
                        containers
                                .addObject()
                                .put("name", each.path("name").asText())
                                .put("image", each.path("image").asText())
                                .put("imageID", "sha256:" + "0".repeat(64))
                                .put("containerID", "containerd://" + number));
        cluster.store(pod);
    }
}
