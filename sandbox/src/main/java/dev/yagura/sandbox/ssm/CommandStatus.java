package dev.yagura.sandbox.ssm;

/** Statuses of a command invocation, with the StatusDetails that go with each. */
enum CommandStatus {
    PENDING("Pending", "Pending"),
    IN_PROGRESS("InProgress", "InProgress"),
    CANCELLING("Cancelling", "Cancelling"),
    SUCCESS("Success", "Success"),
    FAILED("Failed", "Failed"),
    CANCELLED("Cancelled", "Cancelled"),
    TERMINATED("Cancelled", "Terminated"),
    DELIVERY_TIMED_OUT("TimedOut", "DeliveryTimedOut"),
    EXECUTION_TIMED_OUT("TimedOut", "ExecutionTimedOut");

    private final String status;
    private final String details;

    CommandStatus(String status, String details) {
        this.status = status;
        this.details = details;
    }

    String status() {
        return status;
    }

    String details() {
        return details;
    }

    boolean isFinal() {
        return switch (this) {
            case PENDING, IN_PROGRESS, CANCELLING -> false;
            case SUCCESS, FAILED, CANCELLED, TERMINATED, DELIVERY_TIMED_OUT, EXECUTION_TIMED_OUT ->
                    true;
        };
    }
}
