package dev.yagura.agent.delivery;

import dev.yagura.agent.event.AgentCounters;
import dev.yagura.agent.event.Problems;
import dev.yagura.agent.spool.Spool;
import dev.yagura.proto.telemetry.v1.Device;
import java.time.Clock;

/** What is delivered, and where it is told how that goes. */
public record DeliverySource(
        Spool spool,
        RejectedBatches rejected,
        Device device,
        String version,
        AgentCounters counters,
        Problems problems,
        Clock clock) {}
