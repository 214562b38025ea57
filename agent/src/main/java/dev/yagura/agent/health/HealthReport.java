package dev.yagura.agent.health;

import dev.yagura.agent.delivery.DeliveryState;
import dev.yagura.agent.event.AgentCounters;
import dev.yagura.agent.event.Problems;
import dev.yagura.agent.spool.Spool;
import dev.yagura.proto.inventory.v1.AgentHealth;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** The same numbers for the heartbeat and for people. */
public final class HealthReport {
    private final Spool spool;
    private final AgentCounters counters;
    private final Problems problems;
    private final Supplier<DeliveryState> delivery;
    private final BooleanSupplier takesCommands;
    private final Clock clock;

    public HealthReport(
            Spool spool,
            AgentCounters counters,
            Problems problems,
            Supplier<DeliveryState> delivery,
            BooleanSupplier takesCommands,
            Clock clock) {
        this.spool = spool;
        this.counters = counters;
        this.problems = problems;
        this.delivery = delivery;
        this.takesCommands = takesCommands;
        this.clock = clock;
    }

    AgentHealth toProto() {
        return AgentHealth.newBuilder()
                .setSpoolBytes(spool.bytes())
                .setSpoolBatches(spool.waitingBatches())
                .setEventsRead(counters.eventsRead())
                .setEventsAcknowledged(counters.eventsAcknowledged())
                .setEventsDeclaredLost(counters.eventsLost())
                .addAllProblems(problems.current())
                .setTakesCommands(takesCommands.getAsBoolean())
                .build();
    }

    /** For status.json, in the order that it is shown in. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("time", clock.instant().toString());
        map.put("processId", ProcessHandle.current().pid());
        map.put("connected", delivery.get().connected());
        map.put("takesCommands", takesCommands.getAsBoolean());
        map.put("spoolBytes", spool.bytes());
        map.put("spoolBatches", spool.waitingBatches());
        map.put("eventsRead", counters.eventsRead());
        map.put("eventsAcknowledged", counters.eventsAcknowledged());
        map.put("eventsDeclaredLost", counters.eventsLost());
        map.put("badLines", counters.badLines());
        map.put("problems", problems.current());
        return map;
    }
}
