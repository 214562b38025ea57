package dev.yagura.sigma.taxonomy;

/**
 * Folds case one UTF-16 unit at a time, so that positions stay: upper, then lower case, which joins
 * letters with several lower-case forms too. Supplementary characters stay as they are.
 */
public final class CaseFolding {
    private static final int ASCII = 128;
    private static final char[] TABLE = new char[ASCII];

    static {
        for (char c = 0; c < ASCII; c++) {
            TABLE[c] = Character.toLowerCase(c);
        }
    }

    private CaseFolding() {}

    public static char fold(char c) {
        return c < ASCII ? TABLE[c] : Character.toLowerCase(Character.toUpperCase(c));
    }

    public static String fold(String text) {
        char[] folded = text.toCharArray();
        for (int i = 0; i < folded.length; i++) {
            folded[i] = fold(folded[i]);
        }
        return new String(folded);
    }
}
