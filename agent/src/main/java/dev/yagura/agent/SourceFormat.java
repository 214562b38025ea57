package dev.yagura.agent;

import dev.yagura.telemetry.auditd.AuditdParser;
import dev.yagura.telemetry.auditd.AuomsParser;
import dev.yagura.telemetry.event.BadLines;
import dev.yagura.telemetry.event.EventParser;
import dev.yagura.telemetry.event.EventSink;
import dev.yagura.telemetry.sysmon.SysmonParser;
import java.time.Clock;
import java.util.Arrays;
import java.util.Optional;

/** Formats that the agent reads. */
enum SourceFormat {
    AUDITD("auditd") {
        @Override
        EventParser parser(String bootId, Clock clock, BadLines badLines, EventSink sink) {
            return new AuditdParser(bootId, clock, badLines, sink);
        }

        @Override
        boolean reads(String line) {
            return line.contains("type=") && line.contains("msg=audit(");
        }
    },
    SYSMON_LINUX("sysmon-linux") {
        @Override
        EventParser parser(String bootId, Clock clock, BadLines badLines, EventSink sink) {
            return new SysmonParser(clock, badLines, sink);
        }

        @Override
        boolean reads(String line) {
            return SysmonParser.reads(line);
        }
    },
    AUOMS("auoms") {
        @Override
        EventParser parser(String bootId, Clock clock, BadLines badLines, EventSink sink) {
            return new AuomsParser(bootId, clock, badLines, sink);
        }

        @Override
        boolean reads(String line) {
            return AuomsParser.reads(line);
        }
    };

    private final String word;

    SourceFormat(String word) {
        this.word = word;
    }

    abstract EventParser parser(String bootId, Clock clock, BadLines badLines, EventSink sink);

    /** True when the line can only be of this format. */
    abstract boolean reads(String line);

    String word() {
        return word;
    }

    static Optional<SourceFormat> named(String word) {
        return Arrays.stream(values()).filter(format -> format.word.equals(word)).findFirst();
    }

    static Optional<SourceFormat> of(String line) {
        return Arrays.stream(values()).filter(format -> format.reads(line)).findFirst();
    }
}
