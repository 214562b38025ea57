package dev.yagura.response.isolation;

import dev.yagura.response.aws.AddressBlock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import software.amazon.awssdk.services.ec2.model.IpPermission;

/**
 * One rule of a security group.
 *
 * @param protocol "tcp", "udp", "icmp", a number, or "-1" for all
 * @param from first port, or ICMP type; -1 for all
 * @param to last port, or ICMP code; -1 for all
 */
record GroupRule(boolean egress, String protocol, int from, int to, Peer peer) {
    private static final String ALL = "-1";

    /** The far end. */
    sealed interface Peer {

        record Block(AddressBlock addresses) implements Peer {
            @Override
            public String toString() {
                return addresses.toString();
            }
        }

        /** The members of a security group. */
        record Members(String groupId) implements Peer {
            @Override
            public String toString() {
                return groupId;
            }
        }

        record Listed(String prefixListId) implements Peer {
            @Override
            public String toString() {
                return prefixListId;
            }
        }
    }

    static GroupRule tcpTo(AddressBlock addresses, int port) {
        return new GroupRule(true, "tcp", port, port, new Peer.Block(addresses));
    }

    /** One rule for each far end of the permissions. */
    static List<GroupRule> of(boolean egress, List<IpPermission> permissions) {
        List<GroupRule> rules = new ArrayList<>();
        for (IpPermission permission : permissions) {
            Function<Peer, GroupRule> rule = peer -> of(egress, permission, peer);
            permission.ipRanges().forEach(range -> rules.add(rule.apply(block(range.cidrIp()))));
            permission
                    .ipv6Ranges()
                    .forEach(range -> rules.add(rule.apply(block(range.cidrIpv6()))));
            permission
                    .userIdGroupPairs()
                    .forEach(pair -> rules.add(rule.apply(new Peer.Members(pair.groupId()))));
            permission
                    .prefixListIds()
                    .forEach(list -> rules.add(rule.apply(new Peer.Listed(list.prefixListId()))));
        }
        return List.copyOf(rules);
    }

    private static GroupRule of(boolean egress, IpPermission permission, Peer peer) {
        boolean all = permission.ipProtocol().equals(ALL);
        int from = all || permission.fromPort() == null ? -1 : permission.fromPort();
        int to = all || permission.toPort() == null ? -1 : permission.toPort();
        return new GroupRule(egress, permission.ipProtocol(), from, to, peer);
    }

    private static Peer block(String cidr) {
        return new Peer.Block(AddressBlock.parse(cidr));
    }

    /** As a call takes it. */
    IpPermission toPermission() {
        IpPermission.Builder permission = IpPermission.builder().ipProtocol(protocol);
        if (!protocol.equals(ALL)) {
            permission.fromPort(from).toPort(to);
        }
        switch (peer) {
            case Peer.Block block when block.addresses().isIpv6() ->
                    permission.ipv6Ranges(range -> range.cidrIpv6(block.toString()));
            case Peer.Block block -> permission.ipRanges(range -> range.cidrIp(block.toString()));
            case Peer.Members members ->
                    permission.userIdGroupPairs(pair -> pair.groupId(members.groupId()));
            case Peer.Listed listed ->
                    permission.prefixListIds(list -> list.prefixListId(listed.prefixListId()));
        }
        return permission.build();
    }

    /** Whether the other rule's direction, protocol and ports are within this one's. */
    boolean coversTraffic(GroupRule other) {
        boolean ports =
                protocol.equals(ALL) || from == -1 || (from <= other.from && other.to <= to);
        return egress == other.egress
                && (protocol.equals(ALL) || protocol.equals(other.protocol))
                && ports;
    }

    /** "out tcp 443 10.20.1.200/32" */
    @Override
    public String toString() {
        String ports = from == -1 ? "" : from == to ? " " + from : " " + from + "-" + to;
        return (egress ? "out " : "in ")
                + (protocol.equals(ALL) ? "all" : protocol)
                + ports
                + " "
                + peer;
    }
}
