package dev.yagura.sigma;

import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/** Addresses as text, without ever asking a name server. */
public final class IpAddresses {
    private static final int MAX_LENGTH = 45;
    private static final Pattern V4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
    private static final Pattern V6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

    private IpAddresses() {}

    /** 4 or 16 bytes; an IPv4-mapped IPv6 address counts as IPv4. */
    public static Optional<byte[]> parse(CharSequence text) {
        if (text.length() > MAX_LENGTH
                || !(V4.matcher(text).matches() || V6.matcher(text).matches())) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.ofLiteral(text.toString()).getAddress());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
