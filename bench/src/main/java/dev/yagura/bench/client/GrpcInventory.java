package dev.yagura.bench.client;

import dev.yagura.proto.inventory.v1.Asset;
import dev.yagura.proto.inventory.v1.AssetFilter;
import dev.yagura.proto.inventory.v1.AssetGraph;
import dev.yagura.proto.inventory.v1.AssetServiceGrpc;
import dev.yagura.proto.inventory.v1.CoverageFilter;
import dev.yagura.proto.inventory.v1.CoverageServiceGrpc;
import dev.yagura.proto.inventory.v1.GetAssetGraphRequest;
import dev.yagura.proto.inventory.v1.GetAssetRequest;
import dev.yagura.proto.inventory.v1.GetPostureRequest;
import dev.yagura.proto.inventory.v1.GetReconciliationRequest;
import dev.yagura.proto.inventory.v1.ListAssetsRequest;
import dev.yagura.proto.inventory.v1.ListAssetsResponse;
import dev.yagura.proto.inventory.v1.ListCoverageRequest;
import dev.yagura.proto.inventory.v1.ListCoverageResponse;
import dev.yagura.proto.inventory.v1.ListInstalledSoftwareRequest;
import dev.yagura.proto.inventory.v1.ListInstalledSoftwareResponse;
import dev.yagura.proto.inventory.v1.Posture;
import dev.yagura.proto.inventory.v1.PostureServiceGrpc;
import dev.yagura.proto.inventory.v1.ReconcileAssetsRequest;
import dev.yagura.proto.inventory.v1.Reconciliation;
import dev.yagura.proto.inventory.v1.WatchAssetsRequest;
import dev.yagura.proto.inventory.v1.WatchAssetsResponse;
import dev.yagura.proto.type.v1.Scope;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** What an administrator asks of the inventory, through the gateway. */
public final class GrpcInventory {
    private final Channel channel;

    GrpcInventory(Channel channel) {
        this.channel = channel;
    }

    /**
     * Asks for a reading of these scopes and types.
     *
     * @return empty while one of them is not read: accounts are found by and by
     */
    public Optional<Reconciliation> reconcile(List<Scope> scopes, List<String> types) {
        try {
            return Optional.of(
                    assets().reconcileAssets(
                                    ReconcileAssetsRequest.newBuilder()
                                            .setRequestId(UUID.randomUUID().toString())
                                            .addAllScopes(scopes)
                                            .addAllResourceTypes(types)
                                            .build()));
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() == Status.Code.INVALID_ARGUMENT) {
                return Optional.empty();
            }
            throw e;
        }
    }

    public Reconciliation reconciliation(String name) {
        return assets().getReconciliation(
                        GetReconciliationRequest.newBuilder().setName(name).build());
    }

    /**
     * A page of active assets.
     *
     * @param token of the page before; empty for the first
     */
    public ListAssetsResponse list(AssetFilter filter, int size, String token) {
        return assets().listAssets(
                        ListAssetsRequest.newBuilder()
                                .setFilter(filter)
                                .setPageSize(size)
                                .setPageToken(token)
                                .build());
    }

    /**
     * Changes after a cursor, in their order; its {@code next} waits for one.
     *
     * @param limit it ends with an error after so long
     */
    public Iterator<WatchAssetsResponse> watch(String cursor, AssetFilter filter, Duration limit) {
        return assets().withDeadlineAfter(limit.toMillis(), TimeUnit.MILLISECONDS)
                .watchAssets(
                        WatchAssetsRequest.newBuilder()
                                .setCursor(cursor)
                                .setFilter(filter)
                                .build());
    }

    public Asset asset(String name) {
        return assets().getAsset(GetAssetRequest.newBuilder().setName(name).build());
    }

    public AssetGraph graph(String name, int depth) {
        return assets().getAssetGraph(
                        GetAssetGraphRequest.newBuilder().setName(name).setDepth(depth).build());
    }

    public Posture posture(String name) {
        return PostureServiceGrpc.newBlockingStub(channel)
                .getPosture(GetPostureRequest.newBuilder().setAsset(name).build());
    }

    /**
     * The first page of hosts.
     *
     * @param account empty for all
     */
    public ListCoverageResponse coverage(String account, int size) {
        return CoverageServiceGrpc.newBlockingStub(channel)
                .listCoverage(
                        ListCoverageRequest.newBuilder()
                                .setPageSize(size)
                                .setFilter(CoverageFilter.newBuilder().setAccountId(account))
                                .build());
    }

    /**
     * The first page of what is installed.
     *
     * @param asset name of a host; empty for all
     * @param name of a package; empty for all of a host
     * @param version empty for any
     */
    public ListInstalledSoftwareResponse software(
            String asset, String name, String version, int size) {
        return assets().listInstalledSoftware(
                        ListInstalledSoftwareRequest.newBuilder()
                                .setAsset(asset)
                                .setName(name)
                                .setVersion(version)
                                .setPageSize(size)
                                .build());
    }

    private AssetServiceGrpc.AssetServiceBlockingStub assets() {
        return AssetServiceGrpc.newBlockingStub(channel);
    }
}
