package dev.yagura.telemetry.sysmon;

import dev.yagura.telemetry.event.BadLines;
import dev.yagura.telemetry.event.EventParser;
import dev.yagura.telemetry.event.EventSink;
import java.time.Clock;
import java.util.Optional;

/** The syslog file that Sysmon for Linux writes to; lines of other programs are passed over. */
public final class SysmonParser implements EventParser {
    private final SysmonMapper mapper;
    private final BadLines badLines;
    private final EventSink sink;

    public SysmonParser(Clock clock, BadLines badLines, EventSink sink) {
        this.mapper = new SysmonMapper(clock);
        this.badLines = badLines;
        this.sink = sink;
    }

    /** True when the line holds an event of Sysmon. */
    public static boolean reads(String line) {
        return line.contains(SysmonEvent.START) && line.contains("Linux-Sysmon");
    }

    @Override
    public void line(String line) {
        if (!line.contains(SysmonEvent.START)) {
            return;
        }
        Optional<SysmonEvent> event = SysmonEvent.parse(line);
        Optional<Long> time = event.flatMap(SysmonEvent::timeNanos);
        if (event.isEmpty() || time.isEmpty()) {
            badLines.add(
                    line,
                    event.isEmpty() ? "no whole <Event> in XML" : "UtcTime missing or garbled");
            return;
        }
        sink.accept(mapper.map(event.get(), time.get()));
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
