package dev.yagura.response.isolation;

import dev.yagura.response.aws.AddressBlock;
import dev.yagura.response.aws.ManagementEndpoint;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.model.DeviceType;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.GroupIdentifier;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceLifecycleType;
import software.amazon.awssdk.services.ec2.model.NetworkInterface;
import software.amazon.awssdk.services.ec2.model.PrefixListEntry;
import software.amazon.awssdk.services.ec2.model.Reservation;
import software.amazon.awssdk.services.ec2.model.SecurityGroup;
import software.amazon.awssdk.services.ec2.model.Tag;

/** Reads one account and region, live and page by page. Throws what the SDK throws. */
final class CloudReader {
    private final Cloud cloud;

    /**
     * An instance.
     *
     * @param state "running", "terminated", …
     * @param ownerId account that it is in
     * @param type for example "m6i.large"
     * @param spot whether it is a Spot Instance
     * @param rootOnEbs whether its root volume is on EBS, not in the instance store
     * @param lostVolumes volumes that are deleted when it is terminated
     */
    record LiveInstance(
            String id,
            String state,
            String ownerId,
            String vpcId,
            String type,
            boolean spot,
            boolean rootOnEbs,
            List<String> lostVolumes,
            Map<String, String> tags) {

        boolean isRunning() {
            return state.equals("running");
        }

        boolean isGone() {
            return state.equals("terminated") || state.equals("shutting-down");
        }
    }

    /**
     * A network interface.
     *
     * @param addresses all, IPv4 first
     * @param instanceId that it is attached to; null when to none
     * @param kind "interface" for an ordinary one
     * @param tcpTimeoutSeconds the interface's own time after which idle tracked TCP connections
     *     are forgotten; null for EC2's default
     */
    record LiveInterface(
            String id,
            String vpcId,
            String subnetId,
            List<String> groupIds,
            List<String> addresses,
            @Nullable String instanceId,
            String kind,
            boolean requesterManaged,
            @Nullable Integer tcpTimeoutSeconds) {}

    /** A security group with its rules. */
    record LiveGroup(
            String id,
            String name,
            String vpcId,
            Map<String, String> tags,
            List<GroupRule> rules) {}

    CloudReader(Cloud cloud) {
        this.cloud = cloud;
    }

    /** Empty when EC2 answers without it; an unknown id throws InvalidInstanceID.NotFound. */
    Optional<LiveInstance> instance(String id) {
        return cloud
                .ec2()
                .describeInstances(request -> request.instanceIds(id))
                .reservations()
                .stream()
                .flatMap(reservation ->
                        reservation.instances().stream().map(each -> instance(reservation, each)))
                .findFirst();
    }

    List<LiveInterface> interfacesOf(String instanceId) {
        return interfaces(filter("attachment.instance-id", instanceId));
    }

    /** Every interface that has the group. */
    List<LiveInterface> membersOf(String groupId) {
        return interfaces(filter("group-id", groupId));
    }

    /** Those that exist of the given ones. */
    List<LiveInterface> interfaces(Collection<String> ids) {
        return ids.isEmpty()
                ? List.of()
                : interfaces(Filter.builder().name("network-interface-id").values(ids).build());
    }

    /** By id; without those that do not exist. */
    Map<String, LiveGroup> groups(Collection<String> ids) {
        return ids.isEmpty()
                ? Map.of()
                : groups(Filter.builder().name("group-id").values(ids).build())
                        .collect(Collectors.toMap(LiveGroup::id, Function.identity()));
    }

    Optional<LiveGroup> groupNamed(String name, String vpcId) {
        return groups(filter("group-name", name), filter("vpc-id", vpcId)).findFirst();
    }

    List<AddressBlock> prefixList(String id) {
        return cloud
                .ec2()
                .getManagedPrefixListEntriesPaginator(request -> request.prefixListId(id))
                .entries()
                .stream()
                .map(PrefixListEntry::cidr)
                .map(AddressBlock::parse)
                .toList();
    }

    List<ManagementEndpoint> managementEndpoints(String vpcId) {
        return ManagementEndpoint.inVpc(cloud.ec2(), vpcId);
    }

    private List<LiveInterface> interfaces(Filter filter) {
        return cloud
                .ec2()
                .describeNetworkInterfacesPaginator(request -> request.filters(filter))
                .networkInterfaces()
                .stream()
                .map(CloudReader::networkInterface)
                .toList();
    }

    private Stream<LiveGroup> groups(Filter... filters) {
        return cloud
                .ec2()
                .describeSecurityGroupsPaginator(request -> request.filters(filters))
                .securityGroups()
                .stream()
                .map(CloudReader::group);
    }

    private static LiveInstance instance(Reservation reservation, Instance instance) {
        return new LiveInstance(
                instance.instanceId(),
                instance.state().nameAsString(),
                reservation.ownerId(),
                instance.vpcId() == null ? "" : instance.vpcId(),
                instance.instanceTypeAsString(),
                instance.instanceLifecycle() == InstanceLifecycleType.SPOT,
                instance.rootDeviceType() != DeviceType.INSTANCE_STORE,
                instance.blockDeviceMappings().stream()
                        .filter(device -> device.ebs() != null)
                        .filter(device -> Boolean.TRUE.equals(device.ebs().deleteOnTermination()))
                        .map(device -> device.ebs().volumeId())
                        .toList(),
                tags(instance.tags()));
    }

    private static LiveInterface networkInterface(NetworkInterface eni) {
        Stream<String> ipv4 =
                eni.privateIpAddresses().stream().map(each -> each.privateIpAddress());
        Stream<String> ipv6 = eni.ipv6Addresses().stream().map(each -> each.ipv6Address());
        return new LiveInterface(
                eni.networkInterfaceId(),
                eni.vpcId(),
                eni.subnetId(),
                eni.groups().stream().map(GroupIdentifier::groupId).toList(),
                Stream.concat(ipv4, ipv6).toList(),
                eni.attachment() == null ? null : eni.attachment().instanceId(),
                String.valueOf(eni.interfaceTypeAsString()),
                Boolean.TRUE.equals(eni.requesterManaged()),
                eni.connectionTrackingConfiguration() == null
                        ? null
                        : eni.connectionTrackingConfiguration().tcpEstablishedTimeout());
    }

    private static LiveGroup group(SecurityGroup group) {
        List<GroupRule> rules =
                Stream.concat(
                                GroupRule.of(false, group.ipPermissions()).stream(),
                                GroupRule.of(true, group.ipPermissionsEgress()).stream())
                        .toList();
        return new LiveGroup(
                group.groupId(), group.groupName(), group.vpcId(), tags(group.tags()), rules);
    }

    private static Map<String, String> tags(List<Tag> tags) {
        return tags.stream().collect(Collectors.toMap(Tag::key, Tag::value));
    }

    private static Filter filter(String name, String value) {
        return Filter.builder().name(name).values(value).build();
    }
}
