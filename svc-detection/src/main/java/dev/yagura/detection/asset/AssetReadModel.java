package dev.yagura.detection.asset;

import dev.yagura.proto.detection.v1.AssetSnapshot;
import dev.yagura.proto.inventory.v1.Asset;
import dev.yagura.proto.inventory.v1.NetworkInterface;
import dev.yagura.proto.telemetry.v1.Device;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Hosts by asset id. */
@ApplicationScoped
public class AssetReadModel {
    /** The inventory has other assets too; events come from hosts. */
    private static final Set<String> HOSTS = Set.of("AWS::EC2::Instance", "Yagura::Host");

    private final Map<UUID, AssetSnapshot> known = new ConcurrentHashMap<>();

    /** The host as it is known now; what its device says when it is not. */
    public AssetSnapshot snapshot(UUID hostId, Device device) {
        @Nullable AssetSnapshot asset = known.get(hostId);
        if (asset == null) {
            return AssetSnapshot.newBuilder()
                    .setHostId(hostId.toString())
                    .setInstanceId(device.getInstanceId())
                    .setHostname(device.getHostname())
                    .setScope(device.getScope())
                    .build();
        }
        return asset.getHostname().isEmpty()
                ? asset.toBuilder().setHostname(device.getHostname()).build()
                : asset;
    }

    /** Takes the newest state of a host; a tombstone still says what it was. */
    void put(UUID hostId, Asset asset) {
        if (!HOSTS.contains(asset.getResourceType())) {
            return;
        }
        AssetSnapshot.Builder snapshot =
                AssetSnapshot.newBuilder()
                        .setHostId(hostId.toString())
                        .setHostname(asset.getHostname())
                        .setScope(asset.getScope())
                        .setImageId(asset.getImageId())
                        .setInstanceProfileArn(asset.getInstanceProfileArn())
                        .setVpcId(asset.getVpcId())
                        .setSubnetId(asset.getSubnetId())
                        .putAllTags(asset.getTagsMap())
                        .setOwner(asset.getOwner())
                        .setEnvironment(asset.getEnvironment())
                        .setCriticality(asset.getCriticality())
                        .setKnown(true);
        if (asset.getNativeId().startsWith("i-")) {
            snapshot.setInstanceId(asset.getNativeId());
        }
        for (NetworkInterface network : asset.getNetworkInterfacesList()) {
            snapshot.addAllIpAddresses(network.getPrivateIpAddressesList())
                    .addAllIpAddresses(network.getIpv6AddressesList());
            if (!network.getPublicIpAddress().isEmpty()) {
                snapshot.addIpAddresses(network.getPublicIpAddress());
            }
        }
        known.put(hostId, snapshot.build());
    }
}
