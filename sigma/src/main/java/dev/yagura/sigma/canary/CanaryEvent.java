package dev.yagura.sigma.canary;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.proto.telemetry.v1.RawRecord;
import java.util.List;

/**
 * An event in the making. Says what Sigma's field is to have when a place has been filled, by its
 * own knowledge of the schema: the readers of places are what it is to find mistakes in.
 */
final class CanaryEvent {
    private static final String UNMAPPED = "unmapped.";
    private static final String RECORD = "record.";
    private static final String OBJECT = "object.";
    private static final String TEXT = "canary ";
    private static final String GUID = "CA4A0000-0000-4000-8000-0000000000CA";

    /** Of the blocks for documentation, RFC 5737. */
    private static final String ADDRESS = "203.0.113.202";

    private static final int NUMBER = 51_966;

    private final Event.Builder event = Event.newBuilder();
    private final RawRecord.Builder raw = RawRecord.newBuilder();
    private final boolean perRecord;

    CanaryEvent(Canary canary) {
        this.perRecord = canary.perRecord();
        Canary.Kinds kinds = canary.kinds();
        event.setSource(kinds.sensor())
                .setClassUid(first(kinds.classes(), 0))
                .setActivityId(first(kinds.activities(), 0))
                .putUnmapped(Canary.MARK, canary.name());
        raw.putFields(Canary.MARK, canary.name());
        unlessEmpty("Channel", first(kinds.channels(), ""));
        unlessEmpty("EventID", first(kinds.eventIds(), ""));
    }

    private static <T> T first(List<T> values, T otherwise) {
        return values.isEmpty() ? otherwise : values.getFirst();
    }

    private void unlessEmpty(String name, String value) {
        if (!value.isEmpty()) {
            event.putUnmapped(name, value);
        }
    }

    /**
     * Fills a place.
     *
     * @return what a field that is there has
     */
    String put(String place) {
        if (place.startsWith(UNMAPPED)) {
            return unmapped(place.substring(UNMAPPED.length()));
        }
        if (place.startsWith(RECORD)) {
            return record(place.substring(RECORD.length()));
        }
        if (place.startsWith(OBJECT)) {
            return unmapped(place.substring(OBJECT.length()));
        }
        int dot = place.lastIndexOf('.');
        String owner = dot < 0 ? "" : place.substring(0, dot);
        String name = place.substring(dot + 1);
        return switch (name) {
            case "guid" -> {
                set(event, owner + ".uid", "sysmon:" + GUID);
                yield "{" + GUID + "}";
            }
            case "user_or_id" -> put(owner + ".user.name");
            case "hashes" ->
                    "SHA1=%s,MD5=%s,SHA256=%s,IMPHASH=%s"
                            .formatted(
                                    put(place + ".sha1"),
                                    put(place + ".md5"),
                                    put(place + ".sha256"),
                                    unmapped("Imphash"));
            default -> set(event, place, TEXT + place);
        };
    }

    /** Puts in a field that is found under its own name. */
    String putOwnName(String field) {
        return perRecord ? record(field) : unmapped(field);
    }

    private String unmapped(String name) {
        String known = event.getUnmappedMap().get(name);
        if (known != null) {
            return known; // Channel and EventID are the kind's
        }
        String value = TEXT + name;
        event.putUnmapped(name, value);
        return value;
    }

    private String record(String name) {
        String value = TEXT + name;
        if (name.equals("type")) {
            raw.setType(value);
        } else {
            raw.putFields(name, value);
        }
        return value;
    }

    /** Sets the field of the schema that a dotted path names, by its type. */
    private static String set(Message.Builder message, String path, String text) {
        int dot = path.indexOf('.');
        FieldDescriptor field =
                message.getDescriptorForType()
                        .findFieldByName(dot < 0 ? path : path.substring(0, dot));
        if (field == null) {
            throw new IllegalArgumentException("the schema has no place " + path);
        }
        if (dot >= 0) {
            return set(message.getFieldBuilder(field), path.substring(dot + 1), text);
        }
        if (field.isRepeated()) {
            message.addRepeatedField(field, text);
            return text + ";";
        }
        Object value =
                switch (field.getJavaType()) {
                    case STRING -> path.equals("ip") ? ADDRESS : text;
                    case INT -> NUMBER;
                    case BOOLEAN -> true;
                    case LONG, FLOAT, DOUBLE, BYTE_STRING, ENUM, MESSAGE ->
                            throw new IllegalArgumentException(path + " holds no text");
                };
        // A uid may have been set in its native form for a field beside it.
        Object known = message.getField(field);
        if (field.getJavaType() == FieldDescriptor.JavaType.STRING && !known.equals("")) {
            return known.toString();
        }
        message.setField(field, value);
        return value.toString();
    }

    Event build() {
        if (perRecord) {
            event.clearRawRecords().addRawRecords(raw);
        }
        return event.build();
    }
}
