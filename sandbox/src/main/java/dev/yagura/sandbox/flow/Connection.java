package dev.yagura.sandbox.flow;

import dev.yagura.sandbox.net.IpAddresses;
import dev.yagura.sandbox.net.IpProtocol;
import java.net.InetAddress;

/** The 5-tuple of a connection, seen by the side that opens it. Ports are 0 without ports. */
public record Connection(
        IpProtocol protocol,
        InetAddress source,
        int sourcePort,
        InetAddress destination,
        int destinationPort) {
    public Connection {
        if (source.getAddress().length != destination.getAddress().length) {
            throw new IllegalArgumentException(
                    "IPv4 and IPv6 do not mix: "
                            + IpAddresses.format(source)
                            + " to "
                            + IpAddresses.format(destination));
        }
    }
}
