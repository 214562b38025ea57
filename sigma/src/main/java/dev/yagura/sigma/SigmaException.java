package dev.yagura.sigma;

/** Ends the parsing of one document; never leaves the package. */
final class SigmaException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int line;
    private final int column;

    SigmaException(int line, int column, String message) {
        super(message);
        this.line = line;
        this.column = column;
    }

    Diagnostic diagnostic() {
        return new Diagnostic(line, column, String.valueOf(getMessage()));
    }
}
