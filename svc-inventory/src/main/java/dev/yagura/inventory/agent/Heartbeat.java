package dev.yagura.inventory.agent;

import dev.yagura.proto.inventory.v1.AgentHealth;
import java.time.Instant;

/**
 * The newest report of an agent.
 *
 * @param time when it came, by the server's clock
 * @param version of the agent; empty when it said none
 * @param bootId empty when it said none
 */
record Heartbeat(Instant time, String version, String bootId, AgentHealth health) {}
