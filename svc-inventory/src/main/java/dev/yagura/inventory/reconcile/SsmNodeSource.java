package dev.yagura.inventory.reconcile;

import dev.yagura.common.aws.AwsClients;
import dev.yagura.common.aws.AwsConfig;
import dev.yagura.common.config.Settings;
import dev.yagura.inventory.asset.Asset;
import dev.yagura.proto.type.v1.Scope;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Objects;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.InstanceInformation;

/** Systems Manager's DescribeInstanceInformation; one client a scope. */
@ApplicationScoped
class SsmNodeSource implements NodeSource {
    /** The most that a page may have. */
    private static final int PAGE = 50;

    private final ClientByScope<SsmClient> clients;

    @Inject
    SsmNodeSource(Settings settings) {
        this(new AwsClients(AwsConfig.from(settings)));
    }

    SsmNodeSource(AwsClients clients) {
        this.clients = new ClientByScope<>(scope -> clients.client(SsmClient.builder(), scope));
    }

    /** Without servers outside EC2, which have ids of their own. */
    @Override
    public List<ManagedNode> nodes(Scope scope) {
        return clients
                .of(scope)
                .describeInstanceInformationPaginator(request ->
                        request.maxResults(PAGE)
                                .filters(
                                        filter -> filter.key("ResourceType").values("EC2Instance")))
                .instanceInformationList()
                .stream()
                .map(information -> node(scope, information))
                .toList();
    }

    @PreDestroy
    void close() {
        clients.close();
    }

    private static ManagedNode node(Scope scope, InstanceInformation information) {
        return new ManagedNode(
                Asset.id(scope, Asset.INSTANCE, information.instanceId()),
                String.valueOf(information.pingStatusAsString()),
                information.lastPingDateTime(),
                Objects.requireNonNullElse(information.platformName(), ""),
                Objects.requireNonNullElse(information.platformVersion(), ""),
                null);
    }
}
