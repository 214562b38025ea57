package dev.yagura.sandbox.ec2;

import dev.yagura.sandbox.wire.Xml;
import dev.yagura.sandbox.world.Attachment;
import dev.yagura.sandbox.world.NetworkInterface;
import dev.yagura.sandbox.world.Subnet;
import dev.yagura.sandbox.world.TrackingTimeouts;
import dev.yagura.sandbox.world.World;
import java.net.InetAddress;
import java.util.List;

/** Writes an interface, alone (DescribeNetworkInterfaces) or in its instance. */
final class InterfaceElements {
    private static final String IP_OWNER = "amazon";

    private final World world;

    InterfaceElements(World world) {
        this.world = world;
    }

    void alone(Xml xml, NetworkInterface eni) {
        Subnet subnet = world.subnets().get(eni.subnetId());
        common(xml, eni);
        xml.text("availabilityZone", subnet.availabilityZone())
                .text("availabilityZoneId", subnet.availabilityZoneId())
                .text("requesterId", eni.requester())
                .text("requesterManaged", eni.isRequesterManaged())
                .tags(world.tags().of(eni.id()));
        Attachment attachment = eni.attachment();
        if (attachment != null) {
            xml.element(
                    "attachment",
                    at -> {
                        write(at, attachment);
                        at.text("instanceId", attachment.instanceId())
                                .text("instanceOwnerId", world.account().id());
                    });
        }
    }

    void inInstance(Xml xml, NetworkInterface eni) {
        common(xml, eni);
        Attachment attachment = eni.attachment();
        if (attachment != null) {
            xml.element("attachment", at -> write(at, attachment));
        }
    }

    void groups(Xml xml, List<String> groupIds) {
        xml.list(
                "groupSet",
                groupIds,
                (item, id) ->
                        item.text("groupId", id)
                                .text("groupName", world.securityGroups().get(id).name()));
    }

    private void common(Xml xml, NetworkInterface eni) {
        xml.text("networkInterfaceId", eni.id())
                .text("subnetId", eni.subnetId())
                .text("vpcId", eni.vpcId())
                .text("description", eni.description())
                .text("ownerId", world.account().id())
                .text(
                        "status",
                        eni.attachment() == null && !eni.isRequesterManaged()
                                ? "available"
                                : "in-use")
                .text("macAddress", eni.macAddress())
                .text("privateIpAddress", eni.privateAddress())
                .text("privateDnsName", world.account().privateName(eni.privateAddress()))
                .text("sourceDestCheck", eni.sourceDestCheck())
                .text("interfaceType", eni.interfaceType());
        groups(xml, eni.groupIds());
        association(xml, eni);
        xml.list(
                "privateIpAddressesSet",
                List.of(eni.privateAddress()),
                (item, address) -> {
                    item.text("privateIpAddress", address)
                            .text("privateDnsName", world.account().privateName(address))
                            .text("primary", true);
                    association(item, eni);
                });
        xml.list(
                "ipv6AddressesSet",
                eni.ipv6Addresses(),
                (item, address) -> item.text("ipv6Address", address).text("isPrimaryIpv6", false));
        tracking(xml, eni.tracking());
    }

    private void association(Xml xml, NetworkInterface eni) {
        InetAddress address = eni.publicAddress();
        if (address != null) {
            xml.element(
                    "association",
                    item ->
                            item.text("publicIp", address)
                                    .text("publicDnsName", world.account().publicName(address))
                                    .text("ipOwnerId", IP_OWNER));
        }
    }

    private static void tracking(Xml xml, TrackingTimeouts timeouts) {
        if (!timeouts.equals(TrackingTimeouts.UNSET)) {
            xml.element(
                    "connectionTrackingConfiguration",
                    item ->
                            item.text("tcpEstablishedTimeout", timeouts.tcpEstablished())
                                    .text("udpStreamTimeout", timeouts.udpStream())
                                    .text("udpTimeout", timeouts.udpSingle()));
        }
    }

    private static void write(Xml xml, Attachment attachment) {
        xml.text("attachmentId", attachment.id())
                .text("deviceIndex", attachment.deviceIndex())
                .text("networkCardIndex", 0)
                .text("status", "attached")
                .text("attachTime", attachment.attachTime())
                .text("deleteOnTermination", attachment.deleteOnTermination());
    }
}
