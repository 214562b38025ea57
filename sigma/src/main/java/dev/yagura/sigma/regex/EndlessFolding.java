package dev.yagura.sigma.regex;

import com.google.re2j.Pattern;

/**
 * What RE2/J 1.8 never gets done with: the letters U+1C80 to U+1C88 where case does not matter,
 * alone or within a range. Their upper case is that of other letters, and it looks for the way back
 * for ever.
 */
public final class EndlessFolding {
    private static final int FIRST = 0x1C80;
    private static final int LAST = 0x1C88;
    private static final int UNKNOWN = -1;

    private static final java.util.regex.Pattern CASELESS =
            java.util.regex.Pattern.compile("\\(\\?[a-zA-Z]*i");

    private static final java.util.regex.Pattern CODE =
            java.util.regex.Pattern.compile("\\\\x(?:\\{([0-9A-Fa-f]{1,6})}|([0-9A-Fa-f]{2}))");

    private final String text;
    private int position;
    private boolean inClass;

    /** The lowest member that a range may begin with; 0 where it is not known. */
    private int low = UNKNOWN;

    private boolean dash;

    private EndlessFolding(String text) {
        this.text = text;
    }

    /**
     * Whether the expression has them. Now and then true for one that is harmless, never false for
     * one that is not.
     *
     * @param flags of {@link Pattern}
     */
    public static boolean isIn(String expression, int flags) {
        boolean caseless =
                (flags & Pattern.CASE_INSENSITIVE) != 0 || CASELESS.matcher(expression).find();
        return caseless && new EndlessFolding(expression).find();
    }

    private boolean find() {
        while (position < text.length()) {
            char c = text.charAt(position);
            if (!inClass && c == '[') {
                position++;
                begin();
            } else if (inClass && !dash && isNamedClass()) {
                position = text.indexOf(":]", position + 2) + 2;
                low = UNKNOWN;
            } else if (inClass && c == ']') {
                position++;
                inClass = false;
            } else if (inClass && c == '-' && low >= 0 && !dash) {
                position++;
                dash = true;
            } else if (isEndless(member())) {
                return true;
            }
        }
        return false;
    }

    /** Such as [:alpha:]; its bracket does not end the class around it. */
    private boolean isNamedClass() {
        return text.startsWith("[:", position) && text.indexOf(":]", position + 2) >= 0;
    }

    /** A bracket that is the first member does not end the class. */
    private void begin() {
        inClass = true;
        dash = false;
        low = UNKNOWN;
        if (text.startsWith("^", position)) {
            position++;
        }
        if (text.startsWith("]", position)) {
            position++;
            low = ']';
        }
    }

    private boolean isEndless(int member) {
        boolean endless = member >= FIRST && (member <= LAST || inClass && dash && low <= LAST);
        low = dash ? UNKNOWN : Math.max(0, member);
        dash = false;
        return endless;
    }

    /** The next character; unknown for escapes of classes and of characters below U+0200. */
    private int member() {
        int c = text.codePointAt(position);
        if (c != '\\') {
            position += Character.charCount(c);
            return c;
        }
        var code = CODE.matcher(text).region(position, text.length());
        if (code.lookingAt()) {
            position = code.end();
            return Integer.parseInt(code.group(1) == null ? code.group(2) : code.group(1), 16);
        }
        position = Math.min(text.length(), position + 2);
        int escaped = position - 1 < text.length() ? text.charAt(position - 1) : 0;
        return escaped < FIRST ? UNKNOWN : escaped;
    }
}
