package dev.yagura.sigma;

/**
 * Addresses read off texts without making anything; texts as {@link IpAddresses#parse} reads them.
 */
final class AddressText {
    private static final int MAX_LENGTH = 45;
    private static final int MAX_V4 = "255.255.255.255".length();
    private static final int GROUPS = 8;

    private AddressText() {}

    /** The 32 bits of an IPv4 address; -1 when the text is none. */
    static long v4(CharSequence text) {
        return text.length() > MAX_V4 ? -1 : v4(text, 0, 3);
    }

    private static long v4(CharSequence text, int from, int mostDigits) {
        long bits = 0;
        int octet = 0;
        int digits = 0;
        int octets = 1;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= '0' && c <= '9' && digits < mostDigits && octet <= 255) {
                octet = octet * 10 + c - '0';
                digits++;
            } else if (c == '.' && digits > 0 && octets < 4 && octet <= 255) {
                bits = bits << 8 | octet;
                octet = 0;
                digits = 0;
                octets++;
            } else {
                return -1;
            }
        }
        return octets == 4 && digits > 0 && octet <= 255 ? bits << 8 | octet : -1;
    }

    /** IPv4 as the end of an IPv6 address: zeros at the start of its parts do no harm there. */
    private static long dotted(CharSequence text, int from) {
        return text.length() - from > MAX_V4 ? -1 : v4(text, from, MAX_V4);
    }

    /**
     * One of the eight groups of an IPv6 address.
     *
     * @param index from 0
     * @return 16 bits; -1 when the text is no IPv6 address
     */
    static int group(CharSequence text, int index) {
        int length = text.length();
        if (length > MAX_LENGTH || length < 2) {
            return -1;
        }
        int gap = -1;
        int at = 0;
        if (text.charAt(0) == ':') {
            if (text.charAt(1) != ':') {
                return -1;
            }
            gap = 0;
            at = 2;
        }
        int groups = 0;
        int found = 0;
        // Behind the gap it is not known yet which group one is: those from the end are counted.
        int total = count(text, at);
        while (at < length) {
            int end = groupEnd(text, at);
            boolean dotted = end < length && text.charAt(end) == '.';
            long bits = dotted ? dotted(text, at) : hexadecimal(text, at, end);
            int size = dotted ? 2 : 1;
            if (bits < 0 || groups + size > GROUPS) {
                return -1;
            }
            int place = gap < 0 ? groups : GROUPS - total + groups;
            if (index >= place && index < place + size) {
                found = (int) (bits >>> (16 * (place + size - 1 - index))) & 0xffff;
            }
            groups += size;
            at = dotted ? length : end;
            if (at < length) {
                at++;
                if (at == length) {
                    return -1;
                }
                if (text.charAt(at) == ':') {
                    if (gap >= 0) {
                        return -1;
                    }
                    gap = groups;
                    at++;
                }
            }
        }
        return gap < 0 ? groups == GROUPS ? found : -1 : groups < GROUPS ? found : -1;
    }

    /** Groups that are written; a dotted end is two. */
    private static int count(CharSequence text, int from) {
        int groups = 0;
        int at = from;
        while (at < text.length()) {
            int end = groupEnd(text, at);
            if (end < text.length() && text.charAt(end) == '.') {
                return groups + 2;
            }
            groups += end > at ? 1 : 0;
            at = end + 1;
        }
        return groups;
    }

    private static int groupEnd(CharSequence text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) != ':' && text.charAt(at) != '.') {
            at++;
        }
        return at;
    }

    /** -1 when it is none; zeros at the start do no harm. */
    private static int hexadecimal(CharSequence text, int from, int to) {
        int value = from == to ? -1 : 0;
        for (int i = from; i < to && value >= 0; i++) {
            char c = text.charAt(i);
            int digit = c < 128 ? Character.digit(c, 16) : -1;
            value = digit < 0 || value > 0xfff ? -1 : value << 4 | digit;
        }
        return value;
    }
}
