package dev.yagura.telemetry.recording;

import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.telemetry.event.BadLines;

/** Some records of a recording in their order. Each piece can be decoded by any thread, once. */
public interface Piece {

    /** Decodes the records. */
    void decode(BadLines badLines, Sink sink);

    /** Takes events. */
    @FunctionalInterface
    interface Sink {
        /**
         * One event.
         *
         * @param record number within the file, from 1: of the line or of the object; of the event
         *     where several lines make one
         */
        void accept(long record, Event event);
    }
}
