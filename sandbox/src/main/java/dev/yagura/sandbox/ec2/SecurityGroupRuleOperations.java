package dev.yagura.sandbox.ec2;

import dev.yagura.sandbox.net.Direction;
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
import dev.yagura.sandbox.world.World;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** DescribeSecurityGroupRules, Authorize and Revoke for both directions. */
final class SecurityGroupRuleOperations {
    private final World world;
    private final SecurityGroupElements elements;
    private final PermissionParameters permissions;
    private final Filters<SecurityGroupRule> filters;

    SecurityGroupRuleOperations(World world) {
        this.world = world;
        this.elements = new SecurityGroupElements(world);
        this.permissions = new PermissionParameters(world);
        this.filters =
                Filters.<SecurityGroupRule>tagged(rule -> world.tags().of(rule.id()))
                        .field("group-id", rule -> Stream.of(rule.groupId()))
                        .field("security-group-rule-id", rule -> Stream.of(rule.id()));
    }

    List<Operation> all() {
        return List.of(
                Operation.named("DescribeSecurityGroupRules", this::describe)
                        .knows(
                                "SecurityGroupRuleId.N",
                                "Filter.N.Name",
                                "Filter.N.Value.N",
                                "MaxResults",
                                "NextToken"),
                authorize("AuthorizeSecurityGroupIngress", Direction.INBOUND),
                authorize("AuthorizeSecurityGroupEgress", Direction.OUTBOUND),
                revoke("RevokeSecurityGroupIngress", Direction.INBOUND),
                revoke("RevokeSecurityGroupEgress", Direction.OUTBOUND));
    }

    private Operation authorize(String name, Direction direction) {
        return Operation.named(name, call -> authorize(call, direction))
                .needs("GroupId", "IpPermissions")
                .knows(PermissionParameters.SHAPES)
                .knows(TagParameters.SPECIFICATION);
    }

    private Operation revoke(String name, Direction direction) {
        return Operation.named(name, call -> revoke(call, direction))
                .needs("GroupId")
                .knows("SecurityGroupRuleId.N")
                .knows(PermissionParameters.SHAPES);
    }

    private Body describe(Call call) {
        List<SecurityGroupRule> everything =
                world.securityGroups().all().stream()
                        .flatMap(group -> group.rules().stream())
                        .sorted(Comparator.comparing(SecurityGroupRule::id))
                        .toList();
        List<String> ids = call.parameters().list("SecurityGroupRuleId");
        List<String> unknown =
                ids.stream()
                        .filter(id -> everything.stream().noneMatch(rule -> rule.id().equals(id)))
                        .toList();
        if (!unknown.isEmpty()) {
            throw ResourceKind.SECURITY_GROUP_RULE.unknown(unknown);
        }
        List<SecurityGroupRule> matching =
                everything.stream()
                        .filter(rule -> ids.isEmpty() || ids.contains(rule.id()))
                        .filter(filters.of(call.parameters()))
                        .toList();
        Page<SecurityGroupRule> page =
                Page.of(matching, call.parameters(), Page.Rules.ec2(5, 1000));
        return Xml.ofItems()
                .list("securityGroupRuleSet", page.items(), elements::rule)
                .text("nextToken", page.nextToken())
                .body();
    }

    private Body authorize(Call call, Direction direction) {
        SecurityGroup group = group(call);
        List<SecurityGroupRule> added = permissions.read(call.parameters(), group, direction);
        Map<String, String> tags =
                TagParameters.ofNew(world, call.parameters(), "security-group-rule");
        List<SecurityGroupRule> after = new ArrayList<>(group.rules());
        for (SecurityGroupRule rule : added) {
            if (after.stream().anyMatch(rule::sameAs)) {
                throw ApiFault.of(
                        "InvalidPermission.Duplicate",
                        "the specified rule \"peer: %s, %s, from port: %d, to port: %d, ALLOW\""
                                + " already exists",
                        rule.peer(),
                        rule.protocol(),
                        rule.ports().from(),
                        rule.ports().to());
            }
            after.add(rule);
        }
        checkLimit(after, direction);
        world.securityGroups().put(group.withRules(after));
        added.forEach(rule -> world.tags().put(rule.id(), tags));
        return Xml.ofItems()
                .text("return", true)
                .list("securityGroupRuleSet", added, elements::rule)
                .body();
    }

    /** A group reference counts for both address families, a prefix list as its entries. */
    private void checkLimit(List<SecurityGroupRule> rules, Direction direction) {
        int most = world.limits().rulesPerGroup();
        for (boolean ipv6 : new boolean[] {false, true}) {
            int count =
                    rules.stream()
                            .filter(rule -> rule.direction() == direction)
                            .mapToInt(rule -> weight(rule.peer(), ipv6))
                            .sum();
            if (count > most) {
                throw ApiFault.of(
                        "RulesPerSecurityGroupLimitExceeded",
                        "The maximum number of rules per security group has been reached.");
            }
        }
    }

    private int weight(Peer peer, boolean ipv6) {
        return switch (peer) {
            case Peer.Block block -> block.cidr().isIpv6() == ipv6 ? 1 : 0;
            case Peer.Members members -> 1;
            case Peer.Listed listed ->
                    (int)
                            world.prefixLists().get(listed.prefixListId()).entries().stream()
                                    .filter(entry -> entry.isIpv6() == ipv6)
                                    .count();
        };
    }

    private Body revoke(Call call, Direction direction) {
        SecurityGroup group = group(call);
        List<SecurityGroupRule> gone = toRevoke(call.parameters(), group, direction);
        List<SecurityGroupRule> after = new ArrayList<>(group.rules());
        after.removeAll(gone);
        world.securityGroups().put(group.withRules(after));
        gone.forEach(rule -> world.tags().forget(rule.id()));
        return Xml.ofItems()
                .text("return", true)
                .list("revokedSecurityGroupRuleSet", gone, elements::revoked)
                .body();
    }

    private List<SecurityGroupRule> toRevoke(
            Parameters parameters, SecurityGroup group, Direction direction) {
        List<String> ids = parameters.list("SecurityGroupRuleId");
        boolean described = parameters.has("IpPermissions");
        if (ids.isEmpty() != described) {
            throw ApiFault.of(
                    described ? "InvalidParameterCombination" : "MissingParameter",
                    "Either IpPermissions or SecurityGroupRuleId must be given.");
        }
        Stream<SecurityGroupRule> found =
                described
                        ? permissions.read(parameters, group, direction).stream()
                                .map(wanted -> matching(group, wanted))
                        : ids.stream().map(id -> identified(group, id, direction));
        return found.distinct().toList();
    }

    private static SecurityGroupRule matching(SecurityGroup group, SecurityGroupRule wanted) {
        return group.rules().stream()
                .filter(wanted::sameAs)
                .findFirst()
                .orElseThrow(() ->
                        ApiFault.of(
                                "InvalidPermission.NotFound",
                                "The specified rule does not exist in this security" + " group."));
    }

    private static SecurityGroupRule identified(
            SecurityGroup group, String id, Direction direction) {
        return group.rules().stream()
                .filter(rule -> rule.id().equals(id) && rule.direction() == direction)
                .findFirst()
                .orElseThrow(() -> ResourceKind.SECURITY_GROUP_RULE.unknown(List.of(id)));
    }

    private SecurityGroup group(Call call) {
        return ResourceKind.SECURITY_GROUP.find(
                world.securityGroups(), call.parameters().required("GroupId"));
    }
}
