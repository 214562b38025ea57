package dev.yagura.telemetry.syslog;

import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.telemetry.event.EventTimes;
import dev.yagura.telemetry.json.JsonRecord;
import java.time.Clock;
import java.util.Optional;

/** Syslog as JSON: journald's export, and the records of a log collector. */
public final class SyslogRecords {
    private final Clock clock;

    public SyslogRecords(Clock clock) {
        this.clock = clock;
    }

    /** The event; empty when the object is no syslog message. */
    public Optional<Event> map(JsonRecord json) {
        String text = json.text("MESSAGE");
        if (!text.isEmpty() && !json.text("__REALTIME_TIMESTAMP").isEmpty()) {
            return Optional.of(
                    message(
                            json,
                            "__REALTIME_TIMESTAMP",
                            "_HOSTNAME",
                            first(json, "SYSLOG_IDENTIFIER", "_COMM"),
                            json.text("_PID"),
                            text));
        }
        text = json.text("SyslogMessage");
        return text.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        message(
                                json,
                                json.text("EventTime").isEmpty() ? "TimeGenerated" : "EventTime",
                                json.text("HostName").isEmpty() ? "Computer" : "HostName",
                                json.text("ProcessName"),
                                json.text("ProcessID"),
                                text));
    }

    private Event message(
            JsonRecord json, String time, String host, String program, String pid, String text) {
        long now = EventTimes.nanos(clock.instant());
        return new SyslogMessage(
                        -1,
                        EventTimes.parse(json.text(time)).orElse(now),
                        json.text(host),
                        SyslogParser.program(program),
                        pid.matches("[0-9]{1,9}") ? Integer.parseInt(pid) : 0,
                        text)
                .event(now);
    }

    private static String first(JsonRecord json, String one, String other) {
        String text = json.text(one);
        return text.isEmpty() ? json.text(other) : text;
    }
}
