package dev.yagura.inventory.reconcile;

import com.google.protobuf.Timestamp;
import dev.yagura.inventory.asset.Observation;
import dev.yagura.proto.inventory.v1.Asset;
import dev.yagura.proto.inventory.v1.AssetRelation;
import dev.yagura.proto.inventory.v1.NetworkInterface;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.model.GroupIdentifier;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceIpv6Address;
import software.amazon.awssdk.services.ec2.model.InstanceNetworkInterface;
import software.amazon.awssdk.services.ec2.model.InstancePrivateIpAddress;

/** EC2's instances as observations; lists in a stable order, so that only news differ. */
final class Ec2Instances {
    private static final Comparator<InstanceNetworkInterface> BY_DEVICE =
            Comparator.comparing(Ec2Instances::deviceIndex)
                    .thenComparing(InstanceNetworkInterface::networkInterfaceId);

    private Ec2Instances() {}

    static Observation observation(Instance instance, Instant asked) {
        Asset.Builder asset = Asset.newBuilder();
        set(instance.privateDnsName(), asset::setHostname);
        set(instance.imageId(), asset::setImageId);
        set(instance.instanceTypeAsString(), asset::setInstanceType);
        set(instance.vpcId(), asset::setVpcId);
        set(instance.subnetId(), asset::setSubnetId);
        if (instance.iamInstanceProfile() != null) {
            set(instance.iamInstanceProfile().arn(), asset::setInstanceProfileArn);
        }
        if (instance.placement() != null) {
            set(instance.placement().availabilityZone(), asset::setAvailabilityZone);
        }
        if (instance.launchTime() != null) {
            asset.setLaunchTime(timestamp(instance.launchTime()));
        }
        instance.blockDeviceMappings().stream()
                .filter(device -> device.ebs() != null)
                .map(device -> device.ebs().volumeId())
                .sorted()
                .forEach(asset::addVolumeIds);
        if (instance.metadataOptions() != null) {
            set(instance.metadataOptions().httpTokensAsString(), asset::setMetadataHttpTokens);
            set(instance.metadataOptions().httpEndpointAsString(), asset::setMetadataHttpEndpoint);
        }
        instance.tags().forEach(tag -> asset.putTags(tag.key(), orEmpty(tag.value())));
        instance.networkInterfaces().stream()
                .sorted(BY_DEVICE)
                .map(Ec2Instances::networkInterface)
                .forEach(asset::addNetworkInterfaces);
        Relations.put(relations(instance), asset);
        return new Observation(
                instance.instanceId(), instance.state().nameAsString(), asset.build(), asked);
    }

    /** In AWS Config's words, where it has some. */
    private static Stream<AssetRelation> relations(Instance instance) {
        return Stream.of(
                        present(instance.subnetId())
                                .map(id -> Relations.containedIn("Subnet", Relations.SUBNET, id)),
                        present(instance.vpcId())
                                .map(id -> Relations.containedIn("Vpc", Relations.VPC, id)),
                        present(instance.imageId())
                                .map(id ->
                                        Relations.of(
                                                "Is launched from Image", "AWS::EC2::Image", id)),
                        Stream.ofNullable(instance.iamInstanceProfile())
                                .flatMap(profile -> present(profile.arn()))
                                .map(Relations::withProfile),
                        instance.networkInterfaces().stream()
                                .flatMap(eni -> present(eni.networkInterfaceId()))
                                .map(id ->
                                        Relations.of(
                                                "Contains NetworkInterface",
                                                Relations.NETWORK_INTERFACE,
                                                id)),
                        instance.networkInterfaces().stream()
                                .flatMap(eni -> eni.groups().stream())
                                .flatMap(group -> present(group.groupId()))
                                .map(id ->
                                        Relations.of(
                                                "Is associated with SecurityGroup",
                                                Relations.SECURITY_GROUP,
                                                id)),
                        instance.blockDeviceMappings().stream()
                                .flatMap(device -> Stream.ofNullable(device.ebs()))
                                .flatMap(disk -> present(disk.volumeId()))
                                .map(id ->
                                        Relations.of(
                                                "Is attached to Volume", "AWS::EC2::Volume", id)))
                .flatMap(Function.identity());
    }

    private static Stream<String> present(@Nullable String id) {
        return Stream.ofNullable(id);
    }

    private static NetworkInterface networkInterface(InstanceNetworkInterface source) {
        NetworkInterface.Builder eni =
                NetworkInterface.newBuilder()
                        .addAllPrivateIpAddresses(addresses(source))
                        .addAllIpv6Addresses(
                                source.ipv6Addresses().stream()
                                        .map(InstanceIpv6Address::ipv6Address)
                                        .sorted()
                                        .toList())
                        .addAllSecurityGroupIds(
                                source.groups().stream()
                                        .map(GroupIdentifier::groupId)
                                        .sorted()
                                        .toList());
        set(source.networkInterfaceId(), eni::setNetworkInterfaceId);
        if (source.association() != null) {
            set(source.association().publicIp(), eni::setPublicIpAddress);
        }
        return eni.build();
    }

    /** The primary one first. */
    private static List<String> addresses(InstanceNetworkInterface source) {
        List<String> all =
                source.privateIpAddresses().stream()
                        .sorted(
                                Comparator.comparing((InstancePrivateIpAddress address) ->
                                                !Boolean.TRUE.equals(address.primary()))
                                        .thenComparing(InstancePrivateIpAddress::privateIpAddress))
                        .map(InstancePrivateIpAddress::privateIpAddress)
                        .toList();
        return all.isEmpty() && source.privateIpAddress() != null
                ? List.of(source.privateIpAddress())
                : all;
    }

    private static int deviceIndex(InstanceNetworkInterface source) {
        return Optional.ofNullable(source.attachment())
                .map(attachment -> attachment.deviceIndex())
                .orElse(Integer.MAX_VALUE);
    }

    private static Timestamp timestamp(Instant time) {
        return Timestamp.newBuilder()
                .setSeconds(time.getEpochSecond())
                .setNanos(time.getNano())
                .build();
    }

    private static void set(@Nullable String value, Consumer<String> setter) {
        if (value != null) {
            setter.accept(value);
        }
    }

    private static String orEmpty(@Nullable String value) {
        return Objects.requireNonNullElse(value, "");
    }
}
