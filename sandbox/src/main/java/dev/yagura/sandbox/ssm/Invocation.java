package dev.yagura.sandbox.ssm;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One command on one node.
 *
 * <pre>
 *   PENDING -> IN_PROGRESS -> SUCCESS | FAILED | EXECUTION_TIMED_OUT
 *      |            |
 *      |            +-> CANCELLING -> CANCELLED
 *      +-> CANCELLED | DELIVERY_TIMED_OUT
 * </pre>
 */
final class Invocation {
    private final String instanceId;
    private final Outcome outcome;
    private CommandStatus status = CommandStatus.PENDING;
    private @Nullable Instant startedAt;
    private @Nullable Instant endedAt;
    private @Nullable Instant cancelledAt;

    Invocation(String instanceId, Outcome outcome) {
        this.instanceId = instanceId;
        this.outcome = outcome;
    }

    String instanceId() {
        return instanceId;
    }

    Outcome outcome() {
        return outcome;
    }

    CommandStatus status() {
        return status;
    }

    Optional<Instant> startedAt() {
        return Optional.ofNullable(startedAt);
    }

    Optional<Instant> endedAt() {
        return Optional.ofNullable(endedAt);
    }

    void start(Instant at) {
        status = CommandStatus.IN_PROGRESS;
        startedAt = at;
    }

    void end(CommandStatus how, Instant at) {
        status = how;
        endedAt = at;
    }

    /** A running script is asked to stop; one that was not delivered is simply dropped. */
    void cancel(Instant at) {
        if (status == CommandStatus.PENDING) {
            end(CommandStatus.CANCELLED, at);
        } else if (status == CommandStatus.IN_PROGRESS) {
            status = CommandStatus.CANCELLING;
            cancelledAt = at;
        }
    }

    /** When the script ends by itself or is stopped for running too long. */
    Instant endsAt(Duration executionTimeout) {
        Instant start = startedAt == null ? Instant.MAX : startedAt;
        Duration length =
                outcome.duration().compareTo(executionTimeout) > 0
                        ? executionTimeout
                        : outcome.duration();
        return start.equals(Instant.MAX) ? start : start.plus(length);
    }

    Instant cancelledBy(Duration cancelling) {
        return cancelledAt == null ? Instant.MAX : cancelledAt.plus(cancelling);
    }
}
