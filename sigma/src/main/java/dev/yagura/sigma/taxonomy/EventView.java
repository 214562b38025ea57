package dev.yagura.sigma.taxonomy;

import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.proto.telemetry.v1.RawRecord;

/**
 * What one selection looks at: a whole event, or one record of it.
 *
 * <p>A selection on audit records must hold within one record; different selections of a rule may
 * be met by different records of the event. Each record also has the fields of the event's SYSCALL
 * record (exe, uid, key, …), but for its arguments a0 to a3, which are those of the call.
 */
public final class EventView {
    private Event event = Event.getDefaultInstance();
    private RawRecord raw = RawRecord.getDefaultInstance();
    private RawRecord call = RawRecord.getDefaultInstance();

    public void show(Event shown) {
        event = shown;
    }

    public void show(Event shown, RawRecord rawRecord, RawRecord callRecord) {
        event = shown;
        raw = rawRecord;
        call = callRecord;
    }

    /** The event's SYSCALL record, which every view of a record shares; empty when it has none. */
    public static RawRecord callRecord(Event event) {
        for (int i = 0; i < event.getRawRecordsCount(); i++) {
            if (event.getRawRecords(i).getType().equals("SYSCALL")) {
                return event.getRawRecords(i);
            }
        }
        return RawRecord.getDefaultInstance();
    }

    Event event() {
        return event;
    }

    /** Empty where the view is of a whole event. */
    RawRecord raw() {
        return raw;
    }

    /** The event's SYSCALL record; empty when it has none. */
    RawRecord call() {
        return call;
    }
}
