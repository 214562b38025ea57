package dev.yagura.inventory.asset;

import com.google.protobuf.Timestamp;
import dev.yagura.common.ids.ResourceName;
import dev.yagura.proto.inventory.v1.AssetState;
import dev.yagura.proto.inventory.v1.AssetVersion;
import java.time.Instant;

/** Assets as messages. */
final class AssetProtos {
    private AssetProtos() {}

    static dev.yagura.proto.inventory.v1.Asset message(Asset asset) {
        dev.yagura.proto.inventory.v1.Asset.Builder message =
                asset.description().toBuilder()
                        .setName(ResourceName.of("assets", asset.id()))
                        .setScope(asset.scope())
                        .setResourceType(asset.resourceType())
                        .setNativeId(asset.nativeId())
                        .setState(
                                asset.isTombstone()
                                        ? AssetState.ASSET_STATE_TOMBSTONE
                                        : AssetState.ASSET_STATE_ACTIVE)
                        .setInstanceState(asset.instanceState())
                        .setObservedTime(timestamp(asset.observedTime()))
                        .setUpdateTime(timestamp(asset.updateTime()));
        asset.agents().forEach(agent -> message.addAgents(ResourceName.of("agents", agent)));
        if (asset.tombstoneTime() != null) {
            message.setTombstoneTime(timestamp(asset.tombstoneTime()));
        }
        return message.build();
    }

    /** For lists and watches, whose answers have many. */
    static dev.yagura.proto.inventory.v1.Asset summary(Asset asset) {
        return message(asset).toBuilder().clearRelations().build();
    }

    /** What was: readings that found nothing new are not kept. */
    static dev.yagura.proto.inventory.v1.Asset past(dev.yagura.proto.inventory.v1.Asset message) {
        return message.toBuilder().clearObservedTime().build();
    }

    static AssetVersion message(AssetHistory.Version version) {
        AssetVersion.Builder message =
                AssetVersion.newBuilder()
                        .setAsset(past(message(version.asset())))
                        .setStartTime(timestamp(version.asset().updateTime()));
        if (version.until() != null) {
            message.setEndTime(timestamp(version.until()));
        }
        return message.build();
    }

    static Timestamp timestamp(Instant time) {
        return Timestamp.newBuilder()
                .setSeconds(time.getEpochSecond())
                .setNanos(time.getNano())
                .build();
    }
}
