package dev.yagura.sandbox.ec2;

import dev.yagura.sandbox.net.Direction;
import dev.yagura.sandbox.net.IpProtocol;
import dev.yagura.sandbox.wire.Xml;
import dev.yagura.sandbox.world.Peer;
import dev.yagura.sandbox.world.SecurityGroup;
import dev.yagura.sandbox.world.SecurityGroupRule;
import dev.yagura.sandbox.world.World;
import java.util.List;

/** Writes security groups with their rules as permissions, and single rules. */
final class SecurityGroupElements {
    private final World world;

    SecurityGroupElements(World world) {
        this.world = world;
    }

    void group(Xml xml, SecurityGroup group) {
        xml.text("ownerId", world.account().id())
                .text("groupId", group.id())
                .text("groupName", group.name())
                .text("groupDescription", group.description())
                .text("vpcId", group.vpcId())
                .text(
                        "securityGroupArn",
                        world.account().arn("ec2", "security-group/" + group.id()))
                .list("ipPermissions", group.permissions(Direction.INBOUND), this::permission)
                .list(
                        "ipPermissionsEgress",
                        group.permissions(Direction.OUTBOUND),
                        this::permission)
                .tags(world.tags().of(group.id()));
    }

    /** As DescribeSecurityGroupRules and the Authorize operations write a rule. */
    void rule(Xml xml, SecurityGroupRule rule) {
        identified(xml, rule);
        xml.text("groupOwnerId", world.account().id());
        if (rule.peer() instanceof Peer.Members members) {
            xml.element(
                    "referencedGroupInfo",
                    info ->
                            info.text("groupId", members.groupId())
                                    .text("userId", world.account().id()));
        }
        xml.tags(world.tags().of(rule.id()));
    }

    /** As the Revoke operations write a rule that is gone. */
    void revoked(Xml xml, SecurityGroupRule rule) {
        identified(xml, rule);
        if (rule.peer() instanceof Peer.Members members) {
            xml.text("referencedGroupId", members.groupId());
        }
    }

    private void identified(Xml xml, SecurityGroupRule rule) {
        xml.text("securityGroupRuleId", rule.id())
                .text("groupId", rule.groupId())
                .text("isEgress", rule.direction().isEgress())
                .text("ipProtocol", rule.protocol())
                .text("fromPort", from(rule))
                .text("toPort", to(rule))
                .text("description", rule.description());
        switch (rule.peer()) {
            case Peer.Block block ->
                    xml.text(block.cidr().isIpv6() ? "cidrIpv6" : "cidrIpv4", block.cidr());
            case Peer.Listed listed -> xml.text("prefixListId", listed.prefixListId());
            case Peer.Members members -> {}
        }
    }

    private void permission(Xml xml, List<SecurityGroupRule> rules) {
        SecurityGroupRule first = rules.getFirst();
        xml.text("ipProtocol", first.protocol());
        if (!first.protocol().equals(IpProtocol.ALL)) {
            xml.text("fromPort", first.ports().from()).text("toPort", first.ports().to());
        }
        xml.element("ipRanges", list -> blocks(list, rules, "cidrIp", false))
                .element("ipv6Ranges", list -> blocks(list, rules, "cidrIpv6", true))
                .element("prefixListIds", list -> rules.forEach(rule -> listed(list, rule)))
                .element("groups", list -> rules.forEach(rule -> member(list, rule)));
    }

    private static void blocks(Xml list, List<SecurityGroupRule> rules, String name, boolean ipv6) {
        for (SecurityGroupRule rule : rules) {
            if (rule.peer() instanceof Peer.Block block && block.cidr().isIpv6() == ipv6) {
                list.element(
                        "item",
                        item ->
                                item.text(name, block.cidr())
                                        .text("description", rule.description()));
            }
        }
    }

    private static void listed(Xml list, SecurityGroupRule rule) {
        if (rule.peer() instanceof Peer.Listed listed) {
            list.element(
                    "item",
                    item ->
                            item.text("prefixListId", listed.prefixListId())
                                    .text("description", rule.description()));
        }
    }

    private void member(Xml list, SecurityGroupRule rule) {
        if (rule.peer() instanceof Peer.Members members) {
            list.element(
                    "item",
                    item ->
                            item.text("userId", world.account().id())
                                    .text("groupId", members.groupId())
                                    .text("description", rule.description()));
        }
    }

    /** A rule for every protocol has ports -1 here, where a permission has none. */
    private static int from(SecurityGroupRule rule) {
        return rule.protocol().equals(IpProtocol.ALL) ? -1 : rule.ports().from();
    }

    private static int to(SecurityGroupRule rule) {
        return rule.protocol().equals(IpProtocol.ALL) ? -1 : rule.ports().to();
    }
}
