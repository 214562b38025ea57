package dev.yagura.detection.engine;

/** Where a Sigma field is in an event. */
@FunctionalInterface
interface FieldReader {
    /** Puts the value in; leaves a missing one out. */
    void read(EventView view, FieldText text);
}
