package dev.yagura.response.action;

import java.util.UUID;

/** Another runner has the action now; this one does nothing more. */
final class LeaseLostException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LeaseLostException(UUID action) {
        super("the lease of action " + action + " is another runner's now");
    }
}
