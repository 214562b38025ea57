package dev.yagura.telemetry.event;

import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.proto.telemetry.v1.Process;

/**
 * Keeps an event below the largest size that is sent. What can be spared goes first: raw records,
 * then fields without a place in the schema, then argument vectors, then the ends of command lines.
 * An event that lost something carries "yagura.truncated" in its unmapped fields.
 */
public final class EventLimits {
    /** Largest serialized event. */
    public static final int MAX_EVENT_BYTES = 64 * 1024;

    static final String TRUNCATED = "yagura.truncated";
    private static final int MAX_TEXT = 4 * 1024;

    /** Room for the mark itself. */
    private static final int ROOM = MAX_EVENT_BYTES - 64;

    private EventLimits() {}

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
        smaller.clearUnmapped();
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
        return smaller.build();
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
        if (text.length() <= MAX_TEXT) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(MAX_TEXT - 1)) ? MAX_TEXT - 1 : MAX_TEXT;
        return text.substring(0, end);
    }
}
