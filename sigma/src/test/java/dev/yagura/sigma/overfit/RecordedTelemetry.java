package dev.yagura.sigma.overfit;

import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.telemetry.auditd.AuditdParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/** The one place where the campaigns read a recording, whatever its format. */
final class RecordedTelemetry {
    private RecordedTelemetry() {}

    /** Its events in the order of the file; empty when there is no reader for the format. */
    static Optional<List<Event>> read(Path file) {
        try (BufferedReader lines = lines(file)) {
            lines.mark(1 << 16);
            String first = lines.readLine();
            if (first == null || !first.startsWith("type=")) {
                return Optional.empty();
            }
            lines.reset();
            List<Event> events = new ArrayList<>();
            AuditdParser parser =
                    new AuditdParser(
                            "boot",
                            Clock.systemUTC(),
                            (line, reason) -> {
                                throw new AssertionError(reason + ": " + line);
                            },
                            events::add);
            lines.lines().forEach(parser::line);
            parser.finish();
            return Optional.of(events);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private static BufferedReader lines(Path file) throws IOException {
        InputStream in = Files.newInputStream(file);
        return new BufferedReader(
                new InputStreamReader(
                        file.toString().endsWith(".gz") ? new GZIPInputStream(in) : in,
                        StandardCharsets.UTF_8),
                1 << 16);
    }
}
