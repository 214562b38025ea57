package dev.yagura.response.action;

import dev.yagura.common.config.Settings;
import dev.yagura.common.error.AlreadyExistsException;
import dev.yagura.common.error.DependencyUnavailableException;
import dev.yagura.common.error.NotFoundException;
import dev.yagura.common.error.PreconditionFailedException;
import dev.yagura.common.error.PreconditionFailedException.Violation;
import dev.yagura.common.identity.Principal;
import dev.yagura.common.ids.Ids;
import dev.yagura.common.ids.ResourceName;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.BlastRadius;
import dev.yagura.proto.response.v1.CheckOutcome;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.proto.response.v1.PreflightCheck;
import dev.yagura.response.radius.BlastRadii;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** What a caller may plan, start and end. The runner does the rest. */
@ApplicationScoped
public class ActionCatalog {
    /** Who asks for what the platform does by itself. */
    public static final String PLATFORM = ActionLifecycle.PLATFORM;

    private static final String COLLECTION = "actions";

    private final ActionStore store;
    private final Procedures procedures;
    private final RunnerLoop runner;
    private final ActionConfig config;
    private final Approvals approvals;
    private final Holds holds;
    private final BlastRadii radii;
    private final Ids ids;
    private final Clock clock;

    /**
     * What is asked for.
     *
     * @param incident "incidents/{uuid}", or empty
     * @param overriddenGuards that are not to refuse it
     * @param playbookRun "playbookRuns/{uuid}" that it is a step of, or empty
     * @param approval a person must approve it, whatever its kind needs
     */
    public record Order(
            ActionKind kind,
            ActionTarget target,
            String reason,
            String incident,
            Set<String> overriddenGuards,
            String playbookRun,
            boolean approval) {

        public Order {
            overriddenGuards = Set.copyOf(overriddenGuards);
        }

        HoldSubject subject() {
            return HoldSubject.of(kind, target, incident);
        }

        /** That is no step of a playbook. */
        public Order(
                ActionKind kind,
                ActionTarget target,
                String reason,
                String incident,
                Set<String> overriddenGuards) {
            this(kind, target, reason, incident, overriddenGuards, "", false);
        }

        /** That overrides nothing. */
        public Order(ActionKind kind, ActionTarget target, String reason, String incident) {
            this(kind, target, reason, incident, Set.of());
        }
    }

    /** What was proposed for an incident before, or stands in the way of it. */
    public enum Proposal {
        MADE,
        MADE_BEFORE,
        INSTANCE_HELD
    }

    @Inject
    ActionCatalog(
            ActionStore store,
            Procedures procedures,
            RunnerLoop runner,
            BlastRadii radii,
            Settings settings,
            Ids ids,
            Clock clock) {
        this.store = store;
        this.procedures = procedures;
        this.runner = runner;
        this.radii = radii;
        this.config = ActionConfig.from(settings);
        this.approvals = new Approvals(config, procedures, clock);
        this.holds = new Holds(store, procedures);
        this.ids = ids;
        this.clock = clock;
    }

    /** The plan as an action without a name: nothing is stored, nothing is changed. */
    public Action plan(Order order, Principal caller) {
        Procedure procedure = procedures.of(order.kind());
        Procedure.Prospect prospect =
                prospect(order, () -> procedure.plan(order.target(), order.incident()));
        return draft(order, caller).setPlan(prospect.plan()).build();
    }

    /**
     * Stores an action that has passed every check; the runner begins at once. The same request
     * again answers with the action that it made.
     */
    public Action create(Order order, UUID requestId, Principal caller) {
        String digest = digest(order);
        Optional<Action> earlier = earlier(requestId, digest);
        if (earlier.isPresent()) {
            return earlier.get();
        }
        Procedure.Prospect prospect = prospect(order);
        Optional<Action> raced = raced(requestId, digest, prospect.plan());
        if (raced.isPresent()) {
            return raced.get();
        }
        UUID id = ids.v7();
        Action draft =
                draft(order, caller)
                        .setName(ResourceName.of(COLLECTION, id))
                        .setPlan(prospect.plan())
                        .setRequestId(requestId.toString())
                        .build();
        Function<Action, ActionStore.NewAction> created =
                action ->
                        new ActionStore.NewAction(
                                id,
                                action,
                                prospect.lane(),
                                requestId,
                                digest,
                                null,
                                config.automationPerHour(),
                                ActionLifecycle.isWaiting(action.getState())
                                        ? config.proposalExpiry()
                                        : deadline(order.kind()));
        ActionStore.Insertion inserted =
                store.insert(
                        created.apply(approvals.requested(draft, order.approval(), caller.id())));
        if (inserted.claim() == ActionStore.Claim.LIMITED) {
            inserted = store.insert(created.apply(approvals.beyondLimit(draft, caller.id())));
        }
        return switch (inserted.claim()) {
            case TAKEN -> {
                runner.wake();
                yield inserted.stored().orElseThrow();
            }
            case EXISTS -> earlier(requestId, digest).orElseThrow();
            case INSTANCE_HELD, LIMITED -> throw holds.refusal(order.kind(), order.subject());
        };
    }

    /** Proposes to act on an incident; a person decides. Never a second time for one incident. */
    public Proposal propose(Order order, UUID incident, Set<UUID> mergedIncidents) {
        Procedure.Prospect prospect = prospectIfPossible(order);
        UUID id = ids.v7();
        Action action =
                ActionLifecycle.move(
                        draft(order)
                                .setRequestedBy(ActionLifecycle.PLATFORM)
                                .setName(ResourceName.of(COLLECTION, id))
                                .setPlan(prospect.plan())
                                .build(),
                        ActionState.ACTION_STATE_PROPOSED,
                        "waits for a responder until "
                                + clock.instant().plus(config.proposalExpiry())
                                + Approvals.atStake(prospect.plan()),
                        ActionLifecycle.PLATFORM,
                        clock.instant());
        ActionStore.NewAction proposal =
                new ActionStore.NewAction(
                        id,
                        action,
                        prospect.lane(),
                        null,
                        digest(order),
                        incident,
                        config.automationPerHour(),
                        config.proposalExpiry());
        return switch (store.propose(proposal, mergedIncidents)) {
            case TAKEN -> Proposal.MADE;
            case EXISTS -> Proposal.MADE_BEFORE;
            case INSTANCE_HELD, LIMITED -> Proposal.INSTANCE_HELD;
        };
    }

    /** Starts what waits for approval after planning it again, or waits for a second person. */
    Action approve(UUID id, Set<String> guards, Principal caller) {
        Action waiting = visible(id, caller);
        if (Approvals.isGiven(waiting, caller)) {
            return waiting;
        }
        Approvals.requireMayApprove(waiting, caller);
        Procedure.Prospect prospect =
                prospect(
                        new Order(
                                waiting.getKind(),
                                waiting.getTarget(),
                                waiting.getReason(),
                                waiting.getIncident(),
                                union(waiting, guards)));
        refuse(prospect.plan());
        Action approved =
                store.change(
                                id,
                                deadline(waiting.getKind()),
                                Optional.of(prospect.lane()),
                                each -> {
                                    if (Approvals.isGiven(each, caller)) {
                                        return each;
                                    }
                                    Approvals.requireMayApprove(each, caller);
                                    return approvals.approved(
                                            overriding(each, union(each, guards)),
                                            prospect.plan(),
                                            caller);
                                })
                        .orElseThrow(
                                () -> holds.refusal(waiting.getKind(), HoldSubject.of(waiting)));
        runner.wake();
        return approved;
    }

    private static Set<String> union(Action action, Set<String> guards) {
        Set<String> all = new TreeSet<>(guards);
        all.addAll(action.getOverriddenGuardsList());
        return all;
    }

    private static Action overriding(Action action, Set<String> guards) {
        return action.toBuilder().clearOverriddenGuards().addAllOverriddenGuards(guards).build();
    }

    /** Ends what waits for approval. */
    Action reject(UUID id, String reason, Principal caller) {
        return end(id, reason, caller, Approvals::requireWaiting);
    }

    /** Ends what no runner has begun. */
    public Action cancel(UUID id, String reason, Principal caller) {
        return end(
                id,
                reason,
                caller,
                each -> {
                    if (!ActionLifecycle.mayMove(
                            each.getState(), ActionState.ACTION_STATE_CANCELLED)) {
                        throw new PreconditionFailedException(
                                each.getName(),
                                "is "
                                        + each.getState()
                                        + ", too late to cancel it; undo it when it has ended");
                    }
                });
    }

    private Action end(UUID id, String reason, Principal caller, Consumer<Action> check) {
        visible(id, caller);
        return store.change(
                        id,
                        config.proposalExpiry(),
                        Optional.empty(),
                        each -> {
                            if (each.getState() == ActionState.ACTION_STATE_CANCELLED) {
                                return each;
                            }
                            check.accept(each);
                            return ActionLifecycle.move(
                                    each,
                                    ActionState.ACTION_STATE_CANCELLED,
                                    reason,
                                    caller.id(),
                                    clock.instant());
                        })
                .orElseThrow();
    }

    public Action undo(UUID id, String reason, Principal caller) {
        Action action = visible(id, caller);
        Action undoing =
                store.change(
                                id,
                                deadline(action.getKind()),
                                Optional.empty(),
                                each -> undoing(each, reason, caller))
                        .orElseThrow(() -> holds.refusal(action.getKind(), HoldSubject.of(action)));
        runner.wake();
        return undoing;
    }

    private Duration deadline(ActionKind kind) {
        return procedures.of(kind).deadline(config.deadline());
    }

    private Action undoing(Action action, String reason, Principal caller) {
        ActionState state = action.getState();
        if (state == ActionState.ACTION_STATE_UNDOING || state == ActionState.ACTION_STATE_UNDONE) {
            return action;
        }
        if (!procedures.of(action.getKind()).isReversible()) {
            throw new PreconditionFailedException(
                    action.getName(),
                    "is " + action.getKind() + ", which cannot be undone; see its plan");
        }
        if (!ActionLifecycle.mayMove(state, ActionState.ACTION_STATE_UNDOING)) {
            throw new PreconditionFailedException(
                    action.getName(),
                    "is " + state + "; only an action that succeeded or failed can be undone");
        }
        return ActionLifecycle.move(
                action, ActionState.ACTION_STATE_UNDOING, reason, caller.id(), clock.instant());
    }

    /**
     * The action, if the caller may see its account.
     *
     * @throws NotFoundException otherwise too: who may not see it may not know of it
     */
    public Action visible(UUID id, Principal caller) {
        return store.find(id)
                .filter(action -> caller.maySee(action.getTarget().getScope().getAccountId()))
                .orElseThrow(
                        () -> new NotFoundException("action", ResourceName.of(COLLECTION, id)));
    }

    /** The action that a request made, if it did. */
    public Optional<Action> findByRequest(UUID requestId) {
        return store.findByRequest(requestId).map(ActionStore.Earlier::action);
    }

    private Action.Builder draft(Order order, Principal caller) {
        return draft(order).setRequestedBy(caller.id()).setAutomated(caller.isAutomation());
    }

    private Action.Builder draft(Order order) {
        return Action.newBuilder()
                .setKind(order.kind())
                .setTarget(order.target())
                .setReason(order.reason())
                .setIncident(order.incident())
                .setPlaybookRun(order.playbookRun())
                .addAllOverriddenGuards(new TreeSet<>(order.overriddenGuards()))
                .setCreateTime(ActionLifecycle.timestamp(clock.instant()));
    }

    private Procedure.Prospect prospect(Order order) {
        Procedure procedure = procedures.of(order.kind());
        return prospect(order, () -> procedure.planToStore(order.target(), order.incident()));
    }

    /** With what is checked and asked for every kind; the inventory is asked meanwhile. */
    private Procedure.Prospect prospect(Order order, Supplier<Procedure.Prospect> planning) {
        Supplier<Optional<BlastRadius>> radius = radii.ask(order.kind(), order.target());
        Procedure.Prospect prospect = planning.get();
        Plan.Builder plan =
                Guards.override(prospect.plan(), order.overriddenGuards()).toBuilder()
                        .addChecks(0, holds.check(order.kind(), order.subject()));
        radius.get().ifPresent(plan::setBlastRadius);
        return new Procedure.Prospect(plan.build(), prospect.lane());
    }

    /** AWS may be away when an incident comes; whoever approves gets a new plan anyway. */
    private Procedure.Prospect prospectIfPossible(Order order) {
        try {
            return prospect(order);
        } catch (DependencyUnavailableException | PreconditionFailedException e) {
            PreflightCheck check =
                    PreflightCheck.newBuilder()
                            .setLabel("could be planned")
                            .setOutcome(CheckOutcome.CHECK_OUTCOME_WARNING)
                            .setDetail(String.valueOf(e.getMessage()))
                            .setRemedy("approving plans it again")
                            .build();
            return new Procedure.Prospect(Plan.newBuilder().addChecks(check).build(), "");
        }
    }

    /**
     * The same request may have made its action while this one planned; only if not are refusals
     * this caller's. Without refusals, storing the action tells.
     */
    private Optional<Action> raced(UUID requestId, String digest, Plan plan) {
        if (refusals(plan).isEmpty()) {
            return Optional.empty();
        }
        Optional<Action> earlier = earlier(requestId, digest);
        if (earlier.isEmpty()) {
            refuse(plan);
        }
        return earlier;
    }

    private Optional<Action> earlier(UUID requestId, String digest) {
        Optional<ActionStore.Earlier> earlier = store.findByRequest(requestId);
        if (earlier.isPresent() && !earlier.get().contentDigest().equals(digest)) {
            throw new AlreadyExistsException(
                    "request_id " + requestId + " was used for another action; make a new one");
        }
        return earlier.map(ActionStore.Earlier::action);
    }

    private static void refuse(Plan plan) {
        List<Violation> refused = refusals(plan);
        if (!refused.isEmpty()) {
            throw new PreconditionFailedException(refused);
        }
    }

    private static List<Violation> refusals(Plan plan) {
        return plan.getChecksList().stream()
                .filter(check -> check.getOutcome() == CheckOutcome.CHECK_OUTCOME_REFUSED)
                .map(check ->
                        new Violation(
                                check.getLabel(), check.getDetail() + "; " + check.getRemedy()))
                .toList();
    }

    /** Of everything that makes two requests the same. */
    private static String digest(Order order) {
        String content =
                String.join(
                        "\n",
                        order.kind().name(),
                        order.target().getScope().getPartition(),
                        order.target().getScope().getAccountId(),
                        order.target().getScope().getRegion(),
                        order.target().getInstanceId(),
                        TargetDetail.of(order.target()),
                        order.incident(),
                        order.reason());
        String guards =
                order.overriddenGuards().isEmpty()
                        ? ""
                        : "\n" + new TreeSet<>(order.overriddenGuards());
        return ContentDigest.of(content + guards + (order.approval() ? "\napproval" : ""));
    }
}
