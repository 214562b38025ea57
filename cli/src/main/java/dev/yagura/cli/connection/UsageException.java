package dev.yagura.cli.connection;

/** The command was called in a way that cannot work; the text says what to change. */
public final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UsageException(String message) {
        super(message);
    }
}
