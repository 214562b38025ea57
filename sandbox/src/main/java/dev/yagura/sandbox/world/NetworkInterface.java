package dev.yagura.sandbox.world;

import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A network interface.
 *
 * @param publicAddress IPv4 address mapped by the internet gateway, null if none
 * @param interfaceType {@code interface}, {@code vpc_endpoint}, {@code network_load_balancer}, …
 * @param requester the service that manages the interface; null if it is the account's own
 */
public record NetworkInterface(
        String id,
        String vpcId,
        String subnetId,
        String description,
        String macAddress,
        InetAddress privateAddress,
        List<InetAddress> ipv6Addresses,
        @Nullable InetAddress publicAddress,
        List<String> groupIds,
        @Nullable Attachment attachment,
        String interfaceType,
        @Nullable String requester,
        boolean sourceDestCheck,
        TrackingTimeouts tracking)
        implements Resource {
    public NetworkInterface {
        ipv6Addresses = List.copyOf(ipv6Addresses);
        groupIds = List.copyOf(groupIds);
    }

    /** Managed by a service: awsvpc and Fargate tasks, load balancers, interface endpoints. */
    public boolean isRequesterManaged() {
        return requester != null;
    }

    public boolean isAttachedTo(String instanceId) {
        return attachment != null && attachment.instanceId().equals(instanceId);
    }

    /** Its place among the interfaces of its instance; the last one if it has none. */
    public int deviceIndex() {
        return attachment == null ? Integer.MAX_VALUE : attachment.deviceIndex();
    }

    /** Addresses that its packets carry inside the VPC. */
    public Stream<InetAddress> addresses() {
        return Stream.concat(Stream.of(privateAddress), ipv6Addresses.stream());
    }

    public boolean has(InetAddress address) {
        return privateAddress.equals(address) || ipv6Addresses.contains(address);
    }

    public NetworkInterface withGroupIds(List<String> changed) {
        return copy(description, publicAddress, changed, attachment, sourceDestCheck, tracking);
    }

    public NetworkInterface withDescription(String changed) {
        return copy(changed, publicAddress, groupIds, attachment, sourceDestCheck, tracking);
    }

    public NetworkInterface withPublicAddress(@Nullable InetAddress changed) {
        return copy(description, changed, groupIds, attachment, sourceDestCheck, tracking);
    }

    public NetworkInterface withAttachment(@Nullable Attachment changed) {
        return copy(description, publicAddress, groupIds, changed, sourceDestCheck, tracking);
    }

    public NetworkInterface withSourceDestCheck(boolean changed) {
        return copy(description, publicAddress, groupIds, attachment, changed, tracking);
    }

    public NetworkInterface withTracking(TrackingTimeouts changed) {
        return copy(description, publicAddress, groupIds, attachment, sourceDestCheck, changed);
    }

    private NetworkInterface copy(
            String description,
            @Nullable InetAddress publicAddress,
            List<String> groupIds,
            @Nullable Attachment attachment,
            boolean sourceDestCheck,
            TrackingTimeouts tracking) {
        return new NetworkInterface(
                id,
                vpcId,
                subnetId,
                description,
                macAddress,
                privateAddress,
                ipv6Addresses,
                publicAddress,
                groupIds,
                attachment,
                interfaceType,
                requester,
                sourceDestCheck,
                tracking);
    }
}
