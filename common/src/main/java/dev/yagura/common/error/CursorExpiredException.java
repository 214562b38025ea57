package dev.yagura.common.error;

/** A watch cursor below the retained changes, or of another feed; the caller lists first. */
public final class CursorExpiredException extends YaguraException {
    private static final long serialVersionUID = 1L;

    public CursorExpiredException(String message) {
        super(message);
    }
}
