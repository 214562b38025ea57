package dev.yagura.telemetry.auditd;

import dev.yagura.telemetry.event.BadLines;
import dev.yagura.telemetry.event.EventParser;
import dev.yagura.telemetry.event.EventSink;
import java.time.Clock;

/** The log of auditd, raw or enriched. */
public final class AuditdParser implements EventParser {
    private final AuditAssembler assembler;
    private final BadLines badLines;

    /**
     * A parser of one host's log.
     *
     * @param bootId part of process uids
     */
    public AuditdParser(String bootId, Clock clock, BadLines badLines, EventSink sink) {
        AuditEventMapper mapper = new AuditEventMapper(new ProcessTable(bootId), clock);
        this.assembler = new AuditAssembler(event -> mapper.map(event).ifPresent(sink::accept));
        this.badLines = badLines;
    }

    @Override
    public void line(String line) {
        if (line.isBlank()) {
            return;
        }
        AuditLine.parse(line)
                .ifPresentOrElse(
                        assembler::add,
                        () ->
                                badLines.add(
                                        line,
                                        "no audit record (type=… msg=audit(time:serial): …)"));
    }

    @Override
    public void tick(long nowNanos) {
        assembler.tick(nowNanos);
    }

    @Override
    public void finish() {
        assembler.finish();
    }

    @Override
    public boolean isHolding() {
        return !assembler.isEmpty();
    }
}
