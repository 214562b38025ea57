package dev.yagura.sigma;

/**
 * A rule named by another document.
 *
 * @param rule id or name as written; a UUID in lower case
 * @param line one-based
 * @param column one-based
 */
public record Reference(String rule, int line, int column) {
    /** What is wrong with it. */
    public Diagnostic diagnostic(String message) {
        return new Diagnostic(line, column, message);
    }
}
