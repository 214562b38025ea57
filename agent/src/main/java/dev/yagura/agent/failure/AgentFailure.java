package dev.yagura.agent.failure;

/** Ends the command. The message says what is wrong and what to do, in one line. */
public final class AgentFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Exit codes, the same as those of the command line `yagura`. */
    public enum Kind {
        FAILED(1),
        USAGE(2),
        NOT_ALLOWED(3),
        NOT_FOUND(4),
        REFUSED(5),
        NOT_REACHABLE(6);

        private final int exitCode;

        Kind(int exitCode) {
            this.exitCode = exitCode;
        }

        public int exitCode() {
            return exitCode;
        }
    }

    private final Kind kind;

    public AgentFailure(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public AgentFailure(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
