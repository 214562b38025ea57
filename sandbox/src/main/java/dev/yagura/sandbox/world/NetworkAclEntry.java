package dev.yagura.sandbox.world;

import dev.yagura.sandbox.net.Cidr;
import dev.yagura.sandbox.net.Direction;
import dev.yagura.sandbox.net.IpProtocol;
import dev.yagura.sandbox.net.PortRange;
import java.net.InetAddress;

/**
 * One rule of a network ACL. The block is the packet's source in inbound rules and its destination
 * in outbound ones, the ports are the packet's destination ports (VPC user guide, "Network ACL
 * rules"). A rule therefore names the far end, never the host inside the subnet.
 */
public record NetworkAclEntry(
        int number,
        Direction direction,
        IpProtocol protocol,
        PortRange ports,
        Cidr cidr,
        boolean allow) {

    /** Numbers of the last, unremovable rules that deny everything. */
    public static final int LAST_IPV4 = 32767;

    public static final int LAST_IPV6 = 32768;

    boolean matches(
            Direction direction, IpProtocol protocol, InetAddress farEnd, int destinationPort) {
        return this.direction == direction
                && this.protocol.covers(protocol)
                && cidr.contains(farEnd)
                && (!protocol.hasPorts() || ports.contains(destinationPort));
    }
}
