package dev.yagura.response.kubernetes;

import dev.yagura.common.error.NotFoundException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import software.amazon.awssdk.services.eks.EksClient;
import software.amazon.awssdk.services.eks.model.Cluster;
import software.amazon.awssdk.services.eks.model.PodIdentityAssociationSummary;
import software.amazon.awssdk.services.eks.model.ResourceNotFoundException;

/** Clusters of one account and region, live. Throws what the SDK throws. */
public final class ClusterReader {
    private final EksClient eks;

    /**
     * A cluster.
     *
     * @param authority certificate of the authority of its API, PEM in base64
     * @param autoMode AWS runs its nodes, and their network
     */
    public record LiveCluster(
            String name,
            String arn,
            URI endpoint,
            String authority,
            boolean autoMode,
            Map<String, String> tags) {
        public LiveCluster {
            tags = Map.copyOf(tags);
        }

        /** "111122223333" of "arn:aws:eks:ap-northeast-1:111122223333:cluster/shop". */
        public String accountId() {
            return arn.split(":", -1)[4];
        }
    }

    public ClusterReader(EksClient eks) {
        this.eks = eks;
    }

    /**
     * The cluster of a name.
     *
     * @throws NotFoundException there is none, or it has no API yet
     */
    public LiveCluster cluster(String name) {
        try {
            Cluster found = eks.describeCluster(r -> r.name(name)).cluster();
            if (found.endpoint() == null || found.certificateAuthority() == null) {
                throw new NotFoundException("API of the cluster", name);
            }
            return new LiveCluster(
                    found.name(),
                    found.arn(),
                    URI.create(found.endpoint()),
                    found.certificateAuthority().data(),
                    found.computeConfig() != null
                            && Boolean.TRUE.equals(found.computeConfig().enabled()),
                    Objects.requireNonNullElse(found.tags(), Map.of()));
        } catch (ResourceNotFoundException e) {
            throw new NotFoundException("cluster", name);
        }
    }

    /** ARNs of the roles that EKS Pod Identity gives a service account. */
    public List<String> roles(String cluster, String namespace, String serviceAccount) {
        return eks
                .listPodIdentityAssociationsPaginator(r ->
                        r.clusterName(cluster).namespace(namespace).serviceAccount(serviceAccount))
                .associations()
                .stream()
                .map(PodIdentityAssociationSummary::associationId)
                .map(id ->
                        eks.describePodIdentityAssociation(
                                        r -> r.clusterName(cluster).associationId(id))
                                .association()
                                .roleArn())
                .toList();
    }
}
