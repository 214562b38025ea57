package dev.yagura.sigma.taxonomy;

import dev.yagura.proto.telemetry.v1.Device;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One event's values by the names that Sigma has for them in a log source. For the few fields that
 * are asked after a rule was met; rules themselves are matched by compiled readers.
 */
public final class EventFields implements Function<String, @Nullable String> {
    private final List<EventSource> sources;
    private final SensorEvent event;
    private final Map<String, Optional<String>> known = new HashMap<>();

    private EventFields(List<EventSource> sources, SensorEvent event) {
        this.sources = sources;
        this.event = event;
    }

    /**
     * The values of an event.
     *
     * @param sources that the log source means
     * @param device the host that the event is about
     */
    public static EventFields of(List<EventSource> sources, Device device, SensorEvent event) {
        EventKind kind = EventKind.of(device, event);
        return new EventFields(
                sources.stream().filter(source -> source.accepts(kind)).toList(), event);
    }

    /** The value; of several records the first that has one. Null when the event has none. */
    @Override
    public @Nullable String apply(String field) {
        return known.computeIfAbsent(field, this::read).orElse(null);
    }

    private Optional<String> read(String field) {
        for (EventSource source : sources) {
            Optional<String> value =
                    source.field(field).flatMap(reader -> read(reader, source.isPerRecord()));
            if (value.isPresent()) {
                return value;
            }
        }
        return Optional.empty();
    }

    private Optional<String> read(FieldReader reader, boolean perRecord) {
        EventView view = new EventView();
        if (!perRecord) {
            view.show(event);
            return read(reader, view);
        }
        for (int record = 0; record < event.records(); record++) {
            view.show(event, record);
            Optional<String> value = read(reader, view);
            if (value.isPresent()) {
                return value;
            }
        }
        return Optional.empty();
    }

    private static Optional<String> read(FieldReader reader, EventView view) {
        FieldText text = new FieldText();
        reader.read(view, text);
        return text.isPresent() ? Optional.of(text.toString()) : Optional.empty();
    }
}
