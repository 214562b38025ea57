package dev.yagura.telemetry.event;

import com.google.protobuf.Message;
import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.proto.telemetry.v1.Process;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Keeps an event below the largest size that is sent. What can be spared goes first: raw records,
 * then the ends of the longest unmapped fields, then argument vectors, then the ends of command
 * lines, then those of all texts. An event that lost something carries "yagura.truncated" in its
 * unmapped fields.
 */
public final class EventLimits {
    /** Largest serialized event. */
    public static final int MAX_EVENT_BYTES = 64 * 1024;

    static final String TRUNCATED = "yagura.truncated";
    private static final int MAX_TEXT = 4 * 1024;
    private static final int SHORT_TEXT = 512;

    /** Fields that say which log an event is of. */
    private static final Set<String> KIND =
            Set.of("Channel", "EventID", "Provider_Name", "Computer", "SYSCALL", "syscall");

    /** Room for the mark itself. */
    private static final int ROOM = MAX_EVENT_BYTES - 64;

    private EventLimits() {}

    /**
     * Like {@link #bound(Event)}; an event of a short record is not measured: every value is in at
     * most three places.
     */
    public static Event bound(Event event, int sourceBytes) {
        return sourceBytes < MAX_EVENT_BYTES / 8 ? event : bound(event);
    }

    /** The event, or as much of it as fits. */
    public static Event bound(Event event) {
        if (event.getSerializedSize() <= MAX_EVENT_BYTES) {
            return event;
        }
        Event.Builder smaller = event.toBuilder().clearRawRecords();
        mark(smaller, "raw_records");
        if (smaller.build().getSerializedSize() <= ROOM) {
            return smaller.build();
        }
        cutUnmapped(smaller);
        mark(smaller, "raw_records unmapped");
        if (smaller.build().getSerializedSize() <= ROOM) {
            return smaller.build();
        }
        if (smaller.hasProcess()) {
            smaller.setProcess(cut(smaller.getProcess()));
        }
        if (smaller.hasActor()) {
            smaller.setActor(cut(smaller.getActor()));
        }
        mark(smaller, "raw_records unmapped args cmd_line");
        if (smaller.build().getSerializedSize() <= ROOM) {
            return smaller.build();
        }
        shorten(smaller);
        mark(smaller, "raw_records unmapped args and other texts");
        return smaller.build();
    }

    /** Whatever text is long; there are few enough fields that all of them fit then. */
    private static void shorten(Message.Builder message) {
        message.getAllFields()
                .forEach((field, value) -> {
                    if (value instanceof String text) {
                        message.setField(field, cut(text, SHORT_TEXT));
                    } else if (field.isRepeated() && !field.isMapField()) {
                        message.clearField(field);
                    } else if (value instanceof Message) {
                        shorten(message.getFieldBuilder(field));
                    }
                });
    }

    /** The longest values lose their ends; when all are short, what does not say the kind goes. */
    private static void cutUnmapped(Event.Builder event) {
        int excess = event.build().getSerializedSize() - ROOM;
        Map<String, String> values = new LinkedHashMap<>(event.getUnmappedMap());
        List<String> longestFirst =
                event.getUnmappedMap().entrySet().stream()
                        .filter(entry -> entry.getValue().length() > SHORT_TEXT)
                        .sorted(
                                Comparator.comparingInt((Map.Entry<String, String> entry) ->
                                        -entry.getValue().length()))
                        .map(Map.Entry::getKey)
                        .toList();
        for (String name : longestFirst) {
            if (excess <= 0) {
                break;
            }
            String value = values.getOrDefault(name, "");
            int bytes = utf8(value);
            // In proportion, and a little less: characters differ in length.
            int fitting = (int) ((long) value.length() * Math.max(0, bytes - excess) / bytes) - 16;
            String shorter = cut(value, Math.max(SHORT_TEXT, fitting));
            if (bytes - utf8(shorter) < excess) {
                shorter = cut(value, SHORT_TEXT);
            }
            values.put(name, shorter);
            excess -= bytes - utf8(shorter);
        }
        if (excess > 0) {
            values.keySet().retainAll(KIND);
        }
        event.clearUnmapped().putAllUnmapped(values);
    }

    private static int utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static void mark(Event.Builder event, String what) {
        event.putUnmapped(TRUNCATED, what);
    }

    private static Process cut(Process process) {
        return process.toBuilder()
                .clearArgs()
                .setCmdLine(cut(process.getCmdLine()))
                .setPath(cut(process.getPath()))
                .setWorkingDirectory(cut(process.getWorkingDirectory()))
                .setParentPath(cut(process.getParentPath()))
                .setParentCmdLine(cut(process.getParentCmdLine()))
                .build();
    }

    private static String cut(String text) {
        return cut(text, MAX_TEXT);
    }

    private static String cut(String text, int length) {
        if (text.length() <= length) {
            return text;
        }
        return text.substring(
                0, Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length);
    }
}
