package dev.yagura.sandbox.ssm;

import dev.yagura.sandbox.shell.RunningScript;
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
 *      +-> CANCELLED | TERMINATED | DELIVERY_TIMED_OUT
 * </pre>
 */
final class Invocation {
    private final String instanceId;
    private final boolean arranged;
    private Outcome outcome;
    private @Nullable RunningScript script;
    private CommandStatus status = CommandStatus.PENDING;
    private @Nullable Instant startedAt;
    private @Nullable Instant endedAt;
    private @Nullable Instant cancelledAt;

    /**
     * @param outcome how it ends, unless its script really runs
     * @param arranged whether a test asked for that outcome
     */
    Invocation(String instanceId, Outcome outcome, boolean arranged) {
        this.instanceId = instanceId;
        this.outcome = outcome;
        this.arranged = arranged;
    }

    String instanceId() {
        return instanceId;
    }

    boolean isArranged() {
        return arranged;
    }

    Outcome outcome() {
        return outcome;
    }

    /** The script that really runs or ran. */
    Optional<RunningScript> script() {
        return Optional.ofNullable(script);
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

    void start(Instant at, RunningScript running) {
        start(at);
        script = running;
    }

    void end(CommandStatus how, Instant at) {
        status = how;
        endedAt = at;
    }

    void end(CommandStatus how, Instant at, Outcome found) {
        end(how, at);
        outcome = found;
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

    /** When a script that does not really run ends by itself or is stopped for running too long. */
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
