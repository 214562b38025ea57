package dev.yagura.response.aws;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * A block of IPv4 or IPv6 addresses.
 *
 * @param base its first address
 * @param prefix leading bits that all its addresses share
 */
public record AddressBlock(InetAddress base, int prefix) {

    /**
     * "10.20.1.0/24", or an address alone.
     *
     * @throws IllegalArgumentException for anything else, host names included
     */
    public static AddressBlock parse(String text) {
        int slash = text.indexOf('/');
        InetAddress base = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
        int bits = base.getAddress().length * Byte.SIZE;
        int prefix = slash < 0 ? bits : Integer.parseInt(text.substring(slash + 1));
        if (prefix < 0 || prefix > bits) {
            throw new IllegalArgumentException("no such prefix length: " + text);
        }
        return new AddressBlock(base, prefix);
    }

    public boolean isIpv6() {
        return base.getAddress().length == 16;
    }

    public boolean contains(AddressBlock other) {
        return isIpv6() == other.isIpv6()
                && prefix <= other.prefix
                && Arrays.equals(masked(base), masked(other.base));
    }

    /** Whether any address is in both. */
    public boolean overlaps(AddressBlock other) {
        return contains(other) || other.contains(this);
    }

    /** Its n-th address, counted from the first that has the prefix. */
    public AddressBlock address(int n) {
        byte[] bytes = masked(base);
        BigInteger wanted = new BigInteger(1, bytes).add(BigInteger.valueOf(n));
        for (int i = bytes.length - 1; i >= 0; i--) {
            bytes[i] = wanted.byteValue();
            wanted = wanted.shiftRight(Byte.SIZE);
        }
        try {
            return new AddressBlock(InetAddress.getByAddress(bytes), bytes.length * Byte.SIZE);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("no address has " + bytes.length + " bytes", e);
        }
    }

    private byte[] masked(InetAddress address) {
        byte[] bytes = address.getAddress();
        for (int bit = prefix; bit < bytes.length * Byte.SIZE; bit++) {
            bytes[bit / Byte.SIZE] &= (byte) ~(0x80 >> bit % Byte.SIZE);
        }
        return bytes;
    }

    @Override
    public String toString() {
        return base.getHostAddress() + "/" + prefix;
    }
}
