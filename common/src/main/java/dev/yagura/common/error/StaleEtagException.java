package dev.yagura.common.error;

/** The resource changed since the caller read it. */
public final class StaleEtagException extends YaguraException {
    private static final long serialVersionUID = 1L;

    public StaleEtagException(String message) {
        super(message);
    }
}
