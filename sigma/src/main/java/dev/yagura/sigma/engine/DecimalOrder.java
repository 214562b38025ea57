package dev.yagura.sigma.engine;

import dev.yagura.sigma.Numbers;
import java.math.BigDecimal;

/** The number of a rule, compared with texts of events without making numbers of them. */
final class DecimalOrder {
    /** What {@link #compare} answers for a text that is no number. */
    static final int NO_NUMBER = Integer.MIN_VALUE;

    private final int sign;

    /** Digits before the point without zeros at their start, behind it without zeros at the end. */
    private final String whole;

    private final String fraction;

    DecimalOrder(BigDecimal number) {
        sign = number.signum();
        String digits = number.abs().stripTrailingZeros().toPlainString();
        int point = digits.indexOf('.');
        String before = point < 0 ? digits : digits.substring(0, point);
        whole = before.equals("0") ? "" : before;
        fraction = point < 0 ? "" : digits.substring(point + 1);
    }

    /**
     * How the text's number compares with this one, as {@link Comparable#compareTo} says; texts as
     * {@link Numbers#parse} reads them.
     */
    int compare(CharSequence text) {
        int end = text.length();
        if (end == 0 || end > Numbers.MAX_LENGTH) {
            return NO_NUMBER;
        }
        boolean minus = text.charAt(0) == '-';
        int start = minus || text.charAt(0) == '+' ? 1 : 0;
        int point = digitsEnd(text, start);
        if (point == start || point < end && !isFraction(text, point)) {
            return NO_NUMBER;
        }
        while (start < point && text.charAt(start) == '0') {
            start++;
        }
        while (end > point && (text.charAt(end - 1) == '0' || end - 1 == point)) {
            end--;
        }
        int textSign = start == point && end == point ? 0 : minus ? -1 : 1;
        if (textSign != sign || sign == 0) {
            return Integer.compare(textSign, sign);
        }
        return sign * compareDigits(text, start, point, end);
    }

    private static int digitsEnd(CharSequence text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        return at;
    }

    private static boolean isFraction(CharSequence text, int point) {
        return text.charAt(point) == '.'
                && point + 1 < text.length()
                && digitsEnd(text, point + 1) == text.length();
    }

    private int compareDigits(CharSequence text, int start, int point, int end) {
        int order = Integer.compare(point - start, whole.length());
        for (int i = 0; order == 0 && i < whole.length(); i++) {
            order = Character.compare(text.charAt(start + i), whole.charAt(i));
        }
        int digits = Math.max(0, end - point - 1);
        for (int i = 0; order == 0 && i < Math.min(digits, fraction.length()); i++) {
            order = Character.compare(text.charAt(point + 1 + i), fraction.charAt(i));
        }
        return Integer.signum(order == 0 ? Integer.compare(digits, fraction.length()) : order);
    }
}
