package dev.yagura.sandbox.cloud;

/** The control API was asked for something that does not exist. */
public final class UnknownNameException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UnknownNameException(String kind, String name) {
        super("no %s called %s".formatted(kind, name));
    }
}
