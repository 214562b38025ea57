package dev.yagura.common.error;

/** The role or scope of the caller does not allow it. */
public final class PermissionDeniedException extends YaguraException {
    private static final long serialVersionUID = 1L;

    public PermissionDeniedException(String message) {
        super(message);
    }
}
