package dev.yagura.common.error;

import java.time.Duration;

/** A store, AWS or another service is away. Nothing was lost; trying again later is right. */
public final class DependencyUnavailableException extends YaguraException {
    private static final long serialVersionUID = 1L;

    private final Duration retryAfter;

    public DependencyUnavailableException(String dependency, Duration retryAfter, Throwable cause) {
        super(dependency + " is not available now; try again", cause);
        this.retryAfter = retryAfter;
    }

    /** Known to be away, without a call that failed just now. */
    public DependencyUnavailableException(String dependency, Duration retryAfter) {
        super(dependency + " is not available now; try again");
        this.retryAfter = retryAfter;
    }

    public Duration retryAfter() {
        return retryAfter;
    }
}
