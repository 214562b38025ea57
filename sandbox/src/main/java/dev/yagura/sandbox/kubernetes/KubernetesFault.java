package dev.yagura.sandbox.kubernetes;

/** An error that the Kubernetes API would answer: a Status. */
public final class KubernetesFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String reason;

    public KubernetesFault(int status, String reason, String text) {
        super(text);
        this.status = status;
        this.reason = reason;
    }

    static KubernetesFault invalid(String text) {
        return new KubernetesFault(422, "Invalid", text);
    }

    static KubernetesFault badRequest(String text) {
        return new KubernetesFault(400, "BadRequest", text);
    }

    public int status() {
        return status;
    }

    public String reason() {
        return reason;
    }
}
