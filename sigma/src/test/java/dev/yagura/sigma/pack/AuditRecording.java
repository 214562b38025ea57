package dev.yagura.sigma.pack;

import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.telemetry.auditd.AuditdParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/** A recorded audit log as events. */
final class AuditRecording {
    private AuditRecording() {}

    /** Events in the order of the file; the audit serial is the source_record_id. */
    static List<Event> read(Path log) throws IOException {
        List<Event> events = new ArrayList<>();
        AuditdParser parser =
                new AuditdParser(
                        "boot",
                        Clock.systemUTC(),
                        (line, reason) -> {
                            throw new AssertionError(reason + ": " + line);
                        },
                        events::add);
        Files.readAllLines(log).forEach(parser::line);
        parser.finish();
        return events;
    }
}
