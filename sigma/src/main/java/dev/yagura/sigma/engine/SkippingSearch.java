package dev.yagura.sigma.engine;

import java.util.Arrays;
import java.util.Map;

/**
 * Finds a few long literals anywhere in a text without looking at most of its characters (Wu and
 * Manber, 1994): where two neighbouring characters are in no literal, none can be near.
 */
final class SkippingSearch implements LiteralSearch {
    private static final int MAX_LITERALS = 64;
    private static final int MIN_LENGTH = 4;
    private static final int MAX_LENGTH = 64;

    private final Columns columns;
    private final int width;
    private final int window;
    private final LiteralAutomaton beginnings;

    /** By the columns of two characters: how far the window may move when it ends in them. */
    private final byte[] shifts;

    /** By the columns of two characters: whether a literal begins with them. */
    private final boolean[] begins;

    /**
     * Builds the tables.
     *
     * @param codes by literal, case-folded: what the listener hears when it is found
     */
    SkippingSearch(Map<String, int[]> codes) {
        columns = new Columns(codes.keySet());
        width = columns.count();
        window = shortest(codes);
        beginnings = new LiteralAutomaton(LiteralAutomaton.Kind.START, codes);
        shifts = new byte[width * width];
        Arrays.fill(shifts, (byte) (window - 1));
        begins = new boolean[shifts.length];
        for (String literal : codes.keySet()) {
            begins[pair(literal.charAt(0), literal.charAt(1))] = true;
            for (int end = 1; end < window; end++) {
                int pair = pair(literal.charAt(end - 1), literal.charAt(end));
                shifts[pair] = (byte) Math.min(shifts[pair], window - 1 - end);
            }
        }
    }

    /** Whether it is worth it for these literals. */
    static boolean isFor(Map<String, int[]> codes) {
        return codes.size() <= MAX_LITERALS && shortest(codes) >= MIN_LENGTH;
    }

    @Override
    public void scan(char[] text, int length, Listener listener) {
        int end = window - 1;
        while (end < length) {
            int shift = shifts[pair(text[end - 1], text[end])];
            if (shift == 0) {
                int start = end - window + 1;
                if (begins[pair(text[start], text[start + 1])]) {
                    beginnings.walk(text, start, length, listener);
                }
                shift = 1;
            }
            end += shift;
        }
    }

    private int pair(char first, char second) {
        return columns.of(first) * width + columns.of(second);
    }

    private static int shortest(Map<String, int[]> codes) {
        int length = codes.keySet().stream().mapToInt(String::length).min().orElse(0);
        return Math.min(length, MAX_LENGTH);
    }
}
