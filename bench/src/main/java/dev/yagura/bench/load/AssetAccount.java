package dev.yagura.bench.load;

import static dev.yagura.bench.load.AssetKind.GROUP;
import static dev.yagura.bench.load.AssetKind.INSTANCE;
import static dev.yagura.bench.load.AssetKind.INTERFACE;
import static dev.yagura.bench.load.AssetKind.ROLE;
import static dev.yagura.bench.load.AssetKind.SUBNET;
import static dev.yagura.bench.load.AssetKind.VOLUME;
import static dev.yagura.bench.load.AssetKind.VPC;

import com.google.protobuf.Timestamp;
import dev.yagura.common.ids.AssetIds;
import dev.yagura.proto.inventory.v1.Asset;
import dev.yagura.proto.inventory.v1.AssetRelation;
import dev.yagura.proto.inventory.v1.NetworkInterface;
import dev.yagura.proto.type.v1.Scope;
import java.time.Instant;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * The assets of one account: networks with instances, their interfaces and disks, roles and
 * buckets, related and tagged as those of a company are. The same number gives the same account.
 */
final class AssetAccount {
    private static final List<String> REGIONS =
            List.of("ap-northeast-1", "eu-west-1", "us-east-1", "us-west-2");
    private static final List<String> TYPES = List.of("t3.small", "m7i.large", "c7g.xlarge");
    private static final int IMAGES = 20;

    private final int number;
    private final int size;
    private final Scope scope;
    private final Timestamp captured;
    private final SplittableRandom random;

    /**
     * @param size assets in it, thousands of them
     * @param now when it was read
     */
    AssetAccount(int number, int size, Instant now) {
        this.number = number;
        this.size = size;
        this.scope = scope(number);
        this.captured = Timestamp.newBuilder().setSeconds(now.getEpochSecond()).build();
        this.random = new SplittableRandom(number);
    }

    static Scope scope(int number) {
        return Scope.newBuilder()
                .setPartition("aws")
                .setAccountId("5%011d".formatted(number))
                .setRegion(REGIONS.get(number % REGIONS.size()))
                .build();
    }

    Scope scope() {
        return scope;
    }

    int count(AssetKind kind) {
        return kind.count(size);
    }

    /** Asset id of one. */
    static UUID id(int account, AssetKind kind, int index) {
        return AssetIds.of(scope(account), kind.type(), nativeId(account, kind, index));
    }

    private static String nativeId(int account, AssetKind kind, int index) {
        String digits = HexFormat.of().toHexDigits(account * 1_000_000L + index);
        return kind == AssetKind.SCALING_GROUP
                ? arn(account, kind, "autoScalingGroup:" + digits + ":autoScalingGroupName/web")
                : kind.prefix() + "0" + digits;
    }

    private static String arn(int account, AssetKind kind, String name) {
        Scope scope = scope(account);
        return switch (kind) {
            case BUCKET -> "arn:aws:s3:::" + name;
            case ROLE -> "arn:aws:iam::" + scope.getAccountId() + ":role/" + name;
            case SCALING_GROUP ->
                    "arn:aws:autoscaling:%s:%s:%s"
                            .formatted(scope.getRegion(), scope.getAccountId(), name);
            default ->
                    "arn:aws:ec2:"
                            + scope.getRegion()
                            + ":"
                            + scope.getAccountId()
                            + ":resource/"
                            + name;
        };
    }

    /** One of a kind; ask for them in their order, for they are made by chance. */
    AssetRow row(AssetKind kind, int index) {
        String nativeId = nativeId(number, kind, index);
        Set<UUID> references = new HashSet<>();
        Set<UUID> named = new HashSet<>();
        Asset.Builder asset = Asset.newBuilder();
        AssetTags.put(kind, index, random, asset);
        describe(kind, index, nativeId, asset);
        asset.getRelationsList()
                .forEach(each -> named.add(reference(each.getResourceType(), each.getNativeId())));
        if (!kind.type().startsWith("AWS::EC2::")) {
            references.add(reference(kind, nativeId));
            references.add(reference(kind, asset.getResourceName()));
            references.add(reference(kind, asset.getArn()));
        }
        UUID id = AssetIds.of(scope, kind.type(), nativeId);
        references.remove(id);
        return new AssetRow(
                id,
                kind,
                nativeId,
                kind == INSTANCE ? (random.nextInt(10) == 0 ? "stopped" : "running") : "",
                asset.build(),
                AssetConfigurations.of(kind, nativeId, random),
                references,
                named);
    }

    private UUID reference(AssetKind kind, String text) {
        return reference(kind.type(), text);
    }

    /** As the inventory makes the ids of what relations name. */
    private UUID reference(String type, String text) {
        boolean everywhere = type.startsWith("AWS::IAM::") || type.equals(AssetKind.BUCKET.type());
        return everywhere
                ? AssetIds.of(scope.getAccountId(), "global", type, text)
                : AssetIds.of(scope, type, text);
    }

    private void describe(AssetKind kind, int index, String nativeId, Asset.Builder asset) {
        if (kind == INSTANCE) {
            describeInstance(index, asset);
            return;
        }
        asset.setArn(kind == AssetKind.SCALING_GROUP ? nativeId : arn(number, kind, nativeId))
                .setCaptureTime(captured)
                .setResourceCreateTime(captured);
        switch (kind) {
            case INTERFACE -> {
                if (index < count(INSTANCE)) {
                    relate(asset, "Is attached to Instance", INSTANCE, index);
                }
                network(asset, index);
            }
            case VOLUME ->
                    relate(asset, "Is attached to Instance", INSTANCE, index % count(INSTANCE));
            case SUBNET, GROUP, ROUTE_TABLE, NETWORK_ACL -> {
                asset.setVpcId(nativeId(number, VPC, index % count(VPC)));
                relate(asset, "Is contained in Vpc", VPC, index % count(VPC));
            }
            case SCALING_GROUP -> {
                asset.setResourceName("web-" + index);
                for (int i = index * 10; i < index * 10 + 10 && i < count(INSTANCE); i++) {
                    relate(asset, "Contains Instance", INSTANCE, i);
                }
            }
            case BUCKET -> asset.setResourceName(nativeId);
            case ROLE -> asset.setResourceName("role-" + index).addRelations(profile(index));
            case INSTANCE, VPC -> {}
        }
    }

    private void describeInstance(int index, Asset.Builder asset) {
        String address = "10.%d.%d.%d".formatted(index % 200, index / 200 % 250, index % 250);
        NetworkInterface.Builder eni =
                NetworkInterface.newBuilder()
                        .setNetworkInterfaceId(nativeId(number, INTERFACE, index))
                        .addPrivateIpAddresses(address);
        if (index % 10 == 0) {
            eni.setPublicIpAddress("198.51.100." + index % 250);
        }
        String image = "ami-0" + HexFormat.of().toHexDigits((long) index % IMAGES);
        asset.setHostname("ip-%s.internal".formatted(address.replace('.', '-')))
                .setImageId(image)
                .setInstanceType(TYPES.get(index % TYPES.size()))
                .setAvailabilityZone(scope.getRegion() + "abc".charAt(index % 3))
                .setInstanceProfileArn(profile(index % count(ROLE)).getNativeId())
                .setLaunchTime(captured)
                .setMetadataHttpTokens(index % 4 == 0 ? "optional" : "required")
                .setMetadataHttpEndpoint("enabled");
        network(asset, index);
        asset.getRelationsList().stream()
                .filter(each -> each.getResourceType().equals(GROUP.type()))
                .forEach(each -> eni.addSecurityGroupIds(each.getNativeId()));
        relate(asset, "Contains NetworkInterface", INTERFACE, index);
        for (int disk = index; disk < count(VOLUME); disk += count(INSTANCE)) {
            asset.addVolumeIds(nativeId(number, VOLUME, disk));
            relate(asset, "Is attached to Volume", VOLUME, disk);
        }
        asset.addNetworkInterfaces(eni)
                .addRelations(profile(index % count(ROLE)))
                .addRelations(relation("Is launched from Image", "AWS::EC2::Image", image));
    }

    /** An instance and its interface are in the same: what is chosen follows from the index. */
    private void network(Asset.Builder asset, int index) {
        int subnet = index % count(SUBNET);
        int vpc = subnet % count(VPC);
        asset.setSubnetId(nativeId(number, SUBNET, subnet)).setVpcId(nativeId(number, VPC, vpc));
        relate(asset, "Is contained in Subnet", SUBNET, subnet);
        relate(asset, "Is contained in Vpc", VPC, vpc);
        // The first of a network is in all of it.
        relate(asset, "Is associated with SecurityGroup", GROUP, vpc);
        relate(
                asset,
                "Is associated with SecurityGroup",
                GROUP,
                count(VPC) + index * 7 % (count(GROUP) - count(VPC)));
    }

    private AssetRelation profile(int role) {
        return relation(
                "Is associated with InstanceProfile",
                "AWS::IAM::InstanceProfile",
                "arn:aws:iam::%s:instance-profile/role-%d".formatted(scope.getAccountId(), role));
    }

    private void relate(Asset.Builder asset, String name, AssetKind kind, int index) {
        asset.addRelations(relation(name, kind.type(), nativeId(number, kind, index)));
    }

    private static AssetRelation relation(String name, String type, String nativeId) {
        return AssetRelation.newBuilder()
                .setName(name)
                .setResourceType(type)
                .setNativeId(nativeId)
                .build();
    }
}
