package dev.yagura.sandbox.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.yagura.sandbox.net.Cidr;
import dev.yagura.sandbox.net.IpAddresses;
import java.util.List;
import java.util.Optional;

/**
 * Whether a new TCP connection passes, by the NetworkPolicies of both ends, where something
 * enforces them: what any policy that selects a pod allows is allowed, and a direction that none
 * closes is open.
 */
final class Reach {
    private static final String EGRESS = "egress";
    private static final String INGRESS = "ingress";

    private final EksCluster cluster;

    Reach(EksCluster cluster) {
        this.cluster = cluster;
    }

    /**
     * @param to name of a pod of the namespace, or an address outside
     */
    boolean passes(String namespace, String from, String to, int port) {
        ObjectNode source = cluster.find(ObjectKind.PODS, namespace, from).orElseThrow();
        Optional<ObjectNode> target = cluster.find(ObjectKind.PODS, namespace, to);
        String address = target.map(each -> each.path("status").path("podIP").asText()).orElse(to);
        return !isEnforced()
                || (passes(source, EGRESS, target, address, port)
                        && (target.isEmpty()
                                || passes(
                                        target.get(),
                                        INGRESS,
                                        Optional.of(source),
                                        source.path("status").path("podIP").asText(),
                                        port)));
    }

    private boolean isEnforced() {
        return cluster.find(ObjectKind.DAEMON_SETS, "kube-system", "aws-node").stream()
                .flatMap(each ->
                        each.path("spec")
                                .path("template")
                                .path("spec")
                                .path("containers")
                                .valueStream())
                .flatMap(each -> each.path("args").valueStream())
                .anyMatch(each -> each.asText().equals("--enable-network-policy=true"));
    }

    private boolean passes(
            ObjectNode pod, String direction, Optional<ObjectNode> peer, String address, int port) {
        if (pod.path("spec").path("hostNetwork").asBoolean()) {
            return true;
        }
        List<JsonNode> closing =
                cluster
                        .list(
                                ObjectKind.NETWORK_POLICIES,
                                pod.path("metadata").path("namespace").asText())
                        .stream()
                        .map(each -> each.path("spec"))
                        .filter(each ->
                                LabelSelector.takes(
                                        each.path("podSelector"), LabelSelector.labels(pod)))
                        .filter(each -> closes(each, direction))
                        .toList();
        String peers = direction.equals(EGRESS) ? "to" : "from";
        return closing.isEmpty()
                || closing.stream()
                        .flatMap(each -> each.path(direction).valueStream())
                        .anyMatch(rule ->
                                hasPort(rule, port)
                                        && hasPeer(rule.path(peers), pod, peer, address));
    }

    private static boolean closes(JsonNode spec, String direction) {
        JsonNode types = spec.path("policyTypes");
        return types.isEmpty()
                ? direction.equals(INGRESS) || spec.has(EGRESS)
                : types.valueStream().anyMatch(each -> each.asText().equalsIgnoreCase(direction));
    }

    private static boolean hasPort(JsonNode rule, int port) {
        return rule.path("ports").isEmpty()
                || rule.path("ports")
                        .valueStream()
                        .filter(each -> each.path("protocol").asText("TCP").equals("TCP"))
                        .anyMatch(each -> !each.has("port") || each.path("port").asInt() == port);
    }

    private boolean hasPeer(
            JsonNode peers, ObjectNode pod, Optional<ObjectNode> peer, String address) {
        return peers.isEmpty()
                || peers.valueStream().anyMatch(each -> is(each, pod, peer, address));
    }

    private boolean is(JsonNode rule, ObjectNode pod, Optional<ObjectNode> peer, String address) {
        if (rule.has("ipBlock")) {
            return Cidr.parse(rule.path("ipBlock").path("cidr").asText())
                    .contains(IpAddresses.parse(address));
        }
        return peer.filter(each -> isOfNamespace(rule, pod, each))
                .filter(each ->
                        !rule.has("podSelector")
                                || LabelSelector.takes(
                                        rule.path("podSelector"), LabelSelector.labels(each)))
                .isPresent();
    }

    private boolean isOfNamespace(JsonNode rule, ObjectNode pod, ObjectNode peer) {
        String own = pod.path("metadata").path("namespace").asText();
        String other = peer.path("metadata").path("namespace").asText();
        return rule.has("namespaceSelector")
                ? LabelSelector.takes(
                        rule.path("namespaceSelector"),
                        LabelSelector.labels(
                                cluster.find(ObjectKind.NAMESPACES, "", other)
                                        .map(JsonNode.class::cast)
                                        .orElse(MissingNode.getInstance())))
                : own.equals(other);
    }
}
