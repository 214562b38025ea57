package dev.yagura.inventory.agent;

import com.google.protobuf.Timestamp;
import dev.yagura.common.ids.ResourceName;
import dev.yagura.proto.inventory.v1.Admission;
import dev.yagura.proto.inventory.v1.AgentState;
import dev.yagura.proto.inventory.v1.IdentityProof;
import dev.yagura.proto.telemetry.v1.Device;
import java.time.Instant;
import java.util.Optional;

/** Agents as messages. */
public final class AgentProtos {
    private AgentProtos() {}

    static dev.yagura.proto.inventory.v1.Agent message(Agent agent, Instant now) {
        dev.yagura.proto.inventory.v1.Agent.Builder message =
                dev.yagura.proto.inventory.v1.Agent.newBuilder()
                        .setName(ResourceName.of("agents", agent.id()))
                        .setDevice(device(agent))
                        .setState(state(agent.state(now)))
                        .setVersion(agent.version())
                        .setEnrollTime(timestamp(agent.enrollTime()))
                        .setCertificateExpireTime(timestamp(agent.certificateExpireTime()))
                        .setPublicKeySha256(agent.publicKeySha256())
                        .setHealth(agent.health())
                        .setRevokeReason(agent.revokeReason())
                        .setIdentityProof(proof(agent))
                        .setUpdateTime(timestamp(agent.updateTime()));
        if (agent.lastHeartbeatTime() != null) {
            message.setLastHeartbeatTime(timestamp(agent.lastHeartbeatTime()));
        }
        if (agent.sharedKeySince() != null) {
            message.setSharedKeySince(timestamp(agent.sharedKeySince()));
        }
        if (agent.revokeTime() != null) {
            message.setRevokeTime(timestamp(agent.revokeTime()));
        }
        return message.build();
    }

    /** With what it said of its host. */
    static dev.yagura.proto.inventory.v1.Agent message(
            Agent agent, Optional<ReceivedReport> hostReport, Instant now) {
        dev.yagura.proto.inventory.v1.Agent.Builder message = message(agent, now).toBuilder();
        hostReport.ifPresent(received ->
                message.setHostReport(received.report())
                        .setHostReportTime(timestamp(received.time())));
        return message.build();
    }

    static IdentityProof proof(Agent agent) {
        return agent.proven()
                ? IdentityProof.IDENTITY_PROOF_INSTANCE_IDENTITY_DOCUMENT
                : IdentityProof.IDENTITY_PROOF_UNPROVEN;
    }

    static Admission admission(Agent agent) {
        return Admission.newBuilder()
                .setAgentId(agent.id().toString())
                .setHostId(agent.hostId().toString())
                .setScope(agent.scope())
                .setRevoked(agent.isRevoked())
                .setPublicKeySha256(agent.publicKeySha256())
                .build();
    }

    public static Timestamp timestamp(Instant time) {
        return Timestamp.newBuilder()
                .setSeconds(time.getEpochSecond())
                .setNanos(time.getNano())
                .build();
    }

    private static Device device(Agent agent) {
        Agent.Machine machine = agent.machine();
        return Device.newBuilder()
                .setHostId(agent.hostId().toString())
                .setScope(agent.scope())
                .setInstanceId(machine.instanceId())
                .setHostname(machine.hostname())
                .setOs(machine.os())
                .setBootId(machine.bootId())
                .build();
    }

    private static AgentState state(Agent.State state) {
        return switch (state) {
            case ENROLLED -> AgentState.AGENT_STATE_ENROLLED;
            case CONNECTED -> AgentState.AGENT_STATE_CONNECTED;
            case SILENT -> AgentState.AGENT_STATE_SILENT;
            case REVOKED -> AgentState.AGENT_STATE_REVOKED;
            case RETIRED -> AgentState.AGENT_STATE_RETIRED;
        };
    }
}
