package dev.yagura.agent.command;

/** A command is not run; the message says why, for whoever asked for it. */
final class RefusedCommandException extends Exception {
    private static final long serialVersionUID = 1L;

    RefusedCommandException(String reason) {
        super(reason);
    }

    RefusedCommandException(String reason, Throwable cause) {
        super(reason, cause);
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
