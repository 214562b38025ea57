package dev.yagura.sigma.engine;

import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.sigma.taxonomy.CaseFolding;
import dev.yagura.sigma.taxonomy.EventSource;
import dev.yagura.sigma.taxonomy.EventView;
import dev.yagura.sigma.taxonomy.FieldText;
import dev.yagura.sigma.taxonomy.SensorEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a selection sees of an event, by Sigma's names; each field is read once. */
public final class FieldValues {
    private final Function<String, Optional<String>> reader;
    private final Map<String, Optional<String>> values = new HashMap<>();
    private final Map<String, Optional<String>> folded = new HashMap<>();

    /**
     * Values.
     *
     * @param reader value by field; keywords have the empty name
     */
    FieldValues(Function<String, Optional<String>> reader) {
        this.reader = reader;
    }

    /** The views of an event by the source's own mapping. */
    public static List<FieldValues> of(EventSource source, Event event) {
        List<FieldValues> views = new ArrayList<>();
        if (!source.isPerRecord()) {
            EventView view = new EventView();
            view.show(SensorEvent.of(event));
            return List.of(new FieldValues(field -> read(source, view, field)));
        }
        for (int record = 0; record < event.getRawRecordsCount(); record++) {
            EventView view = new EventView();
            view.show(SensorEvent.of(event), record);
            views.add(new FieldValues(field -> read(source, view, field)));
        }
        return views;
    }

    /** Null when the field is missing. */
    @Nullable String value(String field) {
        return values.computeIfAbsent(field, reader).orElse(null);
    }

    /** The value with case folded. */
    @Nullable String folded(String field) {
        return folded.computeIfAbsent(
                        field, name -> Optional.ofNullable(value(name)).map(CaseFolding::fold))
                .orElse(null);
    }

    private static Optional<String> read(EventSource source, EventView view, String field) {
        FieldText text = new FieldText();
        source.field(field).ifPresent(reader -> reader.read(view, text));
        return text.isPresent() ? Optional.of(text.toString()) : Optional.empty();
    }
}
