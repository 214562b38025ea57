package dev.yagura.sigma.taxonomy;

import dev.yagura.sigma.LogSource;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/** A Sigma log source that some sensor delivers: its events and its fields. */
public final class EventSource {
    private final LogSource logSource;
    private final Predicate<EventKind> kinds;
    private final boolean perRecord;
    private final Set<String> kindFields;
    private final Function<String, Optional<FieldReader>> fields;

    /**
     * A source.
     *
     * @param kinds of its events
     * @param kindFields whose values are those of {@link EventKind#valueOf}
     */
    EventSource(
            LogSource logSource,
            Predicate<EventKind> kinds,
            boolean perRecord,
            Set<String> kindFields,
            Function<String, Optional<FieldReader>> fields) {
        this.logSource = logSource;
        this.kinds = kinds;
        this.perRecord = perRecord;
        this.kindFields = Set.copyOf(kindFields);
        this.fields = fields;
    }

    public LogSource logSource() {
        return logSource;
    }

    public boolean accepts(EventKind kind) {
        return kinds.test(kind);
    }

    /** Whether a selection looks at one raw record at a time. */
    public boolean isPerRecord() {
        return perRecord;
    }

    /**
     * The value of a field that all events of the kind have in common.
     *
     * @return empty when events of the kind may differ in it
     */
    public Optional<String> valueOf(String field, EventKind kind) {
        return isOfKind(field) ? kind.valueOf(field) : Optional.empty();
    }

    /** Whether an event's kind may tell the value of the field. */
    public boolean isOfKind(String field) {
        return kindFields.contains(field);
    }

    /** Where the field is; empty when no event of this source has it. */
    public Optional<FieldReader> field(String name) {
        return fields.apply(name);
    }
}
