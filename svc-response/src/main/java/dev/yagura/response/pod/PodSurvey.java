package dev.yagura.response.pod;

import com.fasterxml.jackson.databind.JsonNode;
import dev.yagura.common.error.NotFoundException;
import dev.yagura.proto.response.v1.PodTarget;
import dev.yagura.response.kubernetes.ClusterReader;
import dev.yagura.response.kubernetes.KubernetesClient;
import dev.yagura.response.kubernetes.Resource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A pod and what concerns it, as read just now.
 *
 * @param node empty for a pod that is on none, or none that the API shows
 * @param services that choose it
 * @param quarantine the policy of quarantine, or whatever has its name
 * @param enforcement what makes NetworkPolicies work; empty when nothing is found that does
 * @param roles ARNs of roles that its processes can get credentials of
 * @param unnamedRole it has a role of Pod Identity that EKS does not name
 * @param missing what undo and the watch need, and RBAC does not allow: "delete networkpolicies"
 */
record PodSurvey(
        ClusterReader.LiveCluster cluster,
        KubernetesClient api,
        LivePod pod,
        Optional<LiveNode> node,
        List<String> services,
        PolicyReach policies,
        Optional<JsonNode> quarantine,
        Optional<String> enforcement,
        List<String> roles,
        boolean unnamedRole,
        List<String> missing) {

    PodSurvey {
        services = List.copyOf(services);
        roles = List.copyOf(roles);
        missing = List.copyOf(missing);
    }

    /**
     * Reads everything. Throws what the SDK throws.
     *
     * @throws NotFoundException no such cluster or pod
     */
    static PodSurvey take(PodCloud cloud, PodTarget target) {
        ClusterReader.LiveCluster cluster = cloud.clusters().cluster(target.getCluster());
        KubernetesClient api = cloud.api(cluster);
        PodReader reader = new PodReader(api, target.getNamespace());
        LivePod pod =
                reader.pod(target.getName())
                        .orElseThrow(() ->
                                new NotFoundException(
                                        "pod", target.getNamespace() + "/" + target.getName()));
        List<String> identity =
                pod.hasPodIdentity()
                        ? cloud.clusters()
                                .roles(cluster.name(), pod.namespace(), pod.serviceAccount())
                        : List.of();
        return new PodSurvey(
                cluster,
                api,
                pod,
                reader.node(pod.nodeName()),
                reader.services(pod.labels()),
                reader.policies(),
                reader.quarantine(),
                reader.enforcement(),
                Stream.concat(pod.tokenRoles().stream(), identity.stream()).distinct().toList(),
                pod.hasPodIdentity() && identity.isEmpty(),
                Stream.of("delete", "patch")
                        .filter(verb ->
                                !api.may(
                                        verb,
                                        Resource.NETWORK_POLICIES,
                                        target.getNamespace(),
                                        Quarantine.POLICY))
                        .map(verb -> verb + " " + Resource.NETWORK_POLICIES.plural())
                        .toList());
    }

    /**
     * Whether new pods are kept from its node: where that is asked for, and where whoever is in the
     * pod may be on the node, who would have the secrets of every pod that comes. It stops nothing
     * that runs. A node that somebody else has cordoned is left to them.
     */
    boolean cordons(PodTarget target) {
        return node.filter(each -> !each.isCordonedByOthersThanYagura()).isPresent()
                && (target.getCordonNode() || !pod.waysToTheNode().isEmpty());
    }
}
