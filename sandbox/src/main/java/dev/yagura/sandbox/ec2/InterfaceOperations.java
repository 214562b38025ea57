package dev.yagura.sandbox.ec2;

import dev.yagura.sandbox.net.IpAddresses;
import dev.yagura.sandbox.wire.ApiFault;
import dev.yagura.sandbox.wire.Body;
import dev.yagura.sandbox.wire.Call;
import dev.yagura.sandbox.wire.Filters;
import dev.yagura.sandbox.wire.Operation;
import dev.yagura.sandbox.wire.Page;
import dev.yagura.sandbox.wire.Parameters;
import dev.yagura.sandbox.wire.Xml;
import dev.yagura.sandbox.world.Attachment;
import dev.yagura.sandbox.world.NetworkInterface;
import dev.yagura.sandbox.world.SecurityGroup;
import dev.yagura.sandbox.world.TrackingTimeouts;
import dev.yagura.sandbox.world.World;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** DescribeNetworkInterfaces, ModifyNetworkInterfaceAttribute. */
final class InterfaceOperations {
    private static final List<String> ATTRIBUTES =
            List.of(
                    "SecurityGroupId",
                    "Description",
                    "SourceDestCheck",
                    "Attachment",
                    "ConnectionTrackingSpecification");

    private final World world;
    private final InterfaceElements elements;
    private final Listing<NetworkInterface> listing;

    InterfaceOperations(World world) {
        this.world = world;
        this.elements = new InterfaceElements(world);
        this.listing =
                new Listing<>(
                        ResourceKind.NETWORK_INTERFACE,
                        world.interfaces(),
                        "NetworkInterfaceId",
                        filters(world),
                        Page.Rules.ec2(5, 1000));
    }

    List<Operation> all() {
        return List.of(
                listing.accept(Operation.named("DescribeNetworkInterfaces", this::describe)),
                Operation.named("ModifyNetworkInterfaceAttribute", this::modify)
                        .needs("NetworkInterfaceId")
                        .knows(
                                "SecurityGroupId.N",
                                "Description.Value",
                                "SourceDestCheck.Value",
                                "Attachment.AttachmentId",
                                "Attachment.DeleteOnTermination",
                                "ConnectionTrackingSpecification.TcpEstablishedTimeout",
                                "ConnectionTrackingSpecification.UdpStreamTimeout",
                                "ConnectionTrackingSpecification.UdpTimeout"));
    }

    private Body describe(Call call) {
        Page<NetworkInterface> page = listing.page(call.parameters());
        return Xml.ofItems()
                .list("networkInterfaceSet", page.items(), elements::alone)
                .text("nextToken", page.nextToken())
                .body();
    }

    private Body modify(Call call) {
        Parameters parameters = call.parameters();
        NetworkInterface eni =
                ResourceKind.NETWORK_INTERFACE.find(
                        world.interfaces(), parameters.required("NetworkInterfaceId"));
        List<String> given = ATTRIBUTES.stream().filter(parameters::has).toList();
        if (given.size() != 1) {
            throw ApiFault.of(
                    given.isEmpty() ? "MissingParameter" : "InvalidParameterCombination",
                    given.isEmpty()
                            ? "The request must contain one attribute to modify"
                            : "Fields for multiple attribute types specified: "
                                    + String.join(", ", given));
        }
        if (eni.isRequesterManaged()) {
            throw ApiFault.of(
                    "OperationNotPermitted",
                    "You are not allowed to manage the network interface '%s'.",
                    eni.id());
        }
        world.interfaces().put(changed(eni, given.getFirst(), parameters));
        return Xml.ofItems().text("return", true).body();
    }

    private NetworkInterface changed(
            NetworkInterface eni, String attribute, Parameters parameters) {
        return switch (attribute) {
            case "SecurityGroupId" -> eni.withGroupIds(groups(eni, parameters));
            case "Description" ->
                    eni.withDescription(parameters.text("Description.Value").orElse(""));
            case "SourceDestCheck" ->
                    eni.withSourceDestCheck(
                            parameters.flag("SourceDestCheck.Value").orElse(eni.sourceDestCheck()));
            case "Attachment" -> eni.withAttachment(attachment(eni, parameters));
            default -> eni.withTracking(tracking(parameters));
        };
    }

    private List<String> groups(NetworkInterface eni, Parameters parameters) {
        List<SecurityGroup> groups =
                ResourceKind.SECURITY_GROUP.findAll(
                        world.securityGroups(),
                        parameters.list("SecurityGroupId").stream().distinct().toList());
        int most = world.limits().groupsPerInterface();
        if (groups.size() > most) {
            throw ApiFault.of(
                    "SecurityGroupsPerInterfaceLimitExceeded",
                    "The maximum number of security groups per interface has been reached.");
        }
        for (SecurityGroup group : groups) {
            if (!group.vpcId().equals(eni.vpcId())) {
                throw ApiFault.of(
                        "InvalidGroup.NotFound",
                        "You have specified two resources that belong to different networks.");
            }
        }
        return groups.stream().map(SecurityGroup::id).toList();
    }

    private static Attachment attachment(NetworkInterface eni, Parameters parameters) {
        String id = parameters.required("Attachment.AttachmentId");
        Attachment attachment =
                Optional.ofNullable(eni.attachment())
                        .filter(found -> found.id().equals(id))
                        .orElseThrow(() ->
                                ApiFault.of(
                                        "InvalidAttachmentID.NotFound",
                                        "The attachment ID '%s' does not exist",
                                        id));
        return attachment.withDeleteOnTermination(
                parameters
                        .flag("Attachment.DeleteOnTermination")
                        .orElse(attachment.deleteOnTermination()));
    }

    private static TrackingTimeouts tracking(Parameters parameters) {
        Parameters wanted = parameters.structure("ConnectionTrackingSpecification");
        return new TrackingTimeouts(
                seconds(wanted, "TcpEstablishedTimeout", 60, 432_000),
                seconds(wanted, "UdpStreamTimeout", 60, 180),
                seconds(wanted, "UdpTimeout", 30, 60));
    }

    private static @Nullable Integer seconds(Parameters wanted, String name, int least, int most) {
        Optional<Integer> seconds = wanted.integer(name);
        if (seconds.isPresent() && (seconds.get() < least || seconds.get() > most)) {
            throw ApiFault.of(
                    "InvalidParameterValue",
                    "Value (%d) for parameter %s is invalid. Expecting a value from %d to %d.",
                    seconds.get(),
                    name,
                    least,
                    most);
        }
        return seconds.orElse(null);
    }

    private static Filters<NetworkInterface> filters(World world) {
        return Filters.<NetworkInterface>tagged(eni -> world.tags().of(eni.id()))
                .field("network-interface-id", eni -> Stream.of(eni.id()))
                .field("vpc-id", eni -> Stream.of(eni.vpcId()))
                .field("subnet-id", eni -> Stream.of(eni.subnetId()))
                .field("description", eni -> Stream.of(eni.description()))
                .field("group-id", eni -> eni.groupIds().stream())
                .field("interface-type", eni -> Stream.of(eni.interfaceType()))
                .field("requester-id", eni -> Stream.ofNullable(eni.requester()))
                .field("requester-managed", eni -> Stream.of(eni.isRequesterManaged()))
                .field("private-ip-address", InterfaceOperations::privateAddress)
                .field("addresses.private-ip-address", InterfaceOperations::privateAddress)
                .field(
                        "ipv6-addresses.ipv6-address",
                        eni -> eni.ipv6Addresses().stream().map(IpAddresses::format))
                .field(
                        "association.public-ip",
                        eni ->
                                Optional.ofNullable(eni.publicAddress()).stream()
                                        .map(IpAddresses::format))
                .field("attachment.instance-id", eni -> attached(eni).map(Attachment::instanceId))
                .field("attachment.device-index", eni -> attached(eni).map(Attachment::deviceIndex))
                .field(
                        "availability-zone",
                        eni ->
                                world.subnets().find(eni.subnetId()).stream()
                                        .map(subnet -> subnet.availabilityZone()));
    }

    private static Stream<?> privateAddress(NetworkInterface eni) {
        return Stream.of(eni.privateAddress()).map(IpAddresses::format);
    }

    private static Stream<Attachment> attached(NetworkInterface eni) {
        return Stream.ofNullable(eni.attachment());
    }
}
