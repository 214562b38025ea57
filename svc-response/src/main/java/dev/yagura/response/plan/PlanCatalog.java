package dev.yagura.response.plan;

import dev.yagura.common.error.AlreadyExistsException;
import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.common.error.NotFoundException;
import dev.yagura.common.identity.Principal;
import dev.yagura.common.ids.Ids;
import dev.yagura.common.ids.ResourceName;
import dev.yagura.proto.response.v1.Drill;
import dev.yagura.proto.response.v1.RecordDrillRequest;
import dev.yagura.proto.response.v1.ResponsePlan;
import dev.yagura.response.action.ActionRequests;
import dev.yagura.response.aws.SavedTime;
import dev.yagura.response.playbook.KnownPlaybooks;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** What callers may read and write of the plan. */
@ApplicationScoped
class PlanCatalog {
    static final String NAME = "responsePlan";
    static final String DRILLS = NAME + "/drills";

    private static final int MAX_SCENARIO = 4 * 1024;
    private static final int MAX_FINDINGS = 64 * 1024;

    private final PlanStore store;
    private final KnownPlaybooks playbooks;
    private final Ids ids;
    private final Clock clock;

    @Inject
    PlanCatalog(PlanStore store, KnownPlaybooks playbooks, Ids ids, Clock clock) {
        this.store = store;
        this.playbooks = playbooks;
        this.ids = ids;
        this.clock = clock;
    }

    /** With what is known of drills; empty when nobody has written a plan. */
    Optional<ResponsePlan> find() {
        return store.newest().map(this::withDrills);
    }

    ResponsePlan check(String source, Principal caller) {
        return draft(source, caller);
    }

    ResponsePlan update(String source, String etag, Principal caller) {
        return withDrills(store.add(draft(source, caller), etag));
    }

    /** Keeps a drill; the same request again answers with what it kept. */
    Drill record(RecordDrillRequest request, Principal caller) {
        UUID requestId = ActionRequests.requestId(request.getRequestId());
        ResponsePlan plan =
                store.newest().orElseThrow(() -> new NotFoundException("response plan", NAME));
        Instant now = clock.instant();
        Instant time = request.hasTime() ? SavedTime.read(request.getTime()) : now;
        if (time.isAfter(now)) {
            throw new InvalidFieldException(
                    "time", "is in the future", "record a drill when it has taken place");
        }
        limit("scenario", request.getScenario(), MAX_SCENARIO);
        limit("findings", request.getFindings(), MAX_FINDINGS);
        if (request.getScenario().isBlank()) {
            throw new InvalidFieldException("scenario", "is empty", "say what was practised");
        }
        if (!request.getPlaybookRun().isEmpty()) {
            ResourceName.parse("playbook_run", "playbookRuns", request.getPlaybookRun());
        }
        UUID id = ids.v7();
        Drill drill =
                Drill.newBuilder()
                        .setName(ResourceName.of(DRILLS, id))
                        .setTime(SavedTime.of(time))
                        .setScenario(request.getScenario())
                        .setFindings(request.getFindings())
                        .setPlaybookRun(request.getPlaybookRun())
                        .setPlanVersion(plan.getVersion())
                        .setRecordedBy(caller.id())
                        .setCreateTime(SavedTime.of(now))
                        .build();
        String digest = request.toString();
        return store.addDrill(drill, id, requestId, digest) ? drill : earlier(requestId, digest);
    }

    private Drill earlier(UUID requestId, String digest) {
        PlanStore.Earlier earlier = store.findByRequest(requestId).orElseThrow();
        if (!earlier.contentDigest().equals(digest)) {
            throw new AlreadyExistsException(
                    "request_id " + requestId + " was used for another drill; make a new one");
        }
        return earlier.drill();
    }

    private static void limit(String field, String text, int bytes) {
        if (text.getBytes(StandardCharsets.UTF_8).length > bytes) {
            throw new InvalidFieldException(
                    field, "is longer than " + bytes / 1024 + " KiB", "shorten it");
        }
    }

    private ResponsePlan draft(String source, Principal caller) {
        return ResponsePlan.newBuilder()
                .setName(NAME)
                .setSource(source)
                .setSpec(PlanSource.read(source, playbooks::exists))
                .setAuthor(caller.id())
                .setCreateTime(SavedTime.of(clock.instant()))
                .build();
    }

    private ResponsePlan withDrills(ResponsePlan plan) {
        Optional<Drill> last = store.lastDrill();
        Instant from =
                last.map(drill -> SavedTime.read(drill.getTime()))
                        .or(store::begun)
                        .orElseGet(clock::instant);
        Instant due = from.plus(PlanSource.drillInterval(plan.getSpec()));
        ResponsePlan.Builder whole =
                plan.toBuilder()
                        .setNextDrillTime(SavedTime.of(due))
                        .setDrillOverdue(clock.instant().isAfter(due));
        last.ifPresent(whole::setLastDrill);
        plan.getSpec().getPlaybooksList().stream()
                .filter(id -> !playbooks.exists(id))
                .map(KnownPlaybooks::name)
                .forEach(whole::addMissingPlaybooks);
        return whole.build();
    }
}
