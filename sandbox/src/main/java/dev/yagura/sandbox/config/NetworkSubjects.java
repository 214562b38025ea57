package dev.yagura.sandbox.config;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.yagura.sandbox.net.Cidr;
import dev.yagura.sandbox.net.Direction;
import dev.yagura.sandbox.net.IpProtocol;
import dev.yagura.sandbox.world.Account;
import dev.yagura.sandbox.world.NetworkAcl;
import dev.yagura.sandbox.world.NetworkAclEntry;
import dev.yagura.sandbox.world.Peer;
import dev.yagura.sandbox.world.Route;
import dev.yagura.sandbox.world.RouteTable;
import dev.yagura.sandbox.world.SecurityGroup;
import dev.yagura.sandbox.world.SecurityGroupRule;
import dev.yagura.sandbox.world.Subnet;
import dev.yagura.sandbox.world.Vpc;
import dev.yagura.sandbox.world.World;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** VPCs with what routes and filters in them. */
final class NetworkSubjects {
    private static final String IN_EVERY_ZONE = "Multiple Availability Zones";

    private final World world;

    NetworkSubjects(World world) {
        this.world = world;
    }

    /** The resource with an id as it is now; empty if it is none of these, or gone. */
    Optional<Subject> of(String id) {
        Optional<Subject> vpc = world.vpcs().find(id).map(each -> new VpcSubject(each, tags(id)));
        return vpc.or(() -> world.subnets().find(id).map(each -> new SubnetSubject(each, tags(id))))
                .or(() ->
                        world.securityGroups()
                                .find(id)
                                .map(each -> new GroupSubject(each, tags(id))))
                .or(() ->
                        world.routeTables()
                                .find(id)
                                .map(each -> new RouteTableSubject(each, tags(id))))
                .or(() ->
                        world.networkAcls()
                                .find(id)
                                .map(each -> new AclSubject(each, subnetsOf(id), tags(id))));
    }

    private List<String> subnetsOf(String aclId) {
        return world.subnets().all().stream()
                .filter(subnet -> subnet.networkAclId().equals(aclId))
                .map(Subnet::id)
                .toList();
    }

    private Map<String, String> tags(String id) {
        return Map.copyOf(world.tags().of(id));
    }

    private static void ipv6(ObjectNode into, @Nullable Cidr block) {
        ArrayNode list = into.putArray("ipv6CidrBlockAssociationSet");
        if (block != null) {
            list.addObject().put("ipv6CidrBlock", block.toString());
        }
    }

    private record VpcSubject(Vpc vpc, Map<String, String> tags) implements Subject {
        @Override
        public ResourceKey key() {
            return new ResourceKey(ResourceTypes.VPC, vpc.id());
        }

        @Override
        public Description describe(Account account) {
            ObjectNode into = Json.object();
            into.put("vpcId", vpc.id())
                    .put("cidrBlock", vpc.cidr().toString())
                    .put("state", "available")
                    .put("ownerId", account.id())
                    .put("instanceTenancy", "default")
                    .put("isDefault", false);
            into.putArray("cidrBlockAssociationSet")
                    .addObject()
                    .put("cidrBlock", vpc.cidr().toString());
            ipv6(into, vpc.ipv6Cidr());
            Json.tags(into, "tags", tags);
            return new Description(
                    null,
                    account.arn("ec2", "vpc/" + vpc.id()),
                    account.region(),
                    IN_EVERY_ZONE,
                    null,
                    tags,
                    List.of(),
                    into);
        }
    }

    private record SubnetSubject(Subnet subnet, Map<String, String> tags) implements Subject {
        @Override
        public ResourceKey key() {
            return new ResourceKey(ResourceTypes.SUBNET, subnet.id());
        }

        @Override
        public Description describe(Account account) {
            String arn = account.arn("ec2", "subnet/" + subnet.id());
            ObjectNode into = Json.object();
            into.put("subnetId", subnet.id())
                    .put("subnetArn", arn)
                    .put("vpcId", subnet.vpcId())
                    .put("ownerId", account.id())
                    .put("availabilityZone", subnet.availabilityZone())
                    .put("availabilityZoneId", subnet.availabilityZoneId())
                    .put("cidrBlock", subnet.cidr().toString())
                    .put("defaultForAz", false)
                    .put("mapPublicIpOnLaunch", subnet.mapPublicIpOnLaunch())
                    .put("state", "available");
            ipv6(into, subnet.ipv6Cidr());
            Json.tags(into, "tags", tags);
            return new Description(
                    null,
                    arn,
                    account.region(),
                    subnet.availabilityZone(),
                    null,
                    tags,
                    List.of(ResourceTypes.containedInVpc(subnet.vpcId())),
                    into);
        }
    }

    private record RouteTableSubject(RouteTable table, Map<String, String> tags)
            implements Subject {
        @Override
        public ResourceKey key() {
            return new ResourceKey(ResourceTypes.ROUTE_TABLE, table.id());
        }

        @Override
        public Description describe(Account account) {
            ObjectNode into = Json.object();
            into.put("routeTableId", table.id())
                    .put("vpcId", table.vpcId())
                    .put("ownerId", account.id());
            ArrayNode associations = into.putArray("associations");
            if (table.main()) {
                associations.addObject().put("main", true).put("routeTableId", table.id());
            }
            table.subnetIds()
                    .forEach(subnet ->
                            associations
                                    .addObject()
                                    .put("main", false)
                                    .put("routeTableId", table.id())
                                    .put("subnetId", subnet));
            ArrayNode routes = into.putArray("routes");
            table.routes().forEach(route -> write(routes.addObject(), route));
            Json.tags(into, "tags", tags);
            return new Description(
                    null,
                    account.arn("ec2", "route-table/" + table.id()),
                    account.region(),
                    "Not Applicable",
                    null,
                    tags,
                    List.of(ResourceTypes.containedInVpc(table.vpcId())),
                    into);
        }

        private static void write(ObjectNode into, Route route) {
            Cidr destination = route.destination();
            if (destination == null) {
                into.put("destinationPrefixListId", route.prefixListId());
            } else {
                into.put(
                        destination.isIpv6() ? "destinationIpv6CidrBlock" : "destinationCidrBlock",
                        destination.toString());
            }
            String by =
                    route.target().startsWith("nat-")
                            ? "natGatewayId"
                            : route.target().startsWith("eigw-")
                                    ? "egressOnlyInternetGatewayId"
                                    : "gatewayId";
            into.put(by, route.target()).put("state", "active");
        }
    }

    /**
     * @param subnets that it guards
     */
    private record AclSubject(NetworkAcl acl, List<String> subnets, Map<String, String> tags)
            implements Subject {
        @Override
        public ResourceKey key() {
            return new ResourceKey(ResourceTypes.NETWORK_ACL, acl.id());
        }

        @Override
        public Description describe(Account account) {
            ObjectNode into = Json.object();
            into.put("networkAclId", acl.id())
                    .put("vpcId", acl.vpcId())
                    .put("ownerId", account.id())
                    .put("isDefault", acl.isDefault());
            ArrayNode associations = into.putArray("associations");
            subnets.forEach(subnet ->
                    associations.addObject().put("networkAclId", acl.id()).put("subnetId", subnet));
            ArrayNode entries = into.putArray("entries");
            acl.entries().forEach(entry -> write(entries.addObject(), entry));
            for (Direction direction : Direction.values()) {
                write(entries.addObject(), NetworkAcl.deniesTheRest(direction, false));
                write(entries.addObject(), NetworkAcl.deniesTheRest(direction, true));
            }
            Json.tags(into, "tags", tags);
            return new Description(
                    null,
                    account.arn("ec2", "network-acl/" + acl.id()),
                    account.region(),
                    "Multiple Availability Zones",
                    null,
                    tags,
                    List.of(ResourceTypes.containedInVpc(acl.vpcId())),
                    into);
        }

        private static void write(ObjectNode into, NetworkAclEntry entry) {
            into.put("ruleNumber", entry.number())
                    .put("egress", entry.direction() == Direction.OUTBOUND)
                    .put("protocol", Integer.toString(entry.protocol().number()))
                    .put("ruleAction", entry.allow() ? "allow" : "deny")
                    .put(
                            entry.cidr().isIpv6() ? "ipv6CidrBlock" : "cidrBlock",
                            entry.cidr().toString());
            if (entry.protocol().hasPorts()) {
                into.putObject("portRange")
                        .put("from", entry.ports().from())
                        .put("to", entry.ports().to());
            }
        }
    }

    private record GroupSubject(SecurityGroup group, Map<String, String> tags) implements Subject {
        @Override
        public ResourceKey key() {
            return new ResourceKey(ResourceTypes.SECURITY_GROUP, group.id());
        }

        @Override
        public Description describe(Account account) {
            ObjectNode into = Json.object();
            into.put("groupId", group.id())
                    .put("groupName", group.name())
                    .put("description", group.description())
                    .put("ownerId", account.id())
                    .put("vpcId", group.vpcId());
            permissions(into.putArray("ipPermissions"), Direction.INBOUND, account);
            permissions(into.putArray("ipPermissionsEgress"), Direction.OUTBOUND, account);
            Json.tags(into, "tags", tags);
            return new Description(
                    group.name(),
                    account.arn("ec2", "security-group/" + group.id()),
                    account.region(),
                    "Not Applicable",
                    null,
                    tags,
                    List.of(ResourceTypes.containedInVpc(group.vpcId())),
                    into);
        }

        private void permissions(ArrayNode into, Direction direction, Account account) {
            for (List<SecurityGroupRule> rules : group.permissions(direction)) {
                SecurityGroupRule first = rules.getFirst();
                ObjectNode permission =
                        into.addObject().put("ipProtocol", first.protocol().toString());
                if (!first.protocol().equals(IpProtocol.ALL)) {
                    permission
                            .put("fromPort", first.ports().from())
                            .put("toPort", first.ports().to());
                }
                ArrayNode ipv4 = permission.putArray("ipv4Ranges");
                ArrayNode plain = permission.putArray("ipRanges");
                ArrayNode ipv6 = permission.putArray("ipv6Ranges");
                ArrayNode lists = permission.putArray("prefixListIds");
                ArrayNode groups = permission.putArray("userIdGroupPairs");
                for (SecurityGroupRule rule : rules) {
                    switch (rule.peer()) {
                        case Peer.Block block when block.cidr().isIpv6() ->
                                described(ipv6, rule).put("cidrIpv6", block.toString());
                        case Peer.Block block -> {
                            described(ipv4, rule).put("cidrIp", block.toString());
                            plain.add(block.toString());
                        }
                        case Peer.Listed listed ->
                                described(lists, rule).put("prefixListId", listed.prefixListId());
                        case Peer.Members members ->
                                described(groups, rule)
                                        .put("groupId", members.groupId())
                                        .put("userId", account.id());
                    }
                }
            }
        }

        private static ObjectNode described(ArrayNode into, SecurityGroupRule rule) {
            ObjectNode item = into.addObject();
            if (rule.description() != null) {
                item.put("description", rule.description());
            }
            return item;
        }
    }
}
