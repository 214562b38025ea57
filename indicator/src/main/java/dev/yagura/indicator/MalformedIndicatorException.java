package dev.yagura.indicator;

/** The text is no indicator of its kind; the message says why and what to write instead. */
public final class MalformedIndicatorException extends Exception {
    private static final long serialVersionUID = 1L;

    public MalformedIndicatorException(String message) {
        super(message);
    }
}
