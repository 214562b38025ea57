package dev.yagura.sigma.taxonomy;

import dev.yagura.sigma.LogSource;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/** A Sigma log source that some sensor delivers: its events and its fields. */
public final class EventSource {
    private final LogSource logSource;
    private final Predicate<EventKind> kinds;
    private final boolean perRecord;
    private final Function<String, Optional<FieldReader>> fields;

    EventSource(
            LogSource logSource,
            Predicate<EventKind> kinds,
            boolean perRecord,
            Function<String, Optional<FieldReader>> fields) {
        this.logSource = logSource;
        this.kinds = kinds;
        this.perRecord = perRecord;
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

    /** Where the field is; empty when no event of this source has it. */
    public Optional<FieldReader> field(String name) {
        return fields.apply(name);
    }
}
