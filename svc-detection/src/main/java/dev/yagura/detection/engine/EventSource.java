package dev.yagura.detection.engine;

import dev.yagura.detection.sigma.LogSource;
import dev.yagura.proto.telemetry.v1.Device;
import dev.yagura.proto.telemetry.v1.Event;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Function;

/** A Sigma log source that some sensor delivers: its events and its fields. */
final class EventSource {
    private final LogSource logSource;
    private final BiPredicate<Device, Event> events;
    private final boolean perRecord;
    private final Function<String, Optional<FieldReader>> fields;

    EventSource(
            LogSource logSource,
            BiPredicate<Device, Event> events,
            boolean perRecord,
            Function<String, Optional<FieldReader>> fields) {
        this.logSource = logSource;
        this.events = events;
        this.perRecord = perRecord;
        this.fields = fields;
    }

    LogSource logSource() {
        return logSource;
    }

    boolean accepts(Device device, Event event) {
        return events.test(device, event);
    }

    /** Whether a selection looks at one raw record at a time. */
    boolean isPerRecord() {
        return perRecord;
    }

    /** Where the field is; empty when no event of this source has it. */
    Optional<FieldReader> field(String name) {
        return fields.apply(name);
    }
}
