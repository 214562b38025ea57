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
import dev.yagura.sandbox.world.Peer;
import dev.yagura.sandbox.world.SecurityGroup;
import dev.yagura.sandbox.world.SecurityGroupRule;
import dev.yagura.sandbox.world.Vpc;
import dev.yagura.sandbox.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** DescribeSecurityGroups, CreateSecurityGroup, DeleteSecurityGroup. */
final class SecurityGroupOperations {
    private static final String DEFAULT = "default";
    private static final Pattern TEXT =
            Pattern.compile("[a-zA-Z0-9 ._\\-:/()#,@\\[\\]+=&;{}!$*]{1,255}");

    private final World world;
    private final SecurityGroupElements elements;
    private final Listing<SecurityGroup> listing;

    SecurityGroupOperations(World world) {
        this.world = world;
        this.elements = new SecurityGroupElements(world);
        this.listing =
                new Listing<>(
                        ResourceKind.SECURITY_GROUP,
                        world.securityGroups(),
                        "GroupId",
                        filters(world),
                        Page.Rules.ec2(5, 1000));
    }

    List<Operation> all() {
        return List.of(
                listing.accept(Operation.named("DescribeSecurityGroups", this::describe)),
                Operation.named("CreateSecurityGroup", this::create)
                        .needs("GroupName", "GroupDescription")
                        .knows("VpcId")
                        .knows(TagParameters.SPECIFICATION),
                Operation.named("DeleteSecurityGroup", this::delete).needs("GroupId"));
    }

    private Body describe(Call call) {
        Page<SecurityGroup> page = listing.page(call.parameters());
        return Xml.ofItems()
                .list("securityGroupInfo", page.items(), elements::group)
                .text("nextToken", page.nextToken())
                .body();
    }

    private Body create(Call call) {
        Parameters parameters = call.parameters();
        String name = checkedName(parameters.required("GroupName"));
        String description = parameters.required("GroupDescription");
        if (!TEXT.matcher(description).matches()) {
            throw ApiFault.of(
                    "InvalidParameterValue",
                    "Value (%s) for parameter GroupDescription is invalid. Character sets beyond"
                            + " ASCII are not supported.",
                    description);
        }
        String vpcId =
                parameters
                        .text("VpcId")
                        .orElseThrow(() ->
                                ApiFault.of("VPCIdNotSpecified", "No default VPC for this user"));
        Vpc vpc = ResourceKind.VPC.find(world.vpcs(), vpcId);
        Map<String, String> tags = TagParameters.ofNew(world, parameters, "security-group");
        checkFree(name, vpc);
        SecurityGroup group = created(name, description, vpc);
        world.securityGroups().put(group);
        world.tags().put(group.id(), tags);
        return Xml.ofItems()
                .text("return", true)
                .text("groupId", group.id())
                .text(
                        "securityGroupArn",
                        world.account().arn("ec2", "security-group/" + group.id()))
                .tags(tags)
                .body();
    }

    /** AWS lets a new group send everything: one rule, and one more if the VPC has IPv6. */
    private SecurityGroup created(String name, String description, Vpc vpc) {
        String id = world.ids().next("sg");
        List<SecurityGroupRule> rules = new ArrayList<>();
        rules.add(sendEverything(id, Cidr.ANY_IPV4));
        if (vpc.ipv6Cidr() != null) {
            rules.add(sendEverything(id, Cidr.ANY_IPV6));
        }
        return new SecurityGroup(id, name, description, vpc.id(), rules);
    }

    private SecurityGroupRule sendEverything(String groupId, Cidr to) {
        return new SecurityGroupRule(
                world.ids().next("sgr"),
                groupId,
                Direction.OUTBOUND,
                IpProtocol.ALL,
                PortRange.ALL,
                new Peer.Block(to),
                null);
    }

    private Body delete(Call call) {
        SecurityGroup group =
                ResourceKind.SECURITY_GROUP.find(
                        world.securityGroups(), call.parameters().required("GroupId"));
        if (group.name().equals(DEFAULT)) {
            throw ApiFault.of(
                    "CannotDelete",
                    "the specified group: \"%s\" name: \"default\" cannot be deleted by a user",
                    group.id());
        }
        boolean referred =
                world.securityGroups().all().stream()
                        .filter(other -> !other.id().equals(group.id()))
                        .anyMatch(other -> other.refersTo(group.id()));
        if (referred || world.membersOf(group.id()).findAny().isPresent()) {
            throw ApiFault.of(
                    "DependencyViolation", "resource %s has a dependent object", group.id());
        }
        world.securityGroups().remove(group.id());
        world.tags().forget(group.id());
        group.rules().forEach(rule -> world.tags().forget(rule.id()));
        return Xml.ofItems().text("return", true).text("groupId", group.id()).body();
    }

    private static String checkedName(String name) {
        if (name.equals(DEFAULT)) {
            throw ApiFault.of(
                    "InvalidGroup.Reserved", "Cannot use reserved security group name: %s", name);
        }
        if (name.startsWith("sg-") || !TEXT.matcher(name).matches()) {
            throw ApiFault.of(
                    "InvalidParameterValue",
                    "Value (%s) for parameter GroupName is invalid. Group names must not start with"
                            + " sg- and use the characters that AWS documents, at most 255.",
                    name);
        }
        return name;
    }

    private void checkFree(String name, Vpc vpc) {
        boolean taken =
                world.securityGroups().all().stream()
                        .anyMatch(g -> g.vpcId().equals(vpc.id()) && g.name().equals(name));
        if (taken) {
            throw ApiFault.of(
                    "InvalidGroup.Duplicate",
                    "The security group '%s' already exists for VPC '%s'",
                    name,
                    vpc.id());
        }
    }

    private static Filters<SecurityGroup> filters(World world) {
        return Filters.<SecurityGroup>tagged(group -> world.tags().of(group.id()))
                .field("group-id", group -> Stream.of(group.id()))
                .field("group-name", group -> Stream.of(group.name()))
                .field("description", group -> Stream.of(group.description()))
                .field("vpc-id", group -> Stream.of(group.vpcId()));
    }
}
