package dev.yagura.sigma;

/**
 * Text with wildcards: "*" any number of characters, "?" one. Wildcards are kept as two code units
 * that YAML text cannot hold, so literal text needs no escaping here.
 *
 * @param pattern literal characters, {@link #ANY} and {@link #ONE}
 */
public record Glob(String pattern) {
    public static final char ANY = '\uFFFE';
    public static final char ONE = '\uFFFF';

    /**
     * Reads a value as Sigma writes it: a backslash makes the wildcard or backslash after it
     * literal; before anything else it is itself.
     */
    public static Glob parse(String value) {
        StringBuilder pattern = new StringBuilder(value.length());
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\\' && i + 1 < value.length() && isSpecial(value.charAt(i + 1))) {
                pattern.append(value.charAt(++i));
            } else {
                pattern.append(c == '*' ? ANY : c == '?' ? ONE : c);
            }
        }
        return new Glob(pattern.toString());
    }

    /** Without wildcards, whatever the text holds. */
    public static Glob literal(String text) {
        return new Glob(text);
    }

    public Glob startsWith() {
        return pattern.endsWith(String.valueOf(ANY)) ? this : new Glob(pattern + ANY);
    }

    public Glob endsWith() {
        return pattern.startsWith(String.valueOf(ANY)) ? this : new Glob(ANY + pattern);
    }

    public Glob contains() {
        return startsWith().endsWith();
    }

    public boolean hasWildcards() {
        return pattern.indexOf(ANY) >= 0 || pattern.indexOf(ONE) >= 0;
    }

    /** As Sigma would write it. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(pattern.length());
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            switch (c) {
                case ANY -> text.append('*');
                case ONE -> text.append('?');
                case '*', '?' -> text.append('\\').append(c);
                case '\\' -> text.append(isFollowedBySpecial(i) ? "\\\\" : "\\");
                default -> text.append(c);
            }
        }
        return text.toString();
    }

    private boolean isFollowedBySpecial(int index) {
        if (index + 1 == pattern.length()) {
            return false;
        }
        char after = pattern.charAt(index + 1);
        return after == ANY || after == ONE || isSpecial(after);
    }

    private static boolean isSpecial(char c) {
        return c == '*' || c == '?' || c == '\\';
    }
}
