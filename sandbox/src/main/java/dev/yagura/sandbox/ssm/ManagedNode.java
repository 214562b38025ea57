package dev.yagura.sandbox.ssm;

import dev.yagura.sandbox.flow.FlowSpec;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An instance with an SSM agent. */
final class ManagedNode {
    private final String instanceId;
    private final FlowSpec channel;
    private final Instant registeredAt;
    private @Nullable String channelFlowId;
    private Instant lastPing;
    private @Nullable PatchState patches;
    private @Nullable Software software;

    ManagedNode(String instanceId, FlowSpec channel, Instant registeredAt) {
        this.instanceId = instanceId;
        this.channel = channel;
        this.registeredAt = registeredAt;
        this.lastPing = registeredAt;
    }

    String instanceId() {
        return instanceId;
    }

    FlowSpec channel() {
        return channel;
    }

    Instant registeredAt() {
        return registeredAt;
    }

    /** The agent's open connection; empty while the agent is stopped. */
    Optional<String> channelFlowId() {
        return Optional.ofNullable(channelFlowId);
    }

    Instant lastPing() {
        return lastPing;
    }

    void agentStarted(String flowId) {
        channelFlowId = flowId;
    }

    void agentStopped() {
        channelFlowId = null;
    }

    /** Empty until Patch Manager has scanned it. */
    Optional<PatchState> patches() {
        return Optional.ofNullable(patches);
    }

    void patched(@Nullable PatchState state) {
        patches = state;
    }

    /** Empty until its agent has reported what is installed. */
    Optional<Software> software() {
        return Optional.ofNullable(software);
    }

    void reported(@Nullable Software installed) {
        software = installed;
    }

    void heardAt(Instant at) {
        lastPing = at;
    }
}
