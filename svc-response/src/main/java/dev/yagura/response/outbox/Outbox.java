package dev.yagura.response.outbox;

import java.sql.Connection;
import java.util.List;

/** Takes events, for everybody who wants to know of them. */
public interface Outbox {

    /**
     * Adds the deliveries in the caller's transaction: they are there if its change is.
     *
     * @throws dev.yagura.common.error.DependencyUnavailableException the database is away or busy
     */
    void append(Connection connection, List<Event> events);
}
