package dev.yagura.sandbox.world;

/** EC2's instance states with their codes. */
public enum InstanceState {
    PENDING(0, "pending"),
    RUNNING(16, "running"),
    SHUTTING_DOWN(32, "shutting-down"),
    TERMINATED(48, "terminated"),
    STOPPING(64, "stopping"),
    STOPPED(80, "stopped");

    private final int code;
    private final String text;

    InstanceState(int code, String text) {
        this.code = code;
        this.text = text;
    }

    public int code() {
        return code;
    }

    public String text() {
        return text;
    }

    /** Where it goes by itself after a while; itself if it stays. */
    public InstanceState settled() {
        return switch (this) {
            case PENDING -> RUNNING;
            case STOPPING -> STOPPED;
            case SHUTTING_DOWN -> TERMINATED;
            case RUNNING, STOPPED, TERMINATED -> this;
        };
    }
}
