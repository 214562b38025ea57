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
import dev.yagura.response.action.ContentDigest;
import dev.yagura.response.aws.SavedTime;
import dev.yagura.response.playbook.Expressions.ExpressionException;
import dev.yagura.response.playbook.QuietTimes.QuietTimesException;
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
class PlaybookCatalog implements KnownPlaybooks {
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

    @Override
    public boolean exists(String id) {
        return store.find(id).isPresent();
    }

    void delete(String name) {
        if (!store.delete(id(name))) {
            throw new NotFoundException("playbook", name);
        }
    }

    /** What every step would do now; nothing is stored or changed. */
    PlaybookRun dryRun(Start start, Principal caller) {
        return new DryRun(draft(start, caller), order -> actions.plan(order, caller).getPlan())
                .go();
    }

    /** Stores a run; the loop begins at once. The same request again answers with its run. */
    PlaybookRun start(Start start, UUID requestId, Principal caller) {
        Optional<PlaybookRun> earlier = earlier(requestId, digest(start));
        return earlier.isPresent() ? earlier.get() : store(draft(start, caller), start, requestId);
    }

    private PlaybookRun store(PlaybookRun draft, Start start, UUID requestId) {
        UUID id = ids.v7();
        PlaybookRun run =
                draft.toBuilder()
                        .setName(ResourceName.of(RUNS, id))
                        .setRequestId(requestId.toString())
                        .build();
        return switch (store.start(run, id, requestId, digest(start))) {
            case STARTED -> {
                loop.wake();
                yield run;
            }
            case EXISTS -> earlier(requestId, digest(start)).orElseThrow();
            case RUNNING ->
                    throw new PreconditionFailedException(
                            start.playbook(),
                            "runs for "
                                    + start.incident()
                                    + " already; wait for its end, or cancel it");
        };
    }

    private static String digest(Start start) {
        return String.join("\n", start.playbook(), start.incident(), start.reason());
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
                .filter(run -> maySee(run, caller))
                .orElseThrow(() -> new NotFoundException("run", ResourceName.of(RUNS, id)));
    }

    /** Whether the account of a run is one of the caller's. */
    static boolean maySee(PlaybookRun run, Principal caller) {
        return caller.maySee(StepOrders.scope(run.getSnapshot()).getAccountId());
    }

    private Playbook draft(String source, Principal caller) {
        PlaybookSpec spec = PlaybookSource.read(source);
        return Playbook.newBuilder()
                .setName(PLAYBOOKS + spec.getId())
                .setSource(source)
                .setSpec(spec)
                .setAuthor(caller.id())
                .setCreateTime(SavedTime.of(clock.instant()))
                .build();
    }

    /**
     * Starts a run of an automatic playbook, if it is for the incident.
     *
     * @return false when it is for others
     * @throws PreconditionFailedException it cannot be told, or it runs for it already
     */
    boolean startForIncident(Playbook playbook, Incident incident, UUID requestId) {
        if (!fits(playbook, incident)) {
            return false;
        }
        Start start =
                new Start(
                        playbook.getName(),
                        incident.getName(),
                        "started by itself: " + incident.getTitle());
        PlaybookRun run =
                run(playbook, incident, start, ActionCatalog.PLATFORM).toBuilder()
                        .setAutomated(true)
                        .setQuiet(isQuiet(playbook.getSpec()))
                        .build();
        store(run, start, requestId);
        return true;
    }

    private boolean isQuiet(PlaybookSpec spec) {
        try {
            return spec.hasQuietHours()
                    && QuietTimes.of(spec.getQuietHours()).includes(clock.instant());
        } catch (QuietTimesException e) {
            throw new IllegalStateException("it was checked when it was stored", e);
        }
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
        if (!fits(playbook, incident)) {
            throw new PreconditionFailedException(
                    playbook.getName(),
                    "is for other incidents: "
                            + playbook.getSpec().getWhen()
                            + " is false for "
                            + incident.getName());
        }
        return run(playbook, incident, start, caller.id()).toBuilder()
                .setAutomated(caller.isAutomation())
                .build();
    }

    private PlaybookRun run(Playbook playbook, Incident incident, Start start, String startedBy) {
        Instant now = clock.instant();
        return PlaybookRun.newBuilder()
                .setPlaybook(playbook.getName())
                .setVersion(playbook.getVersion())
                .setSpec(playbook.getSpec())
                .setSourceSha256(ContentDigest.of(playbook.getSource()))
                .setIncident(incident.getName())
                .setSnapshot(incident)
                .setState(PlaybookRunState.PLAYBOOK_RUN_STATE_RUNNING)
                .setReason(start.reason())
                .setStartedBy(startedBy)
                .addAllSteps(RunAdvance.pending(playbook.getSpec().getStepsList()))
                .setCreateTime(SavedTime.of(now))
                .setDueTime(SavedTime.of(now.plus(Timeouts.of(playbook.getSpec()))))
                .build();
    }

    private static boolean fits(Playbook playbook, Incident incident) {
        try {
            return Expressions.holds(
                    playbook.getSpec().getWhen(), new Expressions.Scope(incident, Map.of()));
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
