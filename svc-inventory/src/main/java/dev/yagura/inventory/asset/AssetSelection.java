package dev.yagura.inventory.asset;

import dev.yagura.inventory.access.Visibility;
import java.util.Optional;

/**
 * Which assets a client asks for.
 *
 * @param instanceId EC2 instance id; empty means any
 * @param resourceType empty means any
 * @param tombstone whether it is gone; empty means either
 */
record AssetSelection(
        Visibility visibility,
        String instanceId,
        String resourceType,
        Optional<Boolean> tombstone) {

    /** Without what may change of an asset. */
    AssetSelection atAnyTime() {
        return new AssetSelection(visibility, instanceId, resourceType, Optional.empty());
    }

    boolean matches(Asset asset) {
        return visibility.covers(asset.scope().getAccountId())
                && (instanceId.isEmpty()
                        || (asset.resourceType().equals(Asset.INSTANCE)
                                && asset.nativeId().equals(instanceId)))
                && (resourceType.isEmpty() || asset.resourceType().equals(resourceType))
                && tombstone.map(wanted -> wanted == asset.isTombstone()).orElse(true);
    }
}
