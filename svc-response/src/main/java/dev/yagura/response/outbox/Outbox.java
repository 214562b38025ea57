package dev.yagura.response.outbox;

import java.util.List;

/** Takes events, for everybody who wants to know of them. */
public interface Outbox {

    /** Adds the deliveries in the caller's transaction: they are there if its change is. */
    void append(List<Event> events);
}
