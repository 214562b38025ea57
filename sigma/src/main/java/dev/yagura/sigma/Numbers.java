package dev.yagura.sigma;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.regex.Pattern;

/** Decimal numbers in rules and events. */
public final class Numbers {
    /** Longest text that is taken for a number. */
    public static final int MAX_LENGTH = 40;

    private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9]+(?:\\.[0-9]+)?");

    private Numbers() {}

    /** Digits with an optional sign and fraction, at most 40 characters; no exponent. */
    public static Optional<BigDecimal> parse(CharSequence text) {
        return text.length() <= MAX_LENGTH && NUMBER.matcher(text).matches()
                ? Optional.of(new BigDecimal(text.toString()))
                : Optional.empty();
    }
}
