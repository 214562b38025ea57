package dev.yagura.sigma.taxonomy;

import dev.yagura.proto.telemetry.v1.Event;

/**
 * What one selection looks at: a whole event, or one record of it.
 *
 * <p>A selection on audit records must hold within one record; different selections of a rule may
 * be met by different records of the event. Each record also has the fields of the event's SYSCALL
 * record (exe, uid, key, …), but for its arguments a0 to a3, which are those of the call.
 */
public final class EventView {
    private static final SensorEvent NOTHING = SensorEvent.of(Event.getDefaultInstance());

    private SensorEvent event = NOTHING;
    private int record = SensorEvent.NO_RECORD;

    public void show(SensorEvent shown) {
        show(shown, SensorEvent.NO_RECORD);
    }

    /** Shows one of the event's {@link SensorEvent#records}. */
    public void show(SensorEvent shown, int shownRecord) {
        event = shown;
        record = shownRecord;
    }

    SensorEvent event() {
        return event;
    }

    /** The typed core of the event. */
    Event core() {
        return event.core();
    }

    boolean isOfRecord() {
        return record != SensorEvent.NO_RECORD;
    }

    /** NO_RECORD where the view is of a whole event. */
    int record() {
        return record;
    }
}
