package dev.yagura.agent.delivery;

import dev.yagura.agent.failure.AgentFailure;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How the delivery goes.
 *
 * @param connected the log has opened the spool on the current stream
 * @param ended it will not be tried again
 * @param lastFailure why it is not connected; null before the first try
 */
public record DeliveryState(boolean connected, boolean ended, @Nullable AgentFailure lastFailure) {
    public Optional<AgentFailure> failure() {
        return Optional.ofNullable(lastFailure);
    }
}
