package dev.yagura.inventory.reconcile;

import dev.yagura.common.aws.AwsClients;
import dev.yagura.inventory.asset.Asset;
import dev.yagura.proto.type.v1.Scope;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.InstanceInformation;
import software.amazon.awssdk.services.ssm.model.InstancePatchState;

/**
 * Systems Manager's DescribeInstanceInformation and DescribeInstancePatchStates; one client a
 * scope.
 */
@ApplicationScoped
class SsmNodeSource implements NodeSource {
    /** The most that a page of nodes may have, and the most nodes that patches are asked for. */
    private static final int PAGE = 50;

    /** The most that a page of patch states may have: all that were asked for. */
    private static final int PATCH_PAGE = 100;

    private final ClientByScope<SsmClient> clients;

    @Inject
    SsmNodeSource(AwsClients clients) {
        this.clients = new ClientByScope<>(scope -> clients.client(SsmClient.builder(), scope));
    }

    /** Without servers outside EC2, which have ids of their own. */
    @Override
    public Map<String, ManagedNode> nodes(Scope scope) {
        return clients
                .of(scope)
                .describeInstanceInformationPaginator(request ->
                        request.maxResults(PAGE)
                                .filters(
                                        filter -> filter.key("ResourceType").values("EC2Instance")))
                .instanceInformationList()
                .stream()
                .collect(
                        Collectors.toMap(
                                InstanceInformation::instanceId,
                                information -> node(scope, information),
                                // A node that moved between pages.
                                (first, second) -> second));
    }

    @Override
    public List<PatchState> patches(Scope scope, List<String> instanceIds) {
        List<PatchState> states = new ArrayList<>();
        for (int from = 0; from < instanceIds.size(); from += PAGE) {
            List<String> ids = instanceIds.subList(from, Math.min(from + PAGE, instanceIds.size()));
            clients.of(scope)
                    .describeInstancePatchStatesPaginator(
                            request -> request.instanceIds(ids).maxResults(PATCH_PAGE))
                    .instancePatchStates()
                    .forEach(state -> states.add(state(scope, state)));
        }
        return states;
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

    static PatchState state(Scope scope, InstancePatchState state) {
        return new PatchState(
                Asset.id(scope, Asset.INSTANCE, state.instanceId()),
                Objects.requireNonNullElse(state.baselineId(), ""),
                String.valueOf(state.operationAsString()),
                state.operationEndTime(),
                count(state.missingCount()),
                count(state.failedCount()),
                count(state.installedPendingRebootCount()),
                told(state.criticalNonCompliantCount()),
                told(state.securityNonCompliantCount()));
    }

    private static int told(@Nullable Integer count) {
        return count == null ? PatchState.UNTOLD : count;
    }

    private static int count(@Nullable Integer count) {
        return count == null ? 0 : count;
    }
}
