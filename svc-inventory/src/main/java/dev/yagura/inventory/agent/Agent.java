package dev.yagura.inventory.agent;

import dev.yagura.proto.inventory.v1.AgentHealth;
import dev.yagura.proto.type.v1.Scope;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An agent that enrolled.
 *
 * @param proven AWS signed that the host is the machine's instance
 * @param hostId asset id of its host
 * @param tokenId enrolment token that admitted it
 * @param publicKeySha256 of its key, hexadecimal
 * @param lastHeartbeatTime null before the first
 * @param degradedSince since when its reports name problems without a pause; null while they do not
 * @param sharedKeySince since when several hosts report with its key; null while one does
 * @param revokeTime null while it may connect
 * @param revokeReason empty while it may connect
 * @param retired it may not connect because its host is gone for good
 */
public record Agent(
        UUID id,
        UUID hostId,
        Scope scope,
        UUID tokenId,
        String publicKeySha256,
        Machine machine,
        boolean proven,
        String version,
        Instant enrollTime,
        Instant certificateExpireTime,
        @Nullable Instant lastHeartbeatTime,
        AgentHealth health,
        @Nullable Instant degradedSince,
        @Nullable Instant sharedKeySince,
        @Nullable Instant revokeTime,
        String revokeReason,
        boolean retired,
        Instant updateTime) {
    /** Without a heartbeat for longer than this an agent is silent. */
    public static final Duration SILENCE = Duration.ofSeconds(90);

    /** What the host said about itself when its agent enrolled; the boot id also later. */
    public record Machine(String instanceId, String hostname, String os, String bootId) {}

    /** Where an agent stands; the store's query has the same rule. */
    public enum State {
        ENROLLED,
        CONNECTED,
        SILENT,
        REVOKED,
        RETIRED
    }

    /** True when it may not connect; of one that is retired too. */
    public boolean isRevoked() {
        return revokeTime != null;
    }

    public State state(Instant now) {
        if (isRevoked()) {
            return retired ? State.RETIRED : State.REVOKED;
        }
        if (lastHeartbeatTime == null) {
            return State.ENROLLED;
        }
        return lastHeartbeatTime.isBefore(now.minus(SILENCE)) ? State.SILENT : State.CONNECTED;
    }
}
