package dev.yagura.common.error;

/** The same name, or the same request id with other content, exists. */
public final class AlreadyExistsException extends YaguraException {
    private static final long serialVersionUID = 1L;

    public AlreadyExistsException(String message) {
        super(message);
    }
}
