package dev.yagura.telemetry.event;

import dev.yagura.proto.telemetry.v1.Event;

/** Takes events in the order of their source. */
@FunctionalInterface
public interface EventSink {
    void accept(Event event);
}
