package dev.yagura.sandbox.ec2;

import dev.yagura.sandbox.net.Cidr;
import dev.yagura.sandbox.wire.Body;
import dev.yagura.sandbox.wire.Call;
import dev.yagura.sandbox.wire.Filters;
import dev.yagura.sandbox.wire.Operation;
import dev.yagura.sandbox.wire.Page;
import dev.yagura.sandbox.wire.Xml;
import dev.yagura.sandbox.world.PrefixList;
import dev.yagura.sandbox.world.VpcEndpoint;
import dev.yagura.sandbox.world.World;
import java.util.List;
import java.util.stream.Stream;

/** DescribeVpcEndpoints, GetManagedPrefixListEntries. */
final class EndpointOperations {
    private final World world;
    private final InterfaceElements interfaces;
    private final Listing<VpcEndpoint> listing;

    EndpointOperations(World world) {
        this.world = world;
        this.interfaces = new InterfaceElements(world);
        this.listing =
                new Listing<>(
                        ResourceKind.VPC_ENDPOINT,
                        world.vpcEndpoints(),
                        "VpcEndpointId",
                        Filters.<VpcEndpoint>tagged(endpoint -> world.tags().of(endpoint.id()))
                                .field("vpc-endpoint-id", endpoint -> Stream.of(endpoint.id()))
                                .field("vpc-id", endpoint -> Stream.of(endpoint.vpcId()))
                                .field(
                                        "service-name",
                                        endpoint -> Stream.of(endpoint.serviceName()))
                                .field("vpc-endpoint-type", endpoint -> Stream.of(endpoint.type()))
                                .field("vpc-endpoint-state", endpoint -> Stream.of("available")),
                        Page.Rules.ec2(1, Integer.MAX_VALUE));
    }

    List<Operation> all() {
        return List.of(
                listing.accept(Operation.named("DescribeVpcEndpoints", this::describe)),
                Operation.named("GetManagedPrefixListEntries", this::entries)
                        .needs("PrefixListId")
                        .knows("MaxResults", "NextToken"));
    }

    private Body describe(Call call) {
        Page<VpcEndpoint> page = listing.page(call.parameters());
        return Xml.ofItems()
                .list("vpcEndpointSet", page.items(), this::write)
                .text("nextToken", page.nextToken())
                .body();
    }

    private Body entries(Call call) {
        PrefixList list =
                ResourceKind.PREFIX_LIST.find(
                        world.prefixLists(), call.parameters().required("PrefixListId"));
        List<String> sorted = list.entries().stream().map(Cidr::toString).sorted().toList();
        Page<String> page =
                Page.of(sorted, entry -> entry, call.parameters(), Page.Rules.ec2(1, 100));
        return Xml.ofItems()
                .list("entrySet", page.items(), (xml, entry) -> xml.text("cidr", entry))
                .text("nextToken", page.nextToken())
                .body();
    }

    private void write(Xml xml, VpcEndpoint endpoint) {
        xml.text("vpcEndpointId", endpoint.id())
                .text("vpcEndpointType", endpoint.type())
                .text("vpcId", endpoint.vpcId())
                .text("serviceName", endpoint.serviceName())
                .text("state", "available")
                .text("policyDocument", endpoint.policy())
                .texts("routeTableIdSet", endpoint.routeTableIds())
                .texts("subnetIdSet", endpoint.subnetIds())
                .texts("networkInterfaceIdSet", endpoint.networkInterfaceIds())
                .text("privateDnsEnabled", endpoint.privateDnsEnabled())
                .text("requesterManaged", false)
                .text("ownerId", world.account().id())
                .text("creationTimestamp", endpoint.creationTime());
        interfaces.groups(xml, endpoint.groupIds());
        if (endpoint.isInterface()) {
            xml.text("ipAddressType", "ipv4")
                    .list(
                            "dnsEntrySet",
                            names(endpoint),
                            (item, name) -> item.text("dnsName", name));
        }
        xml.tags(world.tags().of(endpoint.id()));
    }

    /** The endpoint's own name, and the service's where private DNS is on. */
    private List<String> names(VpcEndpoint endpoint) {
        String service =
                endpoint.serviceName().substring(endpoint.serviceName().lastIndexOf('.') + 1);
        String suffix = "%s.%s".formatted(service, world.account().region());
        Stream<String> own = Stream.of("%s.%s.vpce.amazonaws.com".formatted(endpoint.id(), suffix));
        Stream<String> common =
                endpoint.privateDnsEnabled()
                        ? Stream.of(suffix + ".amazonaws.com")
                        : Stream.empty();
        return Stream.concat(own, common).toList();
    }
}
