package dev.yagura.indicator;

/** Addresses and networks in their normal form. */
final class Addresses {
    private static final int BITS = 128;

    /** Wider ones would alert on a large part of all traffic. */
    private static final int WIDEST_V4 = 8;

    private static final int WIDEST_V6 = 16;

    private Addresses() {}

    static IndicatorKey address(String text) throws MalformedIndicatorException {
        AddressReader reader = new AddressReader();
        String unbracketed =
                text.startsWith("[") && text.endsWith("]")
                        ? text.substring(1, text.length() - 1)
                        : text;
        if (!reader.read(unbracketed, 0, unbracketed.length())) {
            throw new MalformedIndicatorException(
                    "'" + text + "' is no IPv4 or IPv6 address; networks are of type cidr");
        }
        return key(reader);
    }

    static IndicatorKey network(String text) throws MalformedIndicatorException {
        int slash = text.indexOf('/');
        AddressReader reader = new AddressReader();
        if (slash < 0 || !reader.read(text, 0, slash)) {
            throw new MalformedIndicatorException(
                    "'" + text + "' is no network; write it like 203.0.113.0/24 or 2001:db8::/32");
        }
        boolean mapped = text.lastIndexOf(':', slash) >= 0 && reader.isV4();
        int max = reader.isV4() && !mapped ? BITS - AddressReader.V4_PREFIX : BITS;
        int written = length(text, slash, max);
        int length = reader.isV4() && !mapped ? AddressReader.V4_PREFIX + written : written;
        boolean v4 = reader.isV4() && length >= AddressReader.V4_PREFIX;
        if (length < (v4 ? AddressReader.V4_PREFIX + WIDEST_V4 : WIDEST_V6)) {
            throw new MalformedIndicatorException(
                    "'%s' is too wide; at most /%d for IPv4 and /%d for IPv6"
                            .formatted(text, WIDEST_V4, WIDEST_V6));
        }
        if (length == BITS) {
            return key(reader);
        }
        return network(reader.high() & highMask(length), reader.low() & lowMask(length), length);
    }

    /** A network whose other bits are 0; the length is of 128 bits. */
    static IndicatorKey network(long high, long low, int length) {
        boolean v4 = isV4(high, low) && length >= AddressReader.V4_PREFIX;
        return new IndicatorKey(
                IndicatorKind.NETWORK,
                format(high, low) + "/" + (v4 ? length - AddressReader.V4_PREFIX : length));
    }

    private static boolean isV4(long high, long low) {
        return high == 0 && low >>> 32 == 0xffff;
    }

    private static int length(String text, int slash, int max) throws MalformedIndicatorException {
        try {
            int length = Integer.parseInt(text, slash + 1, text.length(), 10);
            if (length >= 0 && length <= max) {
                return length;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new MalformedIndicatorException(
                "'" + text + "' has no prefix length from 0 to " + max);
    }

    private static IndicatorKey key(AddressReader reader) throws MalformedIndicatorException {
        boolean loopback =
                reader.isV4()
                        ? (reader.low() >>> 24 & 0xff) == 127 || (reader.low() & 0xffffffffL) == 0
                        : reader.high() == 0 && reader.low() <= 1 && reader.low() >= 0;
        String text = format(reader.high(), reader.low());
        if (loopback) {
            throw new MalformedIndicatorException(
                    "'" + text + "' is the host itself; feeds list it by mistake");
        }
        return new IndicatorKey(IndicatorKind.ADDRESS, text);
    }

    static long highMask(int length) {
        return length >= 64 ? -1L : length == 0 ? 0 : -1L << (64 - length);
    }

    static long lowMask(int length) {
        return length <= 64 ? 0 : -1L << (BITS - length);
    }

    /** Dotted for IPv4, RFC 5952 for IPv6. */
    static String format(long high, long low) {
        if (isV4(high, low)) {
            return (low >>> 24 & 0xff)
                    + "."
                    + (low >>> 16 & 0xff)
                    + "."
                    + (low >>> 8 & 0xff)
                    + "."
                    + (low & 0xff);
        }
        int[] groups = new int[8];
        for (int index = 0; index < 8; index++) {
            groups[index] = (int) ((index < 4 ? high : low) >>> (16 * (3 - index % 4)) & 0xffff);
        }
        int gap = 0;
        int gapLength = 1;
        for (int from = 0; from < 8; from++) {
            int zeros = 0;
            while (from + zeros < 8 && groups[from + zeros] == 0) {
                zeros++;
            }
            if (zeros > gapLength) {
                gap = from;
                gapLength = zeros;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int index = 0; index < 8; index++) {
            if (gapLength > 1 && index == gap) {
                text.append("::");
                index += gapLength - 1;
            } else {
                if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
                    text.append(':');
                }
                text.append(Integer.toHexString(groups[index]));
            }
        }
        return text.toString();
    }
}
