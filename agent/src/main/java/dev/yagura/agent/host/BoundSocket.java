package dev.yagura.agent.host;

import dev.yagura.proto.inventory.v1.SocketProtocol;
import java.net.InetAddress;

/**
 * A socket that takes what comes from others.
 *
 * @param inode by which the descriptors of its processes name it
 */
record BoundSocket(SocketProtocol protocol, InetAddress address, int port, long inode) {

    /** Short forms of the addresses that nearly all have. */
    String addressText() {
        boolean v6 = address.getAddress().length > 4;
        if (v6 && address.isAnyLocalAddress()) {
            return "::";
        }
        return v6 && address.isLoopbackAddress() ? "::1" : address.getHostAddress();
    }
}
