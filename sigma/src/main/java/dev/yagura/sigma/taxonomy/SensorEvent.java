package dev.yagura.sigma.taxonomy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.yagura.proto.telemetry.v1.Event;
import org.jspecify.annotations.Nullable;

/**
 * One event as rules look at it. Most of an event's bytes are the records of its source, and most
 * of those no rule asks for: an event that comes as bytes has only its typed core decoded, its
 * records are found in the bytes when a rule looks at them.
 */
public abstract sealed class SensorEvent permits DecodedEvent, EncodedEvent {
    /** No record of the event. */
    static final int NO_RECORD = -1;

    /** Type of the audit record that says what call the event is about. */
    static final String CALL = "SYSCALL";

    /** An event that is decoded already. */
    public static SensorEvent of(Event event) {
        return new DecodedEvent(event);
    }

    /**
     * An event in its bytes, which must not change any more.
     *
     * @param bytes may have more than the event
     * @param start of the event
     * @param end of the event, exclusive
     * @throws InvalidProtocolBufferException what is there is no event
     */
    public static SensorEvent read(byte[] bytes, int start, int end)
            throws InvalidProtocolBufferException {
        return EncodedEvent.parse(bytes, start, end);
    }

    /** The typed core; raw records and unmapped fields may be left out. */
    public abstract Event core();

    /** All of it, decoded. */
    public abstract Event whole();

    /** The event as it came. */
    public abstract ByteString bytes();

    /** The value of an unmapped field; null when there is none. */
    public abstract @Nullable String unmapped(String name);

    /** Windows event log channel, or the program that wrote a line of syslog; may be empty. */
    abstract String channel();

    /** Event id within the channel; may be empty. */
    abstract String eventId();

    /** How many raw records it has. */
    public abstract int records();

    /** The event's first SYSCALL record, which every view of a record shares; or NO_RECORD. */
    abstract int call();

    abstract void type(int record, FieldText text);

    /** Puts the record's field in, when there is one. */
    abstract boolean field(int record, FieldName name, FieldText text);

    /** Puts the unmapped field in, when there is one. */
    abstract boolean unmapped(FieldName name, FieldText text);

    /** Adds what is below a path of unmapped fields: {@code "path":"value"}, one a line. */
    abstract void unmappedBelow(FieldName prefix, FieldText text);

    /** Adds each value of the record on a line. */
    abstract void lines(int record, FieldText text);

    /** Adds each unmapped value on a line. */
    abstract void unmappedLines(FieldText text);
}
