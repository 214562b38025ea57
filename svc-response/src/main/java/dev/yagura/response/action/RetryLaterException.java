package dev.yagura.response.action;

/** The step did not succeed now; the world is read again and the rest done a little later. */
public final class RetryLaterException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * @param message why, for the case that this was the last attempt
     */
    public RetryLaterException(String message) {
        super(message);
    }

    public RetryLaterException(String message, Throwable cause) {
        super(message, cause);
    }
}
