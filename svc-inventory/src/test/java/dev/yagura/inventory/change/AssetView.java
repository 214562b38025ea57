package dev.yagura.inventory.change;

import dev.yagura.inventory.InventoryService;
import dev.yagura.inventory.reconcile.SandboxNews;
import dev.yagura.proto.inventory.v1.Asset;
import dev.yagura.proto.inventory.v1.AssetFilter;
import dev.yagura.proto.inventory.v1.AssetServiceGrpc;
import dev.yagura.proto.inventory.v1.AssetState;
import dev.yagura.proto.inventory.v1.ListAssetsRequest;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** The sandbox's account as the API shows it, by native id. */
final class AssetView {
    private final InventoryService service;

    AssetView(InventoryService service) {
        this.service = service;
    }

    boolean isActive(String id) {
        return listed(AssetState.ASSET_STATE_ACTIVE).containsKey(id);
    }

    Asset active(String id) {
        return Objects.requireNonNull(listed(AssetState.ASSET_STATE_ACTIVE).get(id), id);
    }

    Map<String, Asset> listed(AssetState state) {
        return stub()
                .listAssets(
                        ListAssetsRequest.newBuilder()
                                .setPageSize(500)
                                .setFilter(AssetFilter.newBuilder().setState(state))
                                .build())
                .getAssetsList()
                .stream()
                .collect(Collectors.toMap(Asset::getNativeId, asset -> asset));
    }

    AssetServiceGrpc.AssetServiceBlockingStub stub() {
        return AssetServiceGrpc.newBlockingStub(service.admin(SandboxNews.ACCOUNT));
    }
}
