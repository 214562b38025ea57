package dev.yagura.cli.asset;

import dev.yagura.cli.connection.UsageException;
import dev.yagura.proto.inventory.v1.Asset;
import dev.yagura.proto.inventory.v1.AssetFilter;
import dev.yagura.proto.inventory.v1.AssetServiceGrpc;
import dev.yagura.proto.inventory.v1.AssetState;
import dev.yagura.proto.inventory.v1.ListAssetsRequest;
import java.util.List;

/** Assets by what AWS calls them. */
final class AssetNames {
    private AssetNames() {}

    /**
     * Of the one asset with the id; of one that is gone only where no other is there.
     *
     * @param nameOrId "assets/{id}", which is the answer, or a resource id
     */
    static String of(AssetServiceGrpc.AssetServiceBlockingStub stub, String nameOrId) {
        if (nameOrId.startsWith("assets/")) {
            return nameOrId;
        }
        for (AssetState state :
                List.of(AssetState.ASSET_STATE_ACTIVE, AssetState.ASSET_STATE_TOMBSTONE)) {
            List<Asset> found =
                    stub.listAssets(
                                    ListAssetsRequest.newBuilder()
                                            .setFilter(
                                                    AssetFilter.newBuilder()
                                                            .setNativeId(nameOrId)
                                                            .setState(state))
                                            .build())
                            .getAssetsList();
            if (found.size() > 1) {
                throw new UsageException(
                        "'%s' is the id of several assets; give one of %s"
                                .formatted(nameOrId, found.stream().map(Asset::getName).toList()));
            }
            if (found.size() == 1) {
                return found.getFirst().getName();
            }
        }
        throw new UsageException(
                "no asset has the id '%s'; ./yagura assets list shows those that there are"
                        .formatted(nameOrId));
    }
}
