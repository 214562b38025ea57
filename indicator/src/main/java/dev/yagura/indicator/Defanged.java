package dev.yagura.indicator;

import java.util.regex.Pattern;

/** Values written so that nobody follows them by accident: hxxp://evil[.]example. */
final class Defanged {
    private static final Pattern SCHEME =
            Pattern.compile("^h(xx|\\*\\*)p(s?)(\\[:]|\\[:?//]|:)", Pattern.CASE_INSENSITIVE);

    private static final Pattern DOT =
            Pattern.compile(
                    "\\[\\.]|\\(\\.\\)|\\{\\.}|\\[dot]|\\(dot\\)", Pattern.CASE_INSENSITIVE);

    private Defanged() {}

    /** As it was before, without blanks around it. */
    static String restore(String text) {
        String restored = text.strip();
        if (restored.indexOf('[') >= 0
                || restored.indexOf('(') >= 0
                || restored.indexOf('{') >= 0) {
            restored = DOT.matcher(restored).replaceAll(".");
            restored = restored.replace("[://]", "://").replace("[:]", ":");
        }
        return SCHEME.matcher(restored).replaceFirst("http$2:");
    }
}
