package dev.yagura.sigma.engine;

import dev.yagura.sigma.taxonomy.CaseFolding;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Literals of which at least one is in every text that a regular expression (RE2 syntax) finds
 * something in. Conservative: where the reading stops, nothing is promised.
 */
final class RequiredLiterals {
    private static final int MIN_LENGTH = 3;
    private static final int MAX_LITERALS = 64;
    private static final int MAX_DEPTH = 20;
    private static final Pattern REPETITION = Pattern.compile("\\{([0-9]+)(,[0-9]*)?}");
    private static final Pattern GROUP_START =
            Pattern.compile("\\?(?:[a-zA-Z-]*:|P?<[A-Za-z0-9_]+>)");

    /** Escapes that stand for a class of characters, a control character or a position. */
    private static final String PLAIN_ESCAPES = "dDsSwWbBAzntrfva";

    private final String expression;
    private final int depth;
    private final StringBuilder run = new StringBuilder();
    private List<String> best = List.of();
    private int position;

    private RequiredLiterals(String expression, int depth) {
        this.expression = expression;
        this.depth = depth;
    }

    /** Case-folded; empty when nothing can be promised. */
    static List<String> of(String expression) {
        try {
            return of(expression, 0);
        } catch (Unreadable e) {
            return List.of();
        }
    }

    /** Something whose meaning is not known here. */
    private static final class Unreadable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unreadable() {
            super("", null, false, false);
        }
    }

    private static List<String> of(String expression, int depth) {
        if (depth > MAX_DEPTH) {
            throw new Unreadable();
        }
        List<String> literals = new ArrayList<>();
        for (String branch : branches(expression)) {
            List<String> required = new RequiredLiterals(branch, depth).read();
            if (required.isEmpty()) {
                return List.of();
            }
            literals.addAll(required);
        }
        return literals.size() > MAX_LITERALS ? List.of() : literals;
    }

    private List<String> read() {
        while (position < expression.length()) {
            char c = expression.charAt(position);
            switch (c) {
                case '\\' -> escape();
                case '[' -> {
                    endRun();
                    position = classEnd(expression, position);
                    quantifier(List.of());
                }
                case '(' -> group();
                case '.', '^', '$' -> {
                    endRun();
                    position++;
                    quantifier(List.of());
                }
                default -> {
                    position++;
                    literal(c);
                }
            }
        }
        endRun();
        return best;
    }

    private void escape() {
        char escaped = at(position + 1);
        position += 2;
        if (PLAIN_ESCAPES.indexOf(escaped) >= 0) {
            endRun();
            quantifier(List.of());
        } else if (Character.isLetterOrDigit(escaped)) {
            throw new Unreadable();
        } else {
            literal(escaped);
        }
    }

    private void literal(char c) {
        if (Character.isSurrogate(c)) {
            endRun();
            quantifier(List.of());
            return;
        }
        int least = repetition();
        if (least == 0) {
            endRun();
        } else {
            run.append(CaseFolding.fold(c));
            if (least > 1) {
                endRun();
            }
        }
    }

    private void group() {
        endRun();
        int end = groupEnd(expression, position);
        String content = expression.substring(position + 1, end - 1);
        position = end;
        List<String> required = List.of();
        if (content.startsWith("?")) {
            Matcher start = GROUP_START.matcher(content);
            if (start.lookingAt()) {
                required = of(content.substring(start.end()), depth + 1);
            }
        } else {
            required = of(content, depth + 1);
        }
        quantifier(required);
    }

    /** What was read is required unless it may be left out. */
    private void quantifier(List<String> required) {
        if (repetition() > 0) {
            offer(required);
        }
    }

    /**
     * Skips quantifiers.
     *
     * @return 0 when none is allowed, 1 for exactly one, 2 for one or more
     */
    private int repetition() {
        int least = 1;
        while (position < expression.length()) {
            char c = expression.charAt(position);
            Matcher counted = REPETITION.matcher(expression).region(position, expression.length());
            if (c == '*' || c == '?') {
                // "+?" and "{2}?" are lazy, not optional; taking them as optional is safe.
                least = 0;
                position++;
            } else if (c == '+') {
                least = least == 0 ? 0 : 2;
                position++;
            } else if (c == '{' && counted.lookingAt()) {
                boolean none = counted.group(1).chars().allMatch(digit -> digit == '0');
                least = none || least == 0 ? 0 : 2;
                position = counted.end();
            } else {
                break;
            }
        }
        return least;
    }

    private void endRun() {
        if (run.length() >= MIN_LENGTH) {
            offer(List.of(run.toString()));
        }
        run.setLength(0);
    }

    private void offer(List<String> required) {
        if (!required.isEmpty() && (best.isEmpty() || shortest(required) > shortest(best))) {
            best = required;
        }
    }

    private static int shortest(List<String> literals) {
        return literals.stream().mapToInt(String::length).min().orElse(0);
    }

    private char at(int index) {
        if (index >= expression.length()) {
            throw new Unreadable();
        }
        return expression.charAt(index);
    }

    /** Parts between "|" outside of groups and classes. */
    private static List<String> branches(String expression) {
        List<String> branches = new ArrayList<>();
        int start = 0;
        int i = 0;
        while (i < expression.length()) {
            switch (expression.charAt(i)) {
                case '\\' -> i += 2;
                case '[' -> i = classEnd(expression, i);
                case '(' -> i = groupEnd(expression, i);
                case '|' -> {
                    branches.add(expression.substring(start, i));
                    start = ++i;
                }
                default -> i++;
            }
        }
        branches.add(expression.substring(start));
        return branches;
    }

    private static int groupEnd(String expression, int open) {
        int i = open + 1;
        while (i < expression.length()) {
            switch (expression.charAt(i)) {
                case '\\' -> i += 2;
                case '[' -> i = classEnd(expression, i);
                case '(' -> i = groupEnd(expression, i);
                case ')' -> {
                    return i + 1;
                }
                default -> i++;
            }
        }
        throw new Unreadable();
    }

    private static int classEnd(String expression, int open) {
        int i = open + 1;
        if (i < expression.length() && expression.charAt(i) == '^') {
            i++;
        }
        if (i < expression.length() && expression.charAt(i) == ']') {
            i++;
        }
        while (i < expression.length()) {
            char c = expression.charAt(i);
            if (c == ']') {
                return i + 1;
            }
            if (c == '[' && expression.startsWith("[:", i)) {
                int end = expression.indexOf(":]", i);
                i = end < 0 ? i + 1 : end + 2;
            } else {
                i += c == '\\' ? 2 : 1;
            }
        }
        throw new Unreadable();
    }
}
