package dev.yagura.response.pod;

import com.fasterxml.jackson.databind.JsonNode;
import dev.yagura.response.kubernetes.KubernetesClient;
import dev.yagura.response.kubernetes.Resource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Pods of one namespace, and what concerns them, live. Throws what the client throws. */
final class PodReader {
    private static final String SYSTEM = "kube-system";

    private final KubernetesClient api;
    private final String namespace;

    PodReader(KubernetesClient api, String namespace) {
        this.api = api;
        this.namespace = namespace;
    }

    Optional<LivePod> pod(String name) {
        return api.find(Resource.PODS, namespace, name).map(LivePod::new);
    }

    Optional<LiveNode> node(String name) {
        return name.isEmpty()
                ? Optional.empty()
                : api.find(Resource.NODES, "", name).map(LiveNode::new);
    }

    /** Names of pods that some action contains. */
    List<String> contained() {
        return api.list(Resource.PODS, namespace, Quarantine.LABEL).stream()
                .map(each -> new LivePod(each).name())
                .toList();
    }

    /** Names of Services that choose a pod with these labels. */
    List<String> services(Map<String, String> labels) {
        return api.list(Resource.SERVICES, namespace, "").stream()
                .filter(each -> chooses(each.path("spec").path("selector"), labels))
                .map(each -> each.path("metadata").path("name").asText())
                .toList();
    }

    /** A Service without a selector chooses nothing. */
    private static boolean chooses(JsonNode selector, Map<String, String> labels) {
        return !selector.isEmpty()
                && selector.propertyStream()
                        .allMatch(
                                each -> each.getValue().asText().equals(labels.get(each.getKey())));
    }

    /** All but the one of quarantine. */
    PolicyReach policies() {
        return new PolicyReach(
                api.list(Resource.NETWORK_POLICIES, namespace, "").stream()
                        .map(NetworkPolicy::new)
                        .filter(each -> !each.name().equals(Quarantine.POLICY))
                        .toList());
    }

    /** The one of quarantine, or whatever has its name. */
    Optional<JsonNode> quarantine() {
        return api.find(Resource.NETWORK_POLICIES, namespace, Quarantine.POLICY);
    }

    /** What makes NetworkPolicies work in the cluster; empty when nothing is found that does. */
    Optional<String> enforcement() {
        return daemons(SYSTEM, "aws-node")
                .filter(PodReader::hasPolicyAgent)
                .map(each -> "the policy agent of the VPC CNI (aws-node)")
                .or(() -> daemons(SYSTEM, "calico-node").map(each -> "Calico (calico-node)"))
                .or(() -> daemons("calico-system", "calico-node").map(each -> "Calico"))
                .or(() -> daemons(SYSTEM, "cilium").map(each -> "Cilium (cilium)"));
    }

    private Optional<JsonNode> daemons(String where, String name) {
        return api.find(Resource.DAEMON_SETS, where, name);
    }

    private static boolean hasPolicyAgent(JsonNode daemonSet) {
        return daemonSet
                .path("spec")
                .path("template")
                .path("spec")
                .path("containers")
                .valueStream()
                .flatMap(each -> each.path("args").valueStream())
                .anyMatch(each -> each.asText().equals("--enable-network-policy=true"));
    }
}
