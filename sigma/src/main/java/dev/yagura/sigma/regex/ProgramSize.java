package dev.yagura.sigma.regex;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * About how many instructions RE2/J would make of an expression, told without making them: it
 * writes counted repetitions out, one in another multiplied, so that "((a{1000}){1000}){1000}" is
 * more than any memory holds. Text that is no expression of RE2's has a size too.
 */
public final class ProgramSize {
    /** More than this are never told apart. */
    private static final long MOST = 1L << 40;

    private static final Pattern COUNTED = Pattern.compile("\\{([0-9]{1,4})(,([0-9]{0,4}))?}");

    private final String text;
    private int position;
    private int deepest;
    private final Deque<Group> groups = new ArrayDeque<>();
    private Group open = new Group();

    /** What is known of a group that is not closed yet. */
    private static final class Group {
        private long before;
        private long last;

        void atom(long size) {
            before = Math.min(MOST, before + last);
            last = size;
        }

        void repeat(long times) {
            last = Math.min(MOST, last * times + times);
        }

        long size() {
            return Math.min(MOST, before + last + 2);
        }
    }

    private ProgramSize(String text) {
        this.text = text;
    }

    /** The instructions. */
    public static long of(String expression) {
        return new ProgramSize(expression).size();
    }

    /** The groups within each other, at the deepest place. */
    public static int depth(String expression) {
        ProgramSize size = new ProgramSize(expression);
        size.size();
        return size.deepest;
    }

    private long size() {
        Matcher counted = COUNTED.matcher(text);
        while (position < text.length()) {
            char c = text.charAt(position);
            if (c == '{' && counted.region(position, text.length()).lookingAt()) {
                open.repeat(times(counted));
                position = counted.end();
            } else {
                position++;
                part(c);
            }
        }
        while (!groups.isEmpty()) {
            close();
        }
        return open.size();
    }

    private void part(char c) {
        switch (c) {
            case '\\' -> escape();
            case '[' -> {
                bracket();
                open.atom(1);
            }
            case '(' -> {
                groups.push(open);
                deepest = Math.max(deepest, groups.size());
                open = new Group();
            }
            case ')' -> close();
            case '*', '+', '?' -> open.repeat(1);
            default -> open.atom(1);
        }
    }

    private void close() {
        if (!groups.isEmpty()) {
            long size = open.size();
            open = groups.pop();
            open.atom(size);
        }
    }

    /** "{0}" leaves its part out, but only after it was read. */
    private static long times(Matcher counted) {
        long least = Long.parseLong(counted.group(1));
        String most = counted.group(3);
        return Math.max(1, most == null || most.isEmpty() ? least : Math.max(least, number(most)));
    }

    private static long number(String digits) {
        return Long.parseLong(digits);
    }

    /** A quotation is its letters; "\x{1000}" and "\p{Greek}" are one character. */
    private void escape() {
        if (text.startsWith("Q", position)) {
            int end = text.indexOf("\\E", position);
            int to = end < 0 ? text.length() : end;
            for (position++; position < to; position++) {
                open.atom(1);
            }
            position = end < 0 ? to : end + 2;
            return;
        }
        boolean braced = text.startsWith("{", position + 1) && "xpP".indexOf(next()) >= 0;
        int brace = braced ? text.indexOf('}', position) : -1;
        position = brace < 0 ? position + 1 : brace + 1;
        open.atom(1);
    }

    private char next() {
        return position < text.length() ? text.charAt(position) : 0;
    }

    /** To behind the bracket that closes it; the first one in it may be a member. */
    private void bracket() {
        if (next() == '^') {
            position++;
        }
        if (next() == ']') {
            position++;
        }
        while (position < text.length() && text.charAt(position) != ']') {
            int posix = text.startsWith("[:", position) ? text.indexOf(":]", position + 2) : -1;
            position = posix >= 0 ? posix + 2 : position + (next() == '\\' ? 2 : 1);
        }
        position++;
    }
}
