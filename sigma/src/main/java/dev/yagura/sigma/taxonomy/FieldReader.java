package dev.yagura.sigma.taxonomy;

/** Where a Sigma field is in an event. */
@FunctionalInterface
public interface FieldReader {
    /** Puts the value in; leaves a missing one out. */
    void read(EventView view, FieldText text);
}
