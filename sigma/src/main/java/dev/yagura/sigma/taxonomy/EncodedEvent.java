package dev.yagura.sigma.taxonomy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import dev.yagura.proto.telemetry.v1.Event;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * An event whose records and unmapped fields are found in its bytes. Of a name that is there twice
 * the last value counts, as everywhere in protobuf.
 */
final class EncodedEvent extends SensorEvent {
    private static final FieldName CHANNEL = new FieldName(EventKind.CHANNEL);
    private static final FieldName EVENT_ID = new FieldName(EventKind.EVENT_ID);
    private static final FieldName CALL_TYPE = new FieldName(CALL);

    /** Names that code asks for by text: few, and for each event again. */
    private static final Map<String, FieldName> NAMES = new ConcurrentHashMap<>();

    private final byte[] bytes;
    private final int start;
    private final int end;
    private final Event core;
    private final EventIndex index;
    private final int call;
    private @Nullable String channel;
    private @Nullable String eventId;
    private @Nullable Event whole;

    private EncodedEvent(byte[] bytes, int start, int end, Event core, EventIndex index) {
        this.bytes = bytes;
        this.start = start;
        this.end = end;
        this.core = core;
        this.index = index;
        int record = 0;
        while (record < index.records() && !index.isOfType(record, CALL_TYPE)) {
            record++;
        }
        this.call = record < index.records() ? record : NO_RECORD;
    }

    static SensorEvent parse(byte[] bytes, int start, int end)
            throws InvalidProtocolBufferException {
        EventIndex index = EventIndex.of(bytes, start, end);
        if (index == null) {
            return new DecodedEvent(Event.parser().parseFrom(bytes, start, end - start));
        }
        Event core = Event.parser().parseFrom(bytes, start, index.coreEnd() - start);
        return new EncodedEvent(bytes, start, end, core, index);
    }

    @Override
    public Event core() {
        return core;
    }

    @Override
    public Event whole() {
        if (whole == null) {
            try {
                whole = Event.parser().parseFrom(bytes, start, end - start);
            } catch (InvalidProtocolBufferException e) {
                throw new IllegalStateException("the index refuses what protobuf refuses", e);
            }
        }
        return whole;
    }

    @Override
    public ByteString bytes() {
        return UnsafeByteOperations.unsafeWrap(bytes, start, end - start);
    }

    @Override
    public @Nullable String unmapped(String name) {
        return index.unmappedFrom() == index.unmappedTo()
                ? null
                : string(NAMES.computeIfAbsent(name, FieldName::new));
    }

    @Override
    String channel() {
        if (channel == null) {
            channel = orEmpty(string(CHANNEL));
        }
        return channel;
    }

    @Override
    String eventId() {
        if (eventId == null) {
            eventId = orEmpty(string(EVENT_ID));
        }
        return eventId;
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    private @Nullable String string(FieldName name) {
        int entry = index.unmapped(name);
        return entry < 0
                ? null
                : new String(
                        bytes,
                        index.valueAt(entry),
                        index.valueLength(entry),
                        StandardCharsets.UTF_8);
    }

    @Override
    public int records() {
        return index.records();
    }

    @Override
    int call() {
        return call;
    }

    @Override
    void type(int record, FieldText text) {
        if (index.typeLength(record) > 0) {
            text.clear();
            text.add(bytes, index.typeAt(record), index.typeLength(record));
        }
    }

    @Override
    boolean field(int record, FieldName name, FieldText text) {
        return put(index.field(record, name), text);
    }

    @Override
    boolean unmapped(FieldName name, FieldText text) {
        return put(index.unmapped(name), text);
    }

    private boolean put(int entry, FieldText text) {
        if (entry >= 0) {
            text.clear();
            add(entry, text);
        }
        return entry >= 0;
    }

    private void add(int entry, FieldText text) {
        text.add(bytes, index.valueAt(entry), index.valueLength(entry));
    }

    @Override
    void unmappedBelow(FieldName prefix, FieldText text) {
        int skipped = prefix.utf8Length();
        for (int entry = index.unmappedFrom(); entry < index.unmappedTo(); entry++) {
            int at = index.nameAt(entry);
            int length = index.nameLength(entry);
            if (prefix.begins(bytes, at, length)) {
                text.add(text.isPresent() ? "\n\"" : "\"");
                text.add(bytes, at + skipped, length - skipped);
                text.add("\":\"");
                add(entry, text);
                text.add("\"");
            }
        }
    }

    @Override
    void lines(int record, FieldText text) {
        lines(index.from(record), index.to(record), text);
    }

    @Override
    void unmappedLines(FieldText text) {
        lines(index.unmappedFrom(), index.unmappedTo(), text);
    }

    private void lines(int from, int to, FieldText text) {
        for (int entry = from; entry < to; entry++) {
            if (index.valueLength(entry) > 0) {
                if (text.length() > 0) {
                    text.add("\n");
                }
                add(entry, text);
            }
        }
    }
}
