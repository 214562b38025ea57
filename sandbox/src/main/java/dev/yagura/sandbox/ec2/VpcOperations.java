package dev.yagura.sandbox.ec2;

import dev.yagura.sandbox.net.Cidr;
import dev.yagura.sandbox.wire.ApiFault;
import dev.yagura.sandbox.wire.Body;
import dev.yagura.sandbox.wire.Call;
import dev.yagura.sandbox.wire.Filters;
import dev.yagura.sandbox.wire.Operation;
import dev.yagura.sandbox.wire.Page;
import dev.yagura.sandbox.wire.Xml;
import dev.yagura.sandbox.world.Route;
import dev.yagura.sandbox.world.RouteTable;
import dev.yagura.sandbox.world.Subnet;
import dev.yagura.sandbox.world.Vpc;
import dev.yagura.sandbox.world.World;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** DescribeVpcs, DescribeVpcAttribute, DescribeSubnets, DescribeRouteTables. */
final class VpcOperations {
    private final World world;
    private final Listing<Vpc> vpcs;
    private final Listing<Subnet> subnets;
    private final Listing<RouteTable> routeTables;

    VpcOperations(World world) {
        this.world = world;
        this.vpcs =
                new Listing<>(
                        ResourceKind.VPC,
                        world.vpcs(),
                        "VpcId",
                        Filters.<Vpc>tagged(vpc -> world.tags().of(vpc.id()))
                                .field("vpc-id", vpc -> Stream.of(vpc.id()))
                                .field("cidr", vpc -> Stream.of(vpc.cidr())),
                        Page.Rules.ec2(5, 1000));
        this.subnets =
                new Listing<>(
                        ResourceKind.SUBNET,
                        world.subnets(),
                        "SubnetId",
                        Filters.<Subnet>tagged(subnet -> world.tags().of(subnet.id()))
                                .field("subnet-id", subnet -> Stream.of(subnet.id()))
                                .field("vpc-id", subnet -> Stream.of(subnet.vpcId()))
                                .field(
                                        "availability-zone",
                                        subnet -> Stream.of(subnet.availabilityZone())),
                        Page.Rules.ec2(5, 1000));
        this.routeTables =
                new Listing<>(
                        ResourceKind.ROUTE_TABLE,
                        world.routeTables(),
                        "RouteTableId",
                        Filters.<RouteTable>tagged(table -> world.tags().of(table.id()))
                                .field("route-table-id", table -> Stream.of(table.id()))
                                .field("vpc-id", table -> Stream.of(table.vpcId()))
                                .field("association.main", table -> Stream.of(table.main()))
                                .field(
                                        "association.subnet-id",
                                        table -> table.subnetIds().stream()),
                        Page.Rules.ec2(5, 100));
    }

    List<Operation> all() {
        return List.of(
                vpcs.accept(Operation.named("DescribeVpcs", this::describeVpcs)),
                Operation.named("DescribeVpcAttribute", this::describeVpcAttribute)
                        .needs("VpcId", "Attribute"),
                subnets.accept(Operation.named("DescribeSubnets", this::describeSubnets)),
                routeTables.accept(
                        Operation.named("DescribeRouteTables", this::describeRouteTables)));
    }

    private Body describeVpcs(Call call) {
        Page<Vpc> page = vpcs.page(call.parameters());
        return Xml.ofItems()
                .list("vpcSet", page.items(), this::write)
                .text("nextToken", page.nextToken())
                .body();
    }

    private Body describeVpcAttribute(Call call) {
        Vpc vpc = ResourceKind.VPC.find(world.vpcs(), call.parameters().required("VpcId"));
        String attribute = call.parameters().required("Attribute");
        boolean value =
                switch (attribute) {
                    case "enableDnsSupport" -> vpc.dnsSupport();
                    case "enableDnsHostnames" -> vpc.dnsHostnames();
                    default ->
                            throw ApiFault.of(
                                    "InvalidParameterValue",
                                    "Value (%s) for parameter attribute is invalid. Unknown"
                                            + " attribute.",
                                    attribute);
                };
        return Xml.ofItems()
                .text("vpcId", vpc.id())
                .element(attribute, item -> item.text("value", value))
                .body();
    }

    private Body describeSubnets(Call call) {
        Page<Subnet> page = subnets.page(call.parameters());
        return Xml.ofItems()
                .list("subnetSet", page.items(), this::write)
                .text("nextToken", page.nextToken())
                .body();
    }

    private Body describeRouteTables(Call call) {
        Page<RouteTable> page = routeTables.page(call.parameters());
        return Xml.ofItems()
                .list("routeTableSet", page.items(), this::write)
                .text("nextToken", page.nextToken())
                .body();
    }

    private void write(Xml xml, Vpc vpc) {
        xml.text("vpcId", vpc.id())
                .text("ownerId", world.account().id())
                .text("state", "available")
                .text("cidrBlock", vpc.cidr())
                .text("instanceTenancy", "default")
                .text("isDefault", false);
        ipv6(xml, vpc.id(), vpc.ipv6Cidr());
        xml.tags(world.tags().of(vpc.id()));
    }

    private void write(Xml xml, Subnet subnet) {
        long used =
                world.interfaces().all().stream()
                        .filter(eni -> eni.subnetId().equals(subnet.id()))
                        .count();
        // AWS keeps the first four addresses and the last of every subnet.
        long free = (1L << (32 - subnet.cidr().prefix())) - 5 - used;
        xml.text("subnetId", subnet.id())
                .text("subnetArn", world.account().arn("ec2", "subnet/" + subnet.id()))
                .text("vpcId", subnet.vpcId())
                .text("ownerId", world.account().id())
                .text("state", "available")
                .text("cidrBlock", subnet.cidr())
                .text("availableIpAddressCount", free)
                .text("availabilityZone", subnet.availabilityZone())
                .text("availabilityZoneId", subnet.availabilityZoneId())
                .text("defaultForAz", false)
                .text("mapPublicIpOnLaunch", subnet.mapPublicIpOnLaunch());
        ipv6(xml, subnet.id(), subnet.ipv6Cidr());
        xml.tags(world.tags().of(subnet.id()));
    }

    private static void ipv6(Xml xml, String ownerId, @Nullable Cidr cidr) {
        if (cidr != null) {
            xml.list(
                    "ipv6CidrBlockAssociationSet",
                    List.of(cidr),
                    (item, block) ->
                            item.text("ipv6CidrBlock", block)
                                    .text("associationId", "cidr-assoc-" + digits(ownerId))
                                    .element(
                                            "ipv6CidrBlockState",
                                            state -> state.text("state", "associated")));
        }
    }

    private void write(Xml xml, RouteTable table) {
        xml.text("routeTableId", table.id())
                .text("vpcId", table.vpcId())
                .text("ownerId", world.account().id())
                .list("routeSet", table.routes(), VpcOperations::write);
        // The main association names no subnet.
        Stream<Optional<String>> main = table.main() ? Stream.of(Optional.empty()) : Stream.empty();
        xml.list(
                "associationSet",
                Stream.concat(main, table.subnetIds().stream().map(Optional::of)).toList(),
                (item, subnetId) -> association(item, table, subnetId));
        xml.tags(world.tags().of(table.id()));
    }

    private static void association(Xml xml, RouteTable table, Optional<String> subnetId) {
        xml.text("routeTableAssociationId", "rtbassoc-" + digits(subnetId.orElse(table.id())))
                .text("routeTableId", table.id())
                .text("subnetId", subnetId)
                .text("main", subnetId.isEmpty())
                .element("associationState", state -> state.text("state", "associated"));
    }

    private static void write(Xml xml, Route route) {
        Cidr destination = route.destination();
        if (destination != null) {
            xml.text(
                    destination.isIpv6() ? "destinationIpv6CidrBlock" : "destinationCidrBlock",
                    destination);
        }
        xml.text("destinationPrefixListId", route.prefixListId())
                .text(targetName(route.target()), route.target())
                .text("state", "active")
                .text("origin", route.isLocal() ? "CreateRouteTable" : "CreateRoute");
    }

    private static String targetName(String target) {
        if (target.startsWith("eigw-")) {
            return "egressOnlyInternetGatewayId";
        }
        return target.startsWith("nat-") ? "natGatewayId" : "gatewayId";
    }

    private static String digits(String id) {
        return id.substring(id.indexOf('-') + 1);
    }
}
