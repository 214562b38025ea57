package dev.yagura.sigma;

/**
 * What is wrong, and where.
 *
 * @param line one-based; 0 when the whole file is meant
 * @param column one-based; 0 when the whole file is meant
 */
public record Diagnostic(int line, int column, String message) {

    /** Of the whole file. */
    public static Diagnostic ofFile(String message) {
        return new Diagnostic(0, 0, message);
    }
}
