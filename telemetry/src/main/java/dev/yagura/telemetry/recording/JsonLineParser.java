package dev.yagura.telemetry.recording;

import dev.yagura.telemetry.event.BadLines;
import dev.yagura.telemetry.event.EventParser;
import dev.yagura.telemetry.event.EventSink;
import java.nio.charset.StandardCharsets;
import java.time.Clock;

/** JSON lines of a file that is followed: one object a line. */
final class JsonLineParser implements EventParser {
    private final JsonEvents events;
    private final BadLines badLines;
    private final EventSink sink;

    JsonLineParser(Clock clock, BadLines badLines, EventSink sink) {
        this.events = new JsonEvents(clock, JsonEvents.DEFAULT_SOURCE);
        this.badLines = badLines;
        this.sink = sink;
    }

    @Override
    public void line(String line) {
        if (!line.isBlank()) {
            byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
            events.read(bytes, 0, bytes.length, badLines, sink);
        }
    }

    @Override
    public void tick(long nowNanos) {
        // Nothing waits: each line is a whole event.
    }

    @Override
    public void finish() {
        // Nothing waits: each line is a whole event.
    }

    @Override
    public boolean isHolding() {
        return false;
    }
}
