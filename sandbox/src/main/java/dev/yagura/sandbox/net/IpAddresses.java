package dev.yagura.sandbox.net;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.regex.Pattern;

/** Text forms of addresses: strict when read, canonical (RFC 5952 for IPv6) when written. */
public final class IpAddresses {
    private static final Pattern DOTTED = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

    private IpAddresses() {}

    /**
     * Reads a literal address; never asks a resolver.
     *
     * @throws IllegalArgumentException if it is neither four decimal parts nor an IPv6 literal
     */
    public static InetAddress parse(String text) {
        if (text.indexOf(':') < 0 && !DOTTED.matcher(text).matches()) {
            throw new IllegalArgumentException("not an IP address: " + text);
        }
        return InetAddress.ofLiteral(text);
    }

    public static boolean isIpv6(InetAddress address) {
        return address instanceof Inet6Address;
    }

    /** {@code 10.20.1.10} or {@code 2001:db8:1420:1::10}. */
    public static String format(InetAddress address) {
        if (address instanceof Inet4Address) {
            return address.getHostAddress();
        }
        byte[] bytes = address.getAddress();
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) {
            groups[i] = (bytes[2 * i] & 0xff) << 8 | (bytes[2 * i + 1] & 0xff);
        }
        return compress(groups);
    }

    private static String compress(int[] groups) {
        int start = -1;
        int length = 1; // A single zero group is written as 0 (RFC 5952, 4.2.2).
        for (int i = 0; i < 8; i++) {
            int run = i;
            while (run < 8 && groups[run] == 0) {
                run++;
            }
            if (run - i > length) {
                start = i;
                length = run - i;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            if (i == start) {
                text.append("::");
                i += length - 1;
            } else {
                if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
                    text.append(':');
                }
                text.append(Integer.toHexString(groups[i]));
            }
        }
        return text.toString();
    }
}
