package dev.yagura.sandbox.ec2;

import dev.yagura.sandbox.net.Cidr;
import dev.yagura.sandbox.net.Direction;
import dev.yagura.sandbox.net.IpProtocol;
import dev.yagura.sandbox.net.PortRange;
import dev.yagura.sandbox.wire.ApiFault;
import dev.yagura.sandbox.wire.Body;
import dev.yagura.sandbox.wire.Call;
import dev.yagura.sandbox.wire.Filters;
import dev.yagura.sandbox.wire.Operation;
import dev.yagura.sandbox.wire.Page;
import dev.yagura.sandbox.wire.Parameters;
import dev.yagura.sandbox.wire.Xml;
import dev.yagura.sandbox.world.NetworkAcl;
import dev.yagura.sandbox.world.NetworkAclEntry;
import dev.yagura.sandbox.world.Subnet;
import dev.yagura.sandbox.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** DescribeNetworkAcls, CreateNetworkAclEntry, DeleteNetworkAclEntry. */
final class NetworkAclOperations {
    private static final int HIGHEST_RULE = 32766;

    private final World world;
    private final Listing<NetworkAcl> listing;

    NetworkAclOperations(World world) {
        this.world = world;
        this.listing =
                new Listing<>(
                        ResourceKind.NETWORK_ACL,
                        world.networkAcls(),
                        "NetworkAclId",
                        filters(world),
                        Page.Rules.ec2(5, 1000));
    }

    List<Operation> all() {
        return List.of(
                listing.accept(Operation.named("DescribeNetworkAcls", this::describe)),
                Operation.named("CreateNetworkAclEntry", this::create)
                        .needs("NetworkAclId", "RuleNumber", "Protocol", "RuleAction", "Egress")
                        .knows("CidrBlock", "Ipv6CidrBlock", "PortRange.From", "PortRange.To"),
                Operation.named("DeleteNetworkAclEntry", this::delete)
                        .needs("NetworkAclId", "RuleNumber", "Egress"));
    }

    private Body describe(Call call) {
        Page<NetworkAcl> page = listing.page(call.parameters());
        return Xml.ofItems()
                .list("networkAclSet", page.items(), this::write)
                .text("nextToken", page.nextToken())
                .body();
    }

    private Body create(Call call) {
        Parameters parameters = call.parameters();
        NetworkAcl acl = acl(parameters);
        NetworkAclEntry entry = entry(parameters);
        if (find(acl, entry.number(), entry.direction()).findAny().isPresent()) {
            throw ApiFault.of(
                    "NetworkAclEntryAlreadyExists",
                    "The network acl entry identified by %d already exists.",
                    entry.number());
        }
        List<NetworkAclEntry> after = new ArrayList<>(acl.entries());
        after.add(entry);
        long count =
                after.stream()
                        .filter(other -> other.direction() == entry.direction())
                        .filter(other -> other.cidr().isIpv6() == entry.cidr().isIpv6())
                        .count();
        // The quota counts the last rule, which denies the rest.
        if (count + 1 > world.limits().networkAclEntries()) {
            throw ApiFault.of(
                    "NetworkAclEntryLimitExceeded",
                    "The maximum number of network acl entries has been reached.");
        }
        world.networkAcls().put(acl.withEntries(after));
        return Xml.ofItems().text("return", true).body();
    }

    private Body delete(Call call) {
        Parameters parameters = call.parameters();
        NetworkAcl acl = acl(parameters);
        int number = ruleNumber(parameters);
        List<NetworkAclEntry> gone = find(acl, number, direction(parameters)).toList();
        if (gone.isEmpty()) {
            throw ApiFault.of(
                    "InvalidNetworkAclEntry.NotFound",
                    "The network acl entry identified by %d does not exist.",
                    number);
        }
        List<NetworkAclEntry> after = new ArrayList<>(acl.entries());
        after.removeAll(gone);
        world.networkAcls().put(acl.withEntries(after));
        return Xml.ofItems().text("return", true).body();
    }

    private NetworkAcl acl(Parameters parameters) {
        return ResourceKind.NETWORK_ACL.find(
                world.networkAcls(), parameters.required("NetworkAclId"));
    }

    private static NetworkAclEntry entry(Parameters parameters) {
        IpProtocol protocol = PermissionParameters.protocol(parameters.required("Protocol"));
        String action = parameters.required("RuleAction");
        if (!action.equals("allow") && !action.equals("deny")) {
            throw ApiFault.of(
                    "InvalidParameterValue", "Invalid value '%s' for rule action.", action);
        }
        return new NetworkAclEntry(
                ruleNumber(parameters),
                direction(parameters),
                protocol,
                ports(parameters, protocol),
                block(parameters),
                action.equals("allow"));
    }

    private static int ruleNumber(Parameters parameters) {
        int number = parameters.integer("RuleNumber").orElse(0);
        if (number < 1 || number > HIGHEST_RULE) {
            throw ApiFault.of(
                    "InvalidParameterValue",
                    "Value (%d) for parameter ruleNumber is invalid. Expecting 1 to %d.",
                    number,
                    HIGHEST_RULE);
        }
        return number;
    }

    private static Direction direction(Parameters parameters) {
        return Direction.ofEgress(parameters.flag("Egress").orElse(false));
    }

    private static PortRange ports(Parameters parameters, IpProtocol protocol) {
        if (!protocol.hasPorts()) {
            return PortRange.ALL;
        }
        int from = port(parameters, "PortRange.From");
        int to = port(parameters, "PortRange.To");
        return new PortRange(from, to);
    }

    private static int port(Parameters parameters, String name) {
        parameters.required(name);
        int port = parameters.integer(name).orElse(0);
        if (port < 0 || port > 65_535) {
            throw ApiFault.of("InvalidParameterValue", "Invalid value '%d' for portRange.", port);
        }
        return port;
    }

    private static Cidr block(Parameters parameters) {
        if (parameters.has("CidrBlock") == parameters.has("Ipv6CidrBlock")) {
            throw ApiFault.of(
                    "InvalidParameterCombination",
                    "Exactly one of CidrBlock and Ipv6CidrBlock must be given.");
        }
        return parameters
                .text("CidrBlock")
                .map(text -> PermissionParameters.cidr(text, false))
                .orElseGet(() ->
                        PermissionParameters.cidr(parameters.required("Ipv6CidrBlock"), true));
    }

    private static Stream<NetworkAclEntry> find(NetworkAcl acl, int number, Direction direction) {
        return acl.entries().stream()
                .filter(entry -> entry.number() == number && entry.direction() == direction);
    }

    private void write(Xml xml, NetworkAcl acl) {
        List<Subnet> subnets =
                world.subnets().all().stream()
                        .filter(subnet -> subnet.networkAclId().equals(acl.id()))
                        .toList();
        xml.text("networkAclId", acl.id())
                .text("vpcId", acl.vpcId())
                .text("ownerId", world.account().id())
                .text("default", acl.isDefault())
                .list(
                        "associationSet",
                        subnets,
                        (item, subnet) ->
                                item.text(
                                                "networkAclAssociationId",
                                                "aclassoc-" + subnet.id().substring(7))
                                        .text("networkAclId", acl.id())
                                        .text("subnetId", subnet.id()))
                .list("entrySet", withLast(acl), NetworkAclOperations::write)
                .tags(world.tags().of(acl.id()));
    }

    private static List<NetworkAclEntry> withLast(NetworkAcl acl) {
        List<NetworkAclEntry> entries = new ArrayList<>(acl.entries());
        for (Direction direction : Direction.values()) {
            entries.add(NetworkAcl.deniesTheRest(direction, false));
            entries.add(NetworkAcl.deniesTheRest(direction, true));
        }
        return entries;
    }

    private static void write(Xml xml, NetworkAclEntry entry) {
        xml.text("ruleNumber", entry.number())
                .text("protocol", entry.protocol().number())
                .text("ruleAction", entry.allow() ? "allow" : "deny")
                .text("egress", entry.direction().isEgress())
                .text(entry.cidr().isIpv6() ? "ipv6CidrBlock" : "cidrBlock", entry.cidr());
        if (entry.protocol().hasPorts()) {
            xml.element(
                    "portRange",
                    ports ->
                            ports.text("from", entry.ports().from())
                                    .text("to", entry.ports().to()));
        }
    }

    private static Filters<NetworkAcl> filters(World world) {
        return Filters.<NetworkAcl>tagged(acl -> world.tags().of(acl.id()))
                .field("network-acl-id", acl -> Stream.of(acl.id()))
                .field("vpc-id", acl -> Stream.of(acl.vpcId()))
                .field("default", acl -> Stream.of(acl.isDefault()))
                .field(
                        "association.subnet-id",
                        acl ->
                                world.subnets().all().stream()
                                        .filter(subnet -> subnet.networkAclId().equals(acl.id()))
                                        .map(Subnet::id));
    }
}
