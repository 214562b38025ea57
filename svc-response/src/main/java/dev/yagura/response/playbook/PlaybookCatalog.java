package dev.yagura.response.playbook;

import dev.yagura.common.error.AlreadyExistsException;
import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.common.error.NotFoundException;
import dev.yagura.common.error.PreconditionFailedException;
import dev.yagura.common.identity.Principal;
import dev.yagura.common.ids.Ids;
import dev.yagura.common.ids.ResourceName;
import dev.yagura.proto.detection.v1.Incident;
import dev.yagura.proto.response.v1.Playbook;
import dev.yagura.proto.response.v1.PlaybookRun;
import dev.yagura.proto.response.v1.PlaybookRunState;
import dev.yagura.proto.response.v1.PlaybookSpec;
import dev.yagura.response.action.ActionCatalog;
import dev.yagura.response.playbook.Expressions.ExpressionException;
import dev.yagura.response.proposal.IncidentSource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** What a caller may write, start and end. {@link PlaybookLoop} does the rest. */
@ApplicationScoped
class PlaybookCatalog {
    static final String PLAYBOOKS = "playbooks/";
    static final String RUNS = "playbookRuns";

    private final PlaybookStore store;
    private final ActionCatalog actions;
    private final IncidentSource incidents;
    private final PlaybookLoop loop;
    private final Ids ids;
    private final Clock clock;

    /** What is asked for. */
    record Start(String playbook, String incident, String reason) {}

    @Inject
    PlaybookCatalog(
            PlaybookStore store,
            ActionCatalog actions,
            IncidentSource incidents,
            PlaybookLoop loop,
            Ids ids,
            Clock clock) {
        this.store = store;
        this.actions = actions;
        this.incidents = incidents;
        this.loop = loop;
        this.ids = ids;
        this.clock = clock;
    }

    Playbook check(String source, Principal caller) {
        return draft(source, caller);
    }

    Playbook create(String source, Principal caller) {
        return store.add(draft(source, caller), "", true);
    }

    Playbook update(String name, String source, String etag, Principal caller) {
        Playbook draft = draft(source, caller);
        if (!draft.getName().equals(name)) {
            throw new InvalidFieldException(
                    "source",
                    "is of " + draft.getName() + ", not of " + name,
                    "keep the id, or create another playbook");
        }
        return store.add(draft, etag, false);
    }

    Playbook get(String name) {
        return store.find(id(name)).orElseThrow(() -> new NotFoundException("playbook", name));
    }

    void delete(String name) {
        if (!store.delete(id(name))) {
            throw new NotFoundException("playbook", name);
        }
    }

    /** What every step would do now; nothing is stored or changed. */
    PlaybookRun dryRun(Start start, Principal caller) {
        return new DryRun(draft(start, caller), actions, caller).go();
    }

    /** Stores a run; the loop begins at once. The same request again answers with its run. */
    PlaybookRun start(Start start, UUID requestId, Principal caller) {
        String digest = String.join("\n", start.playbook(), start.incident(), start.reason());
        Optional<PlaybookRun> earlier = earlier(requestId, digest);
        if (earlier.isPresent()) {
            return earlier.get();
        }
        UUID id = ids.v7();
        PlaybookRun run =
                draft(start, caller).toBuilder()
                        .setName(ResourceName.of(RUNS, id))
                        .setRequestId(requestId.toString())
                        .build();
        return switch (store.start(run, id, requestId, digest)) {
            case STARTED -> {
                loop.wake();
                yield run;
            }
            case EXISTS -> earlier(requestId, digest).orElseThrow();
            case RUNNING ->
                    throw new PreconditionFailedException(
                            start.playbook(),
                            "runs for "
                                    + start.incident()
                                    + " already; wait for its end, or cancel it");
        };
    }

    /** Lets a run end before its end; one that was cancelled before is answered as it is. */
    PlaybookRun cancel(UUID id, String reason, Principal caller) {
        visible(id, caller);
        PlaybookRun cancelled =
                store.change(
                        id,
                        run ->
                                switch (run.getState()) {
                                    case PLAYBOOK_RUN_STATE_RUNNING ->
                                            run.toBuilder()
                                                    .setState(
                                                            PlaybookRunState
                                                                    .PLAYBOOK_RUN_STATE_CANCELLING)
                                                    .setStateReason(
                                                            "cancelled by "
                                                                    + caller.id()
                                                                    + ": "
                                                                    + reason)
                                                    .build();
                                    case PLAYBOOK_RUN_STATE_CANCELLING,
                                            PLAYBOOK_RUN_STATE_CANCELLED ->
                                            run;
                                    default ->
                                            throw new PreconditionFailedException(
                                                    run.getName(),
                                                    "is "
                                                            + run.getState()
                                                            + ", too late to cancel it; undo its"
                                                            + " actions");
                                });
        loop.wake();
        return cancelled;
    }

    /**
     * The run, if the caller may see its account.
     *
     * @throws NotFoundException otherwise too
     */
    PlaybookRun visible(UUID id, Principal caller) {
        return store.run(id)
                .filter(run -> caller.maySee(StepOrders.scope(run.getSnapshot()).getAccountId()))
                .orElseThrow(() -> new NotFoundException("run", ResourceName.of(RUNS, id)));
    }

    private Playbook draft(String source, Principal caller) {
        PlaybookSpec spec = PlaybookSource.read(source);
        return Playbook.newBuilder()
                .setName(PLAYBOOKS + spec.getId())
                .setSource(source)
                .setSpec(spec)
                .setAuthor(caller.id())
                .setCreateTime(Times.timestamp(clock.instant()))
                .build();
    }

    private PlaybookRun draft(Start start, Principal caller) {
        Playbook playbook = get(start.playbook());
        ResourceName.parse("incident", "incidents", start.incident());
        Incident incident = incidents.get(start.incident());
        if (!caller.maySee(StepOrders.scope(incident).getAccountId())) {
            throw new NotFoundException("incident", start.incident());
        }
        if (!incident.getMergedInto().isEmpty()) {
            throw new PreconditionFailedException(
                    incident.getName(),
                    "was merged into " + incident.getMergedInto() + ": run it for that one");
        }
        requireFits(playbook, incident);
        Instant now = clock.instant();
        return PlaybookRun.newBuilder()
                .setPlaybook(playbook.getName())
                .setVersion(playbook.getVersion())
                .setSpec(playbook.getSpec())
                .setIncident(incident.getName())
                .setSnapshot(incident)
                .setState(PlaybookRunState.PLAYBOOK_RUN_STATE_RUNNING)
                .setReason(start.reason())
                .setStartedBy(caller.id())
                .setAutomated(caller.isAutomation())
                .addAllSteps(RunAdvance.pending(playbook.getSpec().getStepsList()))
                .setCreateTime(Times.timestamp(now))
                .setDueTime(Times.timestamp(now.plus(Timeouts.of(playbook.getSpec()))))
                .build();
    }

    private static void requireFits(Playbook playbook, Incident incident) {
        String when = playbook.getSpec().getWhen();
        try {
            if (!Expressions.holds(when, new Expressions.Scope(incident, Map.of()))) {
                throw new PreconditionFailedException(
                        playbook.getName(),
                        "is for other incidents: " + when + " is false for " + incident.getName());
            }
        } catch (ExpressionException e) {
            throw new PreconditionFailedException(
                    playbook.getName(),
                    "cannot tell whether it is for " + incident.getName() + ": " + e.getMessage());
        }
    }

    private Optional<PlaybookRun> earlier(UUID requestId, String digest) {
        Optional<PlaybookStore.Earlier> earlier = store.findByRequest(requestId);
        if (earlier.isPresent() && !earlier.get().contentDigest().equals(digest)) {
            throw new AlreadyExistsException(
                    "request_id " + requestId + " was used for another run; make a new one");
        }
        return earlier.map(PlaybookStore.Earlier::run);
    }

    private static String id(String name) {
        if (!name.startsWith(PLAYBOOKS)) {
            throw new InvalidFieldException(
                    "name", "is no name of a playbook", "send \"" + PLAYBOOKS + "{id}\"");
        }
        return name.substring(PLAYBOOKS.length());
    }
}
