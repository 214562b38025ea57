package dev.yagura.response.plan;

import dev.yagura.common.error.StaleEtagException;
import dev.yagura.proto.response.v1.Drill;
import dev.yagura.proto.response.v1.ResponsePlan;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Versions of the plan, and drills. */
interface PlanStore {

    /** Of an earlier request. */
    record Earlier(Drill drill, String contentDigest) {}

    /** The newest version, without what is known of drills. */
    Optional<ResponsePlan> newest();

    /** When the first version was written. */
    Optional<Instant> begun();

    /**
     * Stores the next version; the same source again changes nothing.
     *
     * @param previous etag of the newest one; empty when it does not matter
     * @throws StaleEtagException the newest is another one
     */
    ResponsePlan add(ResponsePlan plan, String previous);

    /** False when this request was stored before. */
    boolean addDrill(Drill drill, UUID id, UUID requestId, String contentDigest);

    Optional<Earlier> findByRequest(UUID requestId);

    /** The one that took place last. */
    Optional<Drill> lastDrill();

    /** Those recorded last come first. */
    List<Drill> drills(@Nullable UUID after, int limit);
}
