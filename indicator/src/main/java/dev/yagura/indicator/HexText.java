package dev.yagura.indicator;

/** Hexadecimal digits of either case. */
final class HexText {
    private HexText() {}

    /** -1 when it is none. */
    static int digit(char c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        int lower = c | 0x20;
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    }

    static boolean is(String text, int length) {
        if (text.length() != length) {
            return false;
        }
        for (int index = 0; index < length; index++) {
            if (digit(text.charAt(index)) < 0) {
                return false;
            }
        }
        return true;
    }
}
