package dev.yagura.agent;

import dev.yagura.agent.failure.AgentFailure;
import dev.yagura.agent.failure.AgentFailure.Kind;
import dev.yagura.telemetry.event.BadLines;
import dev.yagura.telemetry.event.EventSink;
import dev.yagura.telemetry.recording.Recording;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;

/** A recording to replay; what goes wrong with its file ends the replay in words. */
record ReplayFile(Recording recording) {

    /** Looks at the beginning; fails when the file cannot be read or its format is not known. */
    static ReplayFile detect(Path file) {
        try {
            return new ReplayFile(
                    Recording.detect(file)
                            .orElseThrow(() ->
                                    new AgentFailure(
                                            Kind.USAGE,
                                            file
                                                    + " is of no known format: expected the log of auditd, syslog, Sysmon for Linux, AUOMS events, Windows event log or CloudTrail in JSON, or the log of a web server")));
        } catch (IOException e) {
            throw new AgentFailure(
                    Kind.NOT_FOUND,
                    file
                            + " cannot be read ("
                            + e.getMessage()
                            + "): give recordings that this user may read",
                    e);
        }
    }

    /** Reads all of it. */
    void read(Clock clock, BadLines badLines, EventSink sink) {
        try {
            recording.read(clock, badLines, sink);
        } catch (IOException e) {
            throw new AgentFailure(
                    Kind.FAILED,
                    recording.file()
                            + " is damaged or was cut ("
                            + e.getMessage()
                            + "); what is before the damage was sent",
                    e);
        }
    }

    /** Time of the last event; 0 when there is none. */
    long lastTimeNanos(Clock clock) {
        long[] last = {0};
        read(clock, (line, reason) -> {}, event -> last[0] = Math.max(last[0], event.getTimeNs()));
        return last[0];
    }
}
