package dev.yagura.common.error;

import java.time.Duration;

/** A rate or size limit. */
public final class LimitExceededException extends YaguraException {
    private static final long serialVersionUID = 1L;

    private final Duration retryAfter;

    public LimitExceededException(String message, Duration retryAfter) {
        super(message);
        this.retryAfter = retryAfter;
    }

    /** When a try may succeed; zero when no time will help. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
