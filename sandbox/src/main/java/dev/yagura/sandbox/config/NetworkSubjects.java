package dev.yagura.sandbox.config;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.yagura.sandbox.net.Cidr;
import dev.yagura.sandbox.net.Direction;
import dev.yagura.sandbox.net.IpProtocol;
import dev.yagura.sandbox.world.Account;
import dev.yagura.sandbox.world.Peer;
import dev.yagura.sandbox.world.SecurityGroup;
import dev.yagura.sandbox.world.SecurityGroupRule;
import dev.yagura.sandbox.world.Subnet;
import dev.yagura.sandbox.world.Vpc;
import dev.yagura.sandbox.world.World;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** VPCs, their subnets and security groups. */
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
                                .map(each -> new GroupSubject(each, tags(id))));
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
