package dev.yagura.sandbox.world;

import dev.yagura.sandbox.net.Cidr;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** A VPC with one IPv4 block and perhaps one IPv6 block. */
public record Vpc(
        String id, Cidr cidr, @Nullable Cidr ipv6Cidr, boolean dnsSupport, boolean dnsHostnames)
        implements Resource {

    public boolean contains(InetAddress address) {
        return cidr.contains(address) || (ipv6Cidr != null && ipv6Cidr.contains(address));
    }

    /** The Route 53 Resolver: the base of the IPv4 block plus two. */
    public InetAddress resolver() {
        byte[] bytes = cidr.network().getAddress();
        bytes[3] += 2;
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an IPv4 address has four bytes", e);
        }
    }
}
