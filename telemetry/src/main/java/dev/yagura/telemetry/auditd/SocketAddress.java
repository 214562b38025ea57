package dev.yagura.telemetry.auditd;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Optional;

/**
 * An internet address of a raw sockaddr: family in host order, port and address in network order
 * (struct sockaddr_in and sockaddr_in6 of Linux).
 *
 * @param ip text form; an IPv4 address mapped into IPv6 is given as IPv4
 */
record SocketAddress(String ip, int port) {
    private static final int FAMILY_INET = 2;
    private static final int FAMILY_INET6 = 10;
    private static final int INET_BYTES = 8;
    private static final int INET6_BYTES = 24;

    /** The address; empty for other families and garbled ones. */
    static Optional<SocketAddress> parse(String hex) {
        byte[] bytes;
        try {
            bytes = HexFormat.of().parseHex(hex);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        if (bytes.length < INET_BYTES) {
            return Optional.empty();
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        int family = Short.toUnsignedInt(buffer.order(ByteOrder.LITTLE_ENDIAN).getShort());
        int port = Short.toUnsignedInt(buffer.order(ByteOrder.BIG_ENDIAN).getShort());
        if (family == FAMILY_INET) {
            byte[] address = new byte[4];
            buffer.get(address);
            return text(address).map(ip -> new SocketAddress(ip, port));
        }
        if (family == FAMILY_INET6 && bytes.length >= INET6_BYTES) {
            byte[] address = new byte[16];
            buffer.position(INET_BYTES).get(address);
            return text(address).map(ip -> new SocketAddress(ip, port));
        }
        return Optional.empty();
    }

    private static Optional<String> text(byte[] address) {
        try {
            return Optional.of(InetAddress.getByAddress(address).getHostAddress());
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }
}
