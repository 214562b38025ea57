package dev.yagura.sandbox.ec2;

import dev.yagura.sandbox.net.Cidr;
import dev.yagura.sandbox.net.Direction;
import dev.yagura.sandbox.net.IpProtocol;
import dev.yagura.sandbox.net.PortRange;
import dev.yagura.sandbox.wire.ApiFault;
import dev.yagura.sandbox.wire.Parameters;
import dev.yagura.sandbox.world.Peer;
import dev.yagura.sandbox.world.SecurityGroup;
import dev.yagura.sandbox.world.SecurityGroupRule;
import dev.yagura.sandbox.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** {@code IpPermissions} of the Authorize and Revoke operations as rules, one for each far end. */
final class PermissionParameters {
    static final String[] SHAPES = {
        "IpPermissions.N.IpProtocol",
        "IpPermissions.N.FromPort",
        "IpPermissions.N.ToPort",
        "IpPermissions.N.IpRanges.N.CidrIp",
        "IpPermissions.N.IpRanges.N.Description",
        "IpPermissions.N.Ipv6Ranges.N.CidrIpv6",
        "IpPermissions.N.Ipv6Ranges.N.Description",
        "IpPermissions.N.PrefixListIds.N.PrefixListId",
        "IpPermissions.N.PrefixListIds.N.Description",
        "IpPermissions.N.Groups.N.GroupId",
        "IpPermissions.N.Groups.N.UserId",
        "IpPermissions.N.Groups.N.Description",
    };

    private final World world;

    PermissionParameters(World world) {
        this.world = world;
    }

    /** Rules that the request describes, with new ids; they are in no table yet. */
    List<SecurityGroupRule> read(Parameters parameters, SecurityGroup group, Direction direction) {
        List<SecurityGroupRule> rules = new ArrayList<>();
        for (Parameters permission : parameters.structures("IpPermissions")) {
            IpProtocol protocol = protocol(permission.required("IpProtocol"));
            PortRange ports = ports(permission, protocol);
            List<SecurityGroupRule> described =
                    farEnds(permission)
                            .map(end -> rule(group, direction, protocol, ports, end))
                            .toList();
            if (described.isEmpty()) {
                throw ApiFault.of(
                        "MissingParameter",
                        "A permission must name an address range, a prefix list or a group.");
            }
            rules.addAll(described);
        }
        return rules;
    }

    /** A far end and what was said about it. */
    private record FarEnd(Peer peer, Optional<String> description) {}

    private Stream<FarEnd> farEnds(Parameters permission) {
        return Stream.of(
                        farEnds(permission, "IpRanges", this::ipv4),
                        farEnds(permission, "Ipv6Ranges", this::ipv6),
                        farEnds(permission, "PrefixListIds", this::listed),
                        farEnds(permission, "Groups", this::members))
                .flatMap(Function.identity());
    }

    private static Stream<FarEnd> farEnds(
            Parameters permission, String list, Function<Parameters, Peer> peer) {
        return permission.structures(list).stream()
                .map(item -> new FarEnd(peer.apply(item), item.text("Description")));
    }

    private SecurityGroupRule rule(
            SecurityGroup group,
            Direction direction,
            IpProtocol protocol,
            PortRange ports,
            FarEnd end) {
        return new SecurityGroupRule(
                world.ids().next("sgr"),
                group.id(),
                direction,
                protocol,
                ports,
                end.peer(),
                end.description().orElse(null));
    }

    private Peer ipv4(Parameters item) {
        return block(item.required("CidrIp"), false);
    }

    private Peer ipv6(Parameters item) {
        return block(item.required("CidrIpv6"), true);
    }

    private Peer listed(Parameters item) {
        String id = item.required("PrefixListId");
        ResourceKind.PREFIX_LIST.find(world.prefixLists(), id);
        return new Peer.Listed(id);
    }

    private Peer members(Parameters item) {
        String id = item.required("GroupId");
        ResourceKind.SECURITY_GROUP.find(world.securityGroups(), id);
        if (item.text("UserId").filter(user -> !user.equals(world.account().id())).isPresent()) {
            throw ResourceKind.SECURITY_GROUP.unknown(List.of(id));
        }
        return new Peer.Members(id);
    }

    static Peer block(String text, boolean ipv6) {
        return new Peer.Block(cidr(text, ipv6));
    }

    static Cidr cidr(String text, boolean ipv6) {
        try {
            Cidr cidr = Cidr.parse(text);
            if (cidr.isIpv6() == ipv6) {
                return cidr;
            }
        } catch (IllegalArgumentException e) {
            throw malformed(text);
        }
        throw malformed(text);
    }

    private static ApiFault malformed(String text) {
        return ApiFault.of("InvalidParameterValue", "CIDR block %s is malformed", text);
    }

    static IpProtocol protocol(String text) {
        try {
            return IpProtocol.parse(text);
        } catch (IllegalArgumentException e) {
            throw ApiFault.of(
                    "InvalidParameterValue",
                    "Invalid value '%s' for IP protocol. Unknown protocol.",
                    text);
        }
    }

    private static PortRange ports(Parameters permission, IpProtocol protocol) {
        if (!protocol.hasPorts()) {
            boolean icmp = protocol.equals(IpProtocol.ICMP) || protocol.equals(IpProtocol.ICMPV6);
            return icmp
                    ? new PortRange(
                            permission.integer("FromPort").orElse(-1),
                            permission.integer("ToPort").orElse(-1))
                    : PortRange.ALL;
        }
        if (!permission.has("FromPort") || !permission.has("ToPort")) {
            throw ApiFault.of(
                    "InvalidParameterValue",
                    "Invalid value 'Must specify both from and to ports with TCP/UDP.' for"
                            + " portRange.");
        }
        int from = permission.integer("FromPort").orElse(0);
        int to = permission.integer("ToPort").orElse(0);
        if (from < 0 || to > 65535 || from > to) {
            throw ApiFault.of(
                    "InvalidParameterValue",
                    "Invalid value '%d-%d' for portRange. Must be within 0-65535 and ascending.",
                    from,
                    to);
        }
        return new PortRange(from, to);
    }
}
