package dev.yagura.sandbox.flow;

import dev.yagura.sandbox.net.Cidr;
import dev.yagura.sandbox.net.Direction;
import dev.yagura.sandbox.net.IpProtocol;
import dev.yagura.sandbox.net.PortRange;
import java.net.InetAddress;

/**
 * One thing that an interface may send or receive, with the rule that says so.
 *
 * @param farEnd addresses allowed; group references and prefix lists are resolved to these
 * @param peer the far end as the rule writes it
 */
public record EffectiveRule(
        Direction direction,
        IpProtocol protocol,
        PortRange ports,
        Cidr farEnd,
        String peer,
        String ruleId,
        String groupId) {

    boolean allows(Direction direction, IpProtocol protocol, int port, InetAddress farEnd) {
        return this.direction == direction
                && this.protocol.covers(protocol)
                && this.farEnd.contains(farEnd)
                && (!protocol.hasPorts() || ports.contains(port));
    }

    /** Whether everything that the other rule allows is allowed by this one too. */
    boolean covers(EffectiveRule other) {
        return direction == other.direction
                && protocol.covers(other.protocol)
                && farEnd.contains(other.farEnd)
                && (protocol.equals(IpProtocol.ALL) || coversPorts(other));
    }

    private boolean coversPorts(EffectiveRule other) {
        // ICMP rules carry type and code here; -1 stands for all of them.
        boolean everyIcmpType = !protocol.hasPorts() && ports.from() == -1;
        return everyIcmpType || ports.contains(other.ports);
    }

    /** For sentences: {@code sgr-…: outbound tcp 443 to 0.0.0.0/0 in sg-…}. */
    @Override
    public String toString() {
        String what = protocol.equals(IpProtocol.ALL) ? "all traffic" : protocol + " " + ports;
        String way = direction.isEgress() ? "to" : "from";
        return "%s: %s %s %s %s in %s"
                .formatted(ruleId, direction.word(), what, way, peer, groupId);
    }
}
