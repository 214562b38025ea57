package dev.yagura.response.aws;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ssm.model.GetCommandInvocationResponse;

/**
 * How far a command is on one host.
 *
 * @param text Systems Manager's StatusDetails without spaces, which tells the two kinds of TimedOut
 *     apart
 */
public record InvocationStatus(String text) {
    /** Right after SendCommand Systems Manager says nothing at all. */
    public static final InvocationStatus PENDING = new InvocationStatus("Pending");

    private static final Set<String> WAITING = Set.of("Pending", "Delayed");
    private static final Set<String> UNFINISHED = Set.of("InProgress", "Cancelling");
    private static final Set<String> UNDELIVERED =
            Set.of("DeliveryTimedOut", "Undeliverable", "AccessDenied", "Terminated");

    public static InvocationStatus of(GetCommandInvocationResponse invocation) {
        String details = text(invocation.statusDetails());
        String status = details.isEmpty() ? text(invocation.statusAsString()) : details;
        return new InvocationStatus(status.replace(" ", ""));
    }

    /** The host has not taken it yet. */
    public boolean isWaiting() {
        return WAITING.contains(text);
    }

    /** The host has it, and is not done. */
    public boolean isUnfinished() {
        return UNFINISHED.contains(text);
    }

    /** The host never got it. */
    public boolean isUndelivered() {
        return UNDELIVERED.contains(text);
    }

    public boolean isEnded() {
        return !isWaiting() && !isUnfinished();
    }

    public boolean isSuccess() {
        return text.equals("Success");
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }
}
