package dev.yagura.common.error;

/** A log position of an unknown log, beyond its tail, or below what is kept. */
public final class PositionLostException extends YaguraException {
    private static final long serialVersionUID = 1L;

    public PositionLostException(String message) {
        super(message);
    }
}
