package dev.yagura.sandbox.net;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * A block of addresses. Host bits are cleared, as AWS does: {@code 100.68.0.18/18} is {@code
 * 100.68.0.0/18}.
 */
public record Cidr(InetAddress network, int prefix) {
    public static final Cidr ANY_IPV4 = parse("0.0.0.0/0");
    public static final Cidr ANY_IPV6 = parse("::/0");

    public Cidr {
        int bits = network.getAddress().length * 8;
        if (prefix < 0 || prefix > bits) {
            throw new IllegalArgumentException("prefix length " + prefix + " outside 0-" + bits);
        }
        network = masked(network, prefix);
    }

    /**
     * Reads {@code address/prefix}.
     *
     * @throws IllegalArgumentException if it is not that
     */
    public static Cidr parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("not a CIDR block: " + text);
        }
        InetAddress address = IpAddresses.parse(text.substring(0, slash));
        return new Cidr(address, Integer.parseInt(text.substring(slash + 1)));
    }

    /** The block of this address alone: /32 or /128. */
    public static Cidr of(InetAddress address) {
        return new Cidr(address, address.getAddress().length * 8);
    }

    public boolean isIpv6() {
        return IpAddresses.isIpv6(network);
    }

    /** Every address of its family: 0.0.0.0/0 or ::/0. */
    public boolean isEverything() {
        return prefix == 0;
    }

    public boolean contains(InetAddress address) {
        return address.getAddress().length == network.getAddress().length
                && masked(address, prefix).equals(network);
    }

    public boolean contains(Cidr other) {
        return other.prefix >= prefix && contains(other.network);
    }

    @Override
    public String toString() {
        return IpAddresses.format(network) + "/" + prefix;
    }

    private static InetAddress masked(InetAddress address, int prefix) {
        byte[] bytes = address.getAddress();
        for (int i = 0; i < bytes.length; i++) {
            int kept = Math.clamp(prefix - i * 8L, 0, 8);
            bytes[i] = (byte) (bytes[i] & (0xff << (8 - kept)));
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("address of " + bytes.length + " bytes", e);
        }
    }
}
