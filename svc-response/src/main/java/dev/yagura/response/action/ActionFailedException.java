package dev.yagura.response.action;

/** The action cannot be done, and trying again does not help. */
public final class ActionFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * @param message why, and what would help; people read it as the action's state
     */
    public ActionFailedException(String message) {
        super(message);
    }

    public ActionFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
