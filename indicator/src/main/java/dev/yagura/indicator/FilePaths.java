package dev.yagura.indicator;

/**
 * File names and paths in their normal form: "/" between the parts, without regard to case. What
 * does not begin with "/" is compared with the end of a path, from a separator on.
 */
final class FilePaths {
    private static final int MAX_LENGTH = 4096;

    private FilePaths() {}

    static IndicatorKey key(String text) throws MalformedIndicatorException {
        int end = end(text);
        if (end == 0) {
            throw new MalformedIndicatorException("a file name is missing");
        }
        if (end > MAX_LENGTH) {
            throw new MalformedIndicatorException("a path has at most 4096 characters");
        }
        String path = normal(text, 0, end);
        if (path.indexOf('*') >= 0 || path.indexOf('?') >= 0) {
            throw new MalformedIndicatorException(
                    "'" + text + "' has a wildcard; write a rule for it");
        }
        if (path.chars().anyMatch(c -> Character.isISOControl(c) || c == 0xfffd)) {
            throw new MalformedIndicatorException("the path holds control characters or no UTF-8");
        }
        return new IndicatorKey(IndicatorKind.FILE, path);
    }

    /** Where the path ends before separators at its end. */
    static int end(String text) {
        int end = text.length();
        while (end > 0 && isSeparator(text.charAt(end - 1))) {
            end--;
        }
        return end;
    }

    static String normal(String text, int from, int to) {
        StringBuilder normal = new StringBuilder(to - from);
        for (int index = from; index < to; index++) {
            normal.append(fold(text.charAt(index)));
        }
        return normal.toString();
    }

    static boolean isSeparator(char c) {
        return c == '/' || c == '\\';
    }

    static char fold(char c) {
        if (c < 0x80) {
            return c >= 'A' && c <= 'Z' ? (char) (c | 0x20) : c == '\\' ? '/' : c;
        }
        return Character.toLowerCase(Character.toUpperCase(c));
    }
}
