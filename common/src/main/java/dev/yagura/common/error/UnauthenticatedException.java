package dev.yagura.common.error;

/** No proof of who calls, or one that is unknown, expired or revoked. */
public final class UnauthenticatedException extends YaguraException {
    private static final long serialVersionUID = 1L;

    public UnauthenticatedException(String message) {
        super(message);
    }
}
