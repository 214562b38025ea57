package dev.yagura.inventory.agent;

import dev.yagura.proto.inventory.v1.AgentHealth;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The newest report of an agent.
 *
 * @param time when it came, by the server's clock
 * @param version of the agent; empty when it said none
 * @param bootId empty when it said none
 * @param ofSeveral reports of other boots came within the same moment
 * @param hostReport the newest; null where none came
 */
record Heartbeat(
        Instant time,
        String version,
        String bootId,
        AgentHealth health,
        boolean ofSeveral,
        @Nullable ReceivedReport hostReport) {

    /** The newer of two, which remembers whether they are of one boot. */
    Heartbeat merged(Heartbeat other) {
        Heartbeat newer = time.isAfter(other.time) ? this : other;
        Heartbeat older = newer == this ? other : this;
        boolean differ =
                !bootId.isEmpty() && !other.bootId.isEmpty() && !bootId.equals(other.bootId);
        return new Heartbeat(
                newer.time,
                newer.version,
                newer.bootId,
                newer.health,
                differ || ofSeveral || other.ofSeveral,
                newer.hostReport == null ? older.hostReport : newer.hostReport);
    }
}
