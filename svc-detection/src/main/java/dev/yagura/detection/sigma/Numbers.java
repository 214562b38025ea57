package dev.yagura.detection.sigma;

import java.math.BigDecimal;
import java.util.Optional;

/** Decimal numbers in rules and events. */
public final class Numbers {
    private static final int MAX_LENGTH = 40;

    private Numbers() {}

    /** Digits with an optional sign and fraction, at most 40 characters; no exponent. */
    public static Optional<BigDecimal> parse(CharSequence text) {
        if (text.isEmpty() || text.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean digit = c >= '0' && c <= '9';
            if (!digit && c != '.' && !(i == 0 && (c == '-' || c == '+'))) {
                return Optional.empty();
            }
        }
        try {
            return Optional.of(new BigDecimal(text.toString()));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
