package dev.yagura.sandbox.world;

import dev.yagura.sandbox.net.Cidr;
import dev.yagura.sandbox.net.Direction;
import dev.yagura.sandbox.net.IpProtocol;
import dev.yagura.sandbox.net.PortRange;
import java.net.InetAddress;
import java.util.Comparator;
import java.util.List;

/** Stateless filter at the border of its subnets; traffic inside a subnet does not meet it. */
public record NetworkAcl(String id, String vpcId, boolean isDefault, List<NetworkAclEntry> entries)
        implements Resource {
    private static final Comparator<NetworkAclEntry> ORDER =
            Comparator.comparing(NetworkAclEntry::direction)
                    .thenComparingInt(NetworkAclEntry::number)
                    .thenComparing(entry -> entry.cidr().isIpv6());

    public NetworkAcl {
        entries = entries.stream().sorted(ORDER).toList();
    }

    public NetworkAcl withEntries(List<NetworkAclEntry> changed) {
        return new NetworkAcl(id, vpcId, isDefault, changed);
    }

    /** The rule that decides on a packet: the lowest number that matches. */
    public NetworkAclEntry deciding(
            Direction direction, IpProtocol protocol, InetAddress farEnd, int destinationPort) {
        return entries.stream()
                .filter(entry -> entry.matches(direction, protocol, farEnd, destinationPort))
                .findFirst()
                .orElseGet(() -> deniesTheRest(direction, Cidr.of(farEnd).isIpv6()));
    }

    /** The implicit last rule, listed by DescribeNetworkAcls but not removable. */
    public static NetworkAclEntry deniesTheRest(Direction direction, boolean ipv6) {
        return new NetworkAclEntry(
                ipv6 ? NetworkAclEntry.LAST_IPV6 : NetworkAclEntry.LAST_IPV4,
                direction,
                IpProtocol.ALL,
                PortRange.ALL,
                ipv6 ? Cidr.ANY_IPV6 : Cidr.ANY_IPV4,
                false);
    }
}
