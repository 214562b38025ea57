package dev.yagura.gateway.admission;

import dev.yagura.proto.type.v1.AgentIdentity;

/**
 * An agent as the inventory knows it.
 *
 * @param publicKeySha256 hexadecimal, of the key that may connect
 */
record Admission(AgentIdentity agent, boolean revoked, String publicKeySha256) {
    String agentId() {
        return agent.getAgentId();
    }
}
