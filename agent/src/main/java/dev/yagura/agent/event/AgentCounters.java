package dev.yagura.agent.event;

import java.util.concurrent.atomic.LongAdder;

/** Numbers since the agent started. */
public final class AgentCounters {
    private final LongAdder eventsRead = new LongAdder();
    private final LongAdder eventsAcknowledged = new LongAdder();
    private final LongAdder eventsLost = new LongAdder();
    private final LongAdder badLines = new LongAdder();

    public void read(long events) {
        eventsRead.add(events);
    }

    public void acknowledged(long events) {
        eventsAcknowledged.add(events);
    }

    /** Declared lost: evicted, rejected, or never spooled. */
    public void lost(long events) {
        eventsLost.add(events);
    }

    public void badLine() {
        badLines.increment();
    }

    public long eventsRead() {
        return eventsRead.sum();
    }

    public long eventsAcknowledged() {
        return eventsAcknowledged.sum();
    }

    public long eventsLost() {
        return eventsLost.sum();
    }

    public long badLines() {
        return badLines.sum();
    }
}
