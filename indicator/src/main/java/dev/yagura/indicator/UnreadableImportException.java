package dev.yagura.indicator;

/** The file as a whole cannot be read; the message says why and what would help. */
public final class UnreadableImportException extends Exception {
    private static final long serialVersionUID = 1L;

    public UnreadableImportException(String message) {
        super(message);
    }
}
