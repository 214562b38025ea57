package dev.yagura.ingest.telemetry;

/** A batch that will never be accepted; the message is for people and is sent. */
final class RejectedBatchException extends Exception {
    private static final long serialVersionUID = 1L;

    private final RejectReason reason;

    RejectedBatchException(RejectReason reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    RejectReason reason() {
        return reason;
    }
}
