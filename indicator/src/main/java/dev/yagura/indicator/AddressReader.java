package dev.yagura.indicator;

/**
 * Reads addresses without making objects. Every address has 128 bits: IPv4 is in its IPv4-mapped
 * place ::ffff:0:0/96, so that both spellings of an address are one. Used by one thread.
 */
final class AddressReader {
    /** Length of the prefix that all IPv4 addresses have. */
    static final int V4_PREFIX = 96;

    private static final long V4_MARK = 0xffff_0000_0000L;
    private static final int GROUPS = 8;

    private long high;
    private long low;

    long high() {
        return high;
    }

    long low() {
        return low;
    }

    boolean isV4() {
        return high == 0 && low >>> 32 == 0xffff;
    }

    /** True when the characters are an address, which can then be asked for. */
    boolean read(String text, int from, int to) {
        for (int index = from; index < to && index < from + 5; index++) {
            char c = text.charAt(index);
            if (c == ':') {
                return readV6(text, from, to);
            }
            if (c == '.') {
                break;
            }
        }
        return readV4(text, from, to);
    }

    private boolean readV4(String text, int from, int to) {
        long value = v4(text, from, to);
        if (value < 0) {
            return false;
        }
        high = 0;
        low = V4_MARK | value;
        return true;
    }

    /** -1 when it is none; a leading zero could mean octal, so it is none. */
    private static long v4(String text, int from, int to) {
        long value = 0;
        int octet = -1;
        int octets = 1;
        for (int index = from; index < to; index++) {
            char c = text.charAt(index);
            if (c >= '0' && c <= '9') {
                if (octet == 0) {
                    return -1;
                }
                octet = octet < 0 ? c - '0' : octet * 10 + c - '0';
                if (octet > 255) {
                    return -1;
                }
            } else if (c == '.' && octet >= 0 && octets < 4) {
                value = value << 8 | octet;
                octet = -1;
                octets++;
            } else {
                return -1;
            }
        }
        return octets == 4 && octet >= 0 ? value << 8 | octet : -1;
    }

    private boolean readV6(String text, int from, int to) {
        long front = 0;
        long back = 0;
        int groups = 0;
        int gap = -1;
        int index = from;
        if (to - from >= 2 && text.charAt(from) == ':') {
            if (text.charAt(from + 1) != ':') {
                return false;
            }
            gap = 0;
            index = from + 2;
        }
        while (index < to) {
            int end = groupEnd(text, index, to);
            if (end < to && text.charAt(end) == '.') {
                long v4 = groups <= GROUPS - 2 ? v4(text, index, to) : -1;
                if (v4 < 0) {
                    return false;
                }
                front = front << 32 | back >>> 32;
                back = back << 32 | v4;
                groups += 2;
                index = to;
                break;
            }
            int group = group(text, index, end);
            if (group < 0 || groups == GROUPS) {
                return false;
            }
            front = front << 16 | back >>> 48;
            back = back << 16 | group;
            groups++;
            index = end;
            if (index < to) {
                index++; // the colon
                if (index == to) {
                    return false;
                }
                if (text.charAt(index) == ':') {
                    if (gap >= 0) {
                        return false;
                    }
                    gap = groups;
                    index++;
                }
            }
        }
        return place(front, back, groups, gap);
    }

    /** Puts zeros where "::" was. */
    private boolean place(long front, long back, int groups, int gap) {
        if (gap < 0) {
            high = front;
            low = back;
            return groups == GROUPS;
        }
        if (groups >= GROUPS) {
            return false;
        }
        high = 0;
        low = 0;
        for (int group = 0; group < groups; group++) {
            int shift = 16 * (groups - 1 - group);
            long bits = (shift >= 64 ? front >>> (shift - 64) : back >>> shift) & 0xffff;
            int position = group < gap ? group : GROUPS - groups + group;
            if (position < 4) {
                high |= bits << (16 * (3 - position));
            } else {
                low |= bits << (16 * (7 - position));
            }
        }
        return true;
    }

    private static int groupEnd(String text, int from, int to) {
        int index = from;
        while (index < to && text.charAt(index) != ':' && text.charAt(index) != '.') {
            index++;
        }
        return index;
    }

    private static int group(String text, int from, int to) {
        if (from == to || to - from > 4) {
            return -1;
        }
        int value = 0;
        for (int index = from; index < to; index++) {
            int digit = HexText.digit(text.charAt(index));
            if (digit < 0) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }
}
