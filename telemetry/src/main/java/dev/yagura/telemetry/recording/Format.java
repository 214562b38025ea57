package dev.yagura.telemetry.recording;

import dev.yagura.telemetry.auditd.AuditdParser;
import dev.yagura.telemetry.auditd.AuomsParser;
import dev.yagura.telemetry.event.BadLines;
import dev.yagura.telemetry.event.EventParser;
import dev.yagura.telemetry.event.EventSink;
import dev.yagura.telemetry.syslog.SyslogParser;
import dev.yagura.telemetry.sysmon.SysmonParser;
import dev.yagura.telemetry.web.AccessLogParser;
import dev.yagura.telemetry.web.W3cLogParser;
import java.time.Clock;
import java.util.Arrays;
import java.util.Optional;

/** Formats that can be told by a line. The first that reads a line is the line's. */
public enum Format {
    AUOMS("auoms", Reading.LINES_IN_ORDER) {
        @Override
        public EventParser parser(String bootId, Clock clock, BadLines badLines, EventSink sink) {
            return new AuomsParser(bootId, clock, badLines, sink);
        }

        @Override
        boolean reads(String line) {
            return AuomsParser.reads(line);
        }
    },
    /** Windows event log, CloudTrail, journald and others, told apart object by object. */
    JSON("json", Reading.JSON) {
        @Override
        public EventParser parser(String bootId, Clock clock, BadLines badLines, EventSink sink) {
            return new JsonLineParser(clock, badLines, sink);
        }

        @Override
        boolean reads(String line) {
            String text = line.strip();
            return text.startsWith("{") || text.equals("[") || text.matches("\\[\\s*\\{.*");
        }
    },
    AUDITD("auditd", Reading.LINES_IN_ORDER) {
        @Override
        public EventParser parser(String bootId, Clock clock, BadLines badLines, EventSink sink) {
            return new AuditdParser(bootId, clock, badLines, sink);
        }

        @Override
        boolean reads(String line) {
            return line.contains("type=") && line.contains("msg=audit(");
        }
    },
    SYSMON_LINUX("sysmon-linux", Reading.LINES) {
        @Override
        public EventParser parser(String bootId, Clock clock, BadLines badLines, EventSink sink) {
            return new SysmonParser(clock, badLines, sink);
        }

        @Override
        boolean reads(String line) {
            return SysmonParser.reads(line);
        }
    },
    W3C_LOG("w3c-log", Reading.LINES_IN_ORDER) {
        @Override
        public EventParser parser(String bootId, Clock clock, BadLines badLines, EventSink sink) {
            return new W3cLogParser(clock, badLines, sink);
        }

        @Override
        boolean reads(String line) {
            return W3cLogParser.reads(line);
        }
    },
    WEB_LOG("web-log", Reading.LINES) {
        @Override
        public EventParser parser(String bootId, Clock clock, BadLines badLines, EventSink sink) {
            return new AccessLogParser(clock, badLines, sink);
        }

        @Override
        boolean reads(String line) {
            return AccessLogParser.reads(line);
        }
    },
    SYSLOG("syslog", Reading.LINES) {
        @Override
        public EventParser parser(String bootId, Clock clock, BadLines badLines, EventSink sink) {
            return new SyslogParser(clock, badLines, sink);
        }

        @Override
        boolean reads(String line) {
            return SyslogParser.reads(line);
        }
    };

    private final String word;
    private final Reading reading;

    /** How a file of the format is cut up. */
    enum Reading {
        /** Objects, each whole in itself. */
        JSON,
        /** Lines, each whole in itself. */
        LINES,
        /** Lines that need those before them. */
        LINES_IN_ORDER
    }

    Format(String word, Reading reading) {
        this.word = word;
        this.reading = reading;
    }

    /**
     * A parser of one source's lines.
     *
     * @param bootId part of process uids, where the format has none of its own
     */
    public abstract EventParser parser(
            String bootId, Clock clock, BadLines badLines, EventSink sink);

    /** True when the line can only be of this format, or of none before it in the list. */
    abstract boolean reads(String line);

    /** As it is named in options and reports. */
    public String word() {
        return word;
    }

    Reading reading() {
        return reading;
    }

    /** The format with this word. */
    public static Optional<Format> named(String word) {
        return Arrays.stream(values()).filter(format -> format.word.equals(word)).findFirst();
    }

    static Optional<Format> of(String line) {
        return Arrays.stream(values()).filter(format -> format.reads(line)).findFirst();
    }
}
