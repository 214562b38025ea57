package dev.yagura.detection.incident;

import dev.yagura.common.paging.PageKey;
import dev.yagura.proto.detection.v1.Incident;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** Reads and verdicts of incidents. */
interface IncidentStore {

    /** An incident with its place in a list. */
    record Row(Instant createTime, UUID id, Incident incident) {}

    /**
     * Newest first.
     *
     * @param after time of creation and id of the last row before
     */
    List<Row> list(IncidentQuery query, Optional<PageKey> after, int limit);

    /** Those of the ids that the query has. */
    Map<UUID, Incident> find(Collection<UUID> ids, IncidentQuery query);

    /**
     * Changes one, unless this request was answered before.
     *
     * @param change from what is stored to what is to be stored; may refuse by throwing
     * @return the incident as it is after this; empty when there is none with the id
     * @throws dev.yagura.common.error.AlreadyExistsException the request asked for something else
     */
    Optional<Incident> update(Request request, UnaryOperator<Incident> change);

    /**
     * A caller's request.
     *
     * @param fingerprint of all that it asks for
     */
    record Request(UUID requestId, UUID incidentId, String fingerprint, Instant time) {}
}
