package dev.yagura.response.action;

import java.time.Duration;

/**
 * All went well so far, and AWS is still at work: the world is read again after a pause. Such a
 * wait is no failed attempt; only the deadline of the action's kind ends it.
 */
public final class StillPendingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Duration pause;

    /**
     * @param message what is waited for
     */
    public StillPendingException(String message, Duration pause) {
        super(message);
        this.pause = pause;
    }

    Duration pause() {
        return pause;
    }
}
