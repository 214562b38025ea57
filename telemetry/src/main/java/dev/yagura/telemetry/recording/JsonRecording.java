package dev.yagura.telemetry.recording;

import dev.yagura.telemetry.event.BadLines;
import dev.yagura.telemetry.event.EventSink;
import java.time.Clock;

/** JSON objects in memory, one after another or in an array, as {@link Recording} reads a file. */
public final class JsonRecording {
    private JsonRecording() {}

    /** Reads all of them in order. */
    public static void read(byte[] text, Clock clock, BadLines badLines, EventSink sink) {
        JsonPieces pieces =
                new JsonPieces(
                        clock,
                        JsonEvents.DEFAULT_SOURCE,
                        badLines,
                        piece -> piece.decode(badLines, (record, event) -> sink.accept(event)));
        pieces.accept(text, text.length);
        pieces.finish();
    }
}
