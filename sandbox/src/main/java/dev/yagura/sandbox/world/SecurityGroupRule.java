package dev.yagura.sandbox.world;

import dev.yagura.sandbox.net.Direction;
import dev.yagura.sandbox.net.IpProtocol;
import dev.yagura.sandbox.net.PortRange;
import org.jspecify.annotations.Nullable;

/** One rule of a security group; rules only ever allow. */
public record SecurityGroupRule(
        String id,
        String groupId,
        Direction direction,
        IpProtocol protocol,
        PortRange ports,
        Peer peer,
        @Nullable String description)
        implements Resource {

    /** Whether both allow the same; ids and descriptions do not count. */
    public boolean sameAs(SecurityGroupRule other) {
        return direction == other.direction
                && protocol.equals(other.protocol)
                && ports.equals(other.ports)
                && peer.equals(other.peer);
    }
}
