package dev.yagura.sigma.taxonomy;

import dev.yagura.proto.telemetry.v1.Device;
import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.sigma.LogSource;
import dev.yagura.telemetry.recording.Recording;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Events as readers make them of text, and fields as a log source finds them. */
final class Recorded {
    private Recorded() {}

    static List<Event> events(Path folder, String text, String jsonSource) {
        try {
            Path file = Files.writeString(folder.resolve("recording"), text);
            List<Event> events = new ArrayList<>();
            Recording.detect(file, jsonSource)
                    .orElseThrow(() -> new AssertionError("unknown format: " + text))
                    .read(
                            Clock.systemUTC(),
                            (line, reason) -> {
                                throw new AssertionError(reason + ": " + line);
                            },
                            events::add);
            return events;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static EventSource source(Mappings mappings, LogSource logSource) {
        return mappings.all().stream()
                .filter(source -> source.logSource().equals(logSource))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no table for " + logSource));
    }

    static boolean accepts(EventSource source, Event event) {
        return source.accepts(EventKind.of(Device.getDefaultInstance(), SensorEvent.of(event)));
    }

    /** The field's text; empty when it is missing. */
    static Optional<String> read(EventSource source, Event event, String name) {
        FieldReader reader =
                source.field(name)
                        .orElseThrow(
                                () -> new AssertionError(source.logSource() + " has no " + name));
        FieldText text = new FieldText();
        EventView view = new EventView();
        if (source.isPerRecord()) {
            view.show(SensorEvent.of(event), 0);
        } else {
            view.show(SensorEvent.of(event));
        }
        reader.read(view, text);
        return text.isPresent() ? Optional.of(text.toString()) : Optional.empty();
    }
}
