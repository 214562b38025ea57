package dev.yagura.sigma.taxonomy;

import com.google.protobuf.ByteString;
import dev.yagura.proto.telemetry.v1.Event;
import org.jspecify.annotations.Nullable;

/** An event whose every part is an object. */
final class DecodedEvent extends SensorEvent {
    private static final int NOT_SOUGHT = -2;

    private final Event event;
    private int call = NOT_SOUGHT;

    DecodedEvent(Event event) {
        this.event = event;
    }

    @Override
    public Event core() {
        return event;
    }

    @Override
    public Event whole() {
        return event;
    }

    @Override
    public ByteString bytes() {
        return event.toByteString();
    }

    @Override
    public @Nullable String unmapped(String name) {
        // To ask a message without entries for its map makes protobuf create an empty one.
        return event.getUnmappedCount() == 0 ? null : event.getUnmappedMap().get(name);
    }

    @Override
    String channel() {
        return event.getUnmappedMap().getOrDefault(EventKind.CHANNEL, "");
    }

    @Override
    String eventId() {
        return event.getUnmappedMap().getOrDefault(EventKind.EVENT_ID, "");
    }

    @Override
    public int records() {
        return event.getRawRecordsCount();
    }

    @Override
    int call() {
        if (call == NOT_SOUGHT) {
            int record = 0;
            while (record < records() && !event.getRawRecords(record).getType().equals(CALL)) {
                record++;
            }
            call = record < records() ? record : NO_RECORD;
        }
        return call;
    }

    @Override
    void type(int record, FieldText text) {
        text.putUnlessEmpty(event.getRawRecords(record).getType());
    }

    @Override
    boolean field(int record, FieldName name, FieldText text) {
        return put(event.getRawRecords(record).getFieldsMap().get(name.text()), text);
    }

    @Override
    boolean unmapped(FieldName name, FieldText text) {
        return put(event.getUnmappedMap().get(name.text()), text);
    }

    private static boolean put(@Nullable String value, FieldText text) {
        if (value != null) {
            text.put(value);
        }
        return value != null;
    }

    @Override
    void unmappedBelow(FieldName prefix, FieldText text) {
        event.getUnmappedMap()
                .forEach((path, value) -> {
                    if (path.startsWith(prefix.text())) {
                        text.add(text.isPresent() ? "\n\"" : "\"");
                        text.add(path.substring(prefix.text().length()));
                        text.add("\":\"");
                        text.add(value);
                        text.add("\"");
                    }
                });
    }

    @Override
    void lines(int record, FieldText text) {
        event.getRawRecords(record).getFieldsMap().values().forEach(text::putLine);
    }

    @Override
    void unmappedLines(FieldText text) {
        event.getUnmappedMap().values().forEach(text::putLine);
    }
}
