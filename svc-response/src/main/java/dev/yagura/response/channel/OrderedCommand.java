package dev.yagura.response.channel;

import dev.yagura.proto.response.v1.AgentCommandResult;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * A command that was ordered for an agent.
 *
 * @param result as the agent sent it
 * @param age since it was ordered, by the database's clock
 */
public record OrderedCommand(
        String runId,
        UUID agentId,
        State state,
        Optional<AgentCommandResult> result,
        Duration age) {

    /** How far it is. */
    public enum State {
        /** The agent may get it. */
        QUEUED,
        /** The agent has written it down. */
        TAKEN,
        /** There is a result. */
        ENDED,
        /** Taken back before the agent said that it has it. */
        WITHDRAWN
    }
}
