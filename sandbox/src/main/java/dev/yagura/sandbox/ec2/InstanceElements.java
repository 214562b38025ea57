package dev.yagura.sandbox.ec2;

import dev.yagura.sandbox.identity.Directory;
import dev.yagura.sandbox.wire.Xml;
import dev.yagura.sandbox.world.Instance;
import dev.yagura.sandbox.world.InstanceState;
import dev.yagura.sandbox.world.NetworkInterface;
import dev.yagura.sandbox.world.Subnet;
import dev.yagura.sandbox.world.Volume;
import dev.yagura.sandbox.world.World;
import java.net.InetAddress;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Writes an instance as DescribeInstances does. */
final class InstanceElements {
    private static final DateTimeFormatter REASON_TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'GMT'").withZone(ZoneOffset.UTC);

    private final World world;
    private final Directory directory;
    private final InterfaceElements interfaces;

    InstanceElements(World world, Directory directory) {
        this.world = world;
        this.directory = directory;
        this.interfaces = new InterfaceElements(world);
    }

    /** One reservation for each instance. */
    void reservation(Xml xml, Instance instance) {
        xml.text("reservationId", instance.reservationId())
                .text("ownerId", world.account().id())
                .texts("groupSet", List.of())
                .list("instancesSet", List.of(instance), this::write);
    }

    static void state(Xml xml, String name, InstanceState state) {
        xml.element(name, item -> item.text("code", state.code()).text("name", state.text()));
    }

    private void write(Xml xml, Instance instance) {
        xml.text("instanceId", instance.id()).text("imageId", instance.imageId());
        state(xml, "instanceState", instance.state());
        xml.text("instanceType", instance.instanceType())
                .text("architecture", instance.architecture())
                .text("launchTime", instance.launchTime())
                .text("amiLaunchIndex", 0)
                .text("ebsOptimized", true)
                .text("enaSupport", true)
                .text("hypervisor", "xen")
                .text("virtualizationType", "hvm")
                .text("platformDetails", "Linux/UNIX")
                .text("rootDeviceType", "ebs")
                .text("rootDeviceName", World.ROOT_DEVICE)
                .text("instanceLifecycle", instance.spot() ? "spot" : null)
                .text(
                        "spotInstanceRequestId",
                        instance.spot() ? SpotRequestOperations.id(instance) : null)
                .element("monitoring", item -> item.text("state", "disabled"));
        placement(xml, world.subnets().get(instance.subnetId()));
        profile(xml, instance);
        reason(xml, instance);
        metadata(xml, instance);
        if (instance.state() == InstanceState.TERMINATED) {
            // Disks and interfaces are gone, and with them VPC, subnet and addresses.
            xml.texts("groupSet", List.of()).texts("networkInterfaceSet", List.of());
        } else {
            disks(xml, instance);
            network(xml, instance);
        }
        xml.tags(world.tags().of(instance.id()));
    }

    private void network(Xml xml, Instance instance) {
        List<NetworkInterface> attached = world.interfacesOf(instance.id());
        NetworkInterface primary = attached.getFirst();
        InetAddress address = primary.privateAddress();
        Optional<InetAddress> publicAddress = Optional.ofNullable(primary.publicAddress());
        xml.text("vpcId", instance.vpcId())
                .text("subnetId", instance.subnetId())
                .text("privateIpAddress", address)
                .text("privateDnsName", world.account().privateName(address))
                .text("ipAddress", publicAddress)
                .text("dnsName", publicAddress.map(world.account()::publicName).orElse(""))
                .text("ipv6Address", primary.ipv6Addresses().stream().findFirst())
                .text("sourceDestCheck", primary.sourceDestCheck());
        interfaces.groups(xml, primary.groupIds());
        xml.list("networkInterfaceSet", attached, interfaces::inInstance);
    }

    private void disks(Xml xml, Instance instance) {
        xml.list(
                "blockDeviceMapping",
                world.volumesOf(instance.id()),
                (item, volume) -> {
                    Volume.Attached attachment = Objects.requireNonNull(volume.attachment());
                    item.text("deviceName", attachment.device())
                            .element(
                                    "ebs",
                                    ebs ->
                                            ebs.text("volumeId", volume.id())
                                                    .text("status", "attached")
                                                    .text("attachTime", instance.launchTime())
                                                    .text(
                                                            "deleteOnTermination",
                                                            attachment.deleteOnTermination()));
                });
    }

    private static void placement(Xml xml, Subnet subnet) {
        xml.element(
                "placement",
                item ->
                        item.text("availabilityZone", subnet.availabilityZone())
                                .text("availabilityZoneId", subnet.availabilityZoneId())
                                .text("groupName", "")
                                .text("tenancy", "default"));
    }

    private void profile(Xml xml, Instance instance) {
        world.profileOf(instance.id())
                .flatMap(directory::instanceProfile)
                .ifPresent(profile ->
                        xml.element(
                                "iamInstanceProfile",
                                item -> item.text("arn", profile.arn()).text("id", profile.id())));
    }

    private static void metadata(Xml xml, Instance instance) {
        xml.element(
                "metadataOptions",
                item ->
                        item.text("state", "applied")
                                .text(
                                        "httpTokens",
                                        instance.metadata().tokensRequired()
                                                ? "required"
                                                : "optional")
                                .text("httpPutResponseHopLimit", instance.metadata().hopLimit())
                                .text(
                                        "httpEndpoint",
                                        instance.metadata().enabled() ? "enabled" : "disabled")
                                .text("httpProtocolIpv6", "disabled")
                                .text("instanceMetadataTags", "disabled"));
    }

    private static void reason(Xml xml, Instance instance) {
        boolean ended =
                instance.state() != InstanceState.RUNNING
                        && instance.state() != InstanceState.PENDING;
        if (!ended) {
            xml.text("reason", "");
            return;
        }
        xml.text(
                        "reason",
                        "User initiated (%s)"
                                .formatted(REASON_TIME.format(instance.lifecycle().since())))
                .element(
                        "stateReason",
                        item ->
                                item.text("code", "Client.UserInitiatedShutdown")
                                        .text(
                                                "message",
                                                "Client.UserInitiatedShutdown: User initiated"
                                                        + " shutdown"));
    }
}
