package dev.yagura.response.pod;

import dev.yagura.common.aws.AwsClients;
import dev.yagura.common.aws.AwsConfig;
import dev.yagura.proto.type.v1.Scope;
import dev.yagura.response.kubernetes.ClusterReader;
import dev.yagura.response.kubernetes.ClusterToken;
import dev.yagura.response.kubernetes.KubernetesClient;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.eks.EksClient;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/** What the clusters of one account and region are reached with. */
final class PodCloud implements SdkAutoCloseable {
    private final EksClient eks;
    private final Function<ClusterReader.LiveCluster, KubernetesClient> open;

    /** By address and authority: a cluster that was made anew has others. */
    private final Map<Address, KubernetesClient> clients = new ConcurrentHashMap<>();

    private record Address(String name, String endpoint, String authority) {}

    private PodCloud(EksClient eks, Function<ClusterReader.LiveCluster, KubernetesClient> open) {
        this.eks = eks;
        this.open = open;
    }

    static PodCloud open(AwsClients clients, AwsConfig config, Scope scope) {
        ClusterToken token =
                new ClusterToken(clients.credentials(scope), Region.of(scope.getRegion()));
        KubernetesClient.Limits limits =
                new KubernetesClient.Limits(config.attemptTimeout(), config.throttlePause());
        return new PodCloud(
                clients.client(EksClient.builder(), scope),
                cluster -> KubernetesClient.open(cluster, token, limits));
    }

    ClusterReader clusters() {
        return new ClusterReader(eks);
    }

    KubernetesClient api(ClusterReader.LiveCluster cluster) {
        return clients.computeIfAbsent(
                new Address(cluster.name(), cluster.endpoint().toString(), cluster.authority()),
                each -> open.apply(cluster));
    }

    @Override
    public void close() {
        eks.close();
        clients.values().forEach(KubernetesClient::close);
    }
}
