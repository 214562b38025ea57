package dev.yagura.sigma.overfit;

import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.telemetry.recording.Recording;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The one place where the campaigns read a recording, whatever its format. */
final class RecordedTelemetry {
    private RecordedTelemetry() {}

    /**
     * Its events in the order of the file; empty when there is no reader for the format. Lines that
     * the reader does not take are passed over.
     */
    static Optional<List<Event>> read(Path file) {
        try {
            Optional<Recording> recording = Recording.detect(file);
            if (recording.isEmpty()) {
                return Optional.empty();
            }
            List<Event> events = new ArrayList<>();
            recording.get().read(Clock.systemUTC(), (line, reason) -> {}, events::add);
            return Optional.of(events);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }
}
