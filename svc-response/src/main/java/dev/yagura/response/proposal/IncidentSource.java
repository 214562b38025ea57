package dev.yagura.response.proposal;

import dev.yagura.proto.detection.v1.Incident;
import dev.yagura.proto.type.v1.Scope;
import java.util.List;
import java.util.function.BiConsumer;

/** Incidents, as detection has them. */
public interface IncidentSource extends AutoCloseable {

    /**
     * A page of those that are open.
     *
     * @param next token of the next page; empty on the last
     * @param cursor watching from here misses nothing that is not on the page
     */
    record Page(List<Incident> incidents, String next, String cursor) {}

    /**
     * One.
     *
     * @throws dev.yagura.common.error.NotFoundException there is none
     * @throws dev.yagura.common.error.DependencyUnavailableException detection is away
     */
    Incident get(String name);

    /** Where the host of an incident is. */
    static Scope scope(Incident incident) {
        return incident.getAsset().hasScope()
                ? incident.getAsset().getScope()
                : incident.getScope();
    }

    /**
     * @throws dev.yagura.common.error.DependencyUnavailableException detection is away
     */
    Page list(String token);

    /**
     * Hands over every change until the stream ends, with the cursor after it; the incident is the
     * default one when only the cursor is newer.
     *
     * @throws dev.yagura.common.error.CursorExpiredException list again
     * @throws dev.yagura.common.error.DependencyUnavailableException detection is away
     */
    void watch(String cursor, BiConsumer<String, Incident> receiver);

    @Override
    void close();
}
