package dev.yagura.response.action;

import dev.yagura.common.error.PermissionDeniedException;
import dev.yagura.common.error.PreconditionFailedException;
import dev.yagura.common.identity.Principal;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.proto.response.v1.StateTransition;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;

/** Who must agree before an action starts: one person, or two for the kinds that need them. */
final class Approvals {
    private final ActionConfig config;
    private final Procedures procedures;
    private final Clock clock;

    Approvals(ActionConfig config, Procedures procedures, Clock clock) {
        this.config = config;
        this.procedures = procedures;
        this.clock = clock;
    }

    /**
     * A new action as its caller leaves it.
     *
     * @param approval a person must approve it, whatever its kind needs
     */
    Action requested(Action draft, boolean approval, String requestedBy) {
        if (approval) {
            return ActionLifecycle.move(
                    draft,
                    ActionState.ACTION_STATE_PROPOSED,
                    (draft.getPlaybookRun().isEmpty() ? "whoever asked for it" : "its playbook")
                            + " wants a person to approve it, until "
                            + clock.instant().plus(config.proposalExpiry())
                            + atStake(draft.getPlan()),
                    requestedBy,
                    clock.instant());
        }
        if (draft.getAutomated() && needsTwo(draft)) {
            return ActionLifecycle.move(
                    draft,
                    ActionState.ACTION_STATE_PROPOSED,
                    "asked for by a program; two persons must approve, until "
                            + clock.instant().plus(config.proposalExpiry())
                            + atStake(draft.getPlan()),
                    requestedBy,
                    clock.instant());
        }
        return needsTwo(draft)
                ? wait(draft, "asked for", requestedBy)
                : ActionLifecycle.move(
                        draft,
                        ActionState.ACTION_STATE_APPROVED,
                        "asked for by somebody who may",
                        requestedBy,
                        clock.instant());
    }

    /** A new action of a program that has started as many as it may. */
    Action beyondLimit(Action draft, String requestedBy) {
        return ActionLifecycle.move(
                draft,
                ActionState.ACTION_STATE_AWAITING_APPROVAL,
                "programs may start "
                        + config.automationPerHour()
                        + " actions an hour in this account (yagura.response.action"
                        + ".automation-per-hour) and have; a person must approve, until "
                        + clock.instant().plus(config.proposalExpiry())
                        + atStake(draft.getPlan()),
                requestedBy,
                clock.instant());
    }

    /** Nothing is left for this caller to approve: it started, or it waits for somebody else. */
    static boolean isGiven(Action action, Principal caller) {
        return ActionLifecycle.wasApproved(action)
                || (action.getState() == ActionState.ACTION_STATE_AWAITING_APPROVAL
                        && waited(action)
                                .filter(each -> each.getFrom() == ActionState.ACTION_STATE_PROPOSED)
                                .filter(each -> each.getActor().equals(caller.id()))
                                .isPresent());
    }

    /**
     * @throws PreconditionFailedException it does not wait for anybody
     * @throws PermissionDeniedException it waits for somebody else than its requester, and never
     *     for a program
     */
    static void requireMayApprove(Action action, Principal caller) {
        if (caller.isAutomation()) {
            throw new PermissionDeniedException(
                    "a person approves actions: "
                            + caller.displayName()
                            + " is a token for automation");
        }
        requireWaiting(action);
        if (action.getState() == ActionState.ACTION_STATE_AWAITING_APPROVAL
                && waited(action).orElseThrow().getActor().equals(caller.id())) {
            throw new PermissionDeniedException(
                    action.getName()
                            + " needs two persons, and you asked for it; another responder"
                            + " approves it");
        }
    }

    /**
     * @throws PreconditionFailedException it does not wait for anybody
     */
    static void requireWaiting(Action action) {
        if (!ActionLifecycle.isWaiting(action.getState())) {
            throw new PreconditionFailedException(
                    action.getName(),
                    "is "
                            + action.getState()
                            + ", it does not wait for approval: "
                            + action.getStateReason());
        }
    }

    /** The action with the approval of a caller who may give it, and the plan that was approved. */
    Action approved(Action action, Plan plan, Principal caller) {
        Action planned = action.toBuilder().setPlan(plan).build();
        boolean first = action.getState() == ActionState.ACTION_STATE_PROPOSED;
        return first && needsTwo(action)
                ? wait(planned, "approved", caller.id())
                : ActionLifecycle.move(
                        planned,
                        ActionState.ACTION_STATE_APPROVED,
                        "approved",
                        caller.id(),
                        clock.instant());
    }

    private boolean needsTwo(Action action) {
        return config.twoPersonKinds().contains(action.getKind())
                || procedures.of(action.getKind()).needsTwoPersons(action.getTarget());
    }

    private Action wait(Action action, String how, String actor) {
        Instant now = clock.instant();
        return ActionLifecycle.move(
                action,
                ActionState.ACTION_STATE_AWAITING_APPROVAL,
                how
                        + " by one person; another one must approve, until "
                        + now.plus(config.proposalExpiry())
                        + atStake(action.getPlan()),
                actor,
                now);
    }

    /** For whoever approves: what depends on the target, or that it is not known. */
    static String atStake(Plan plan) {
        return plan.hasBlastRadius() ? "; " + plan.getBlastRadius().getSummary() : "";
    }

    private static Optional<StateTransition> waited(Action action) {
        return action.getTransitionsList().stream()
                .filter(each -> each.getTo() == ActionState.ACTION_STATE_AWAITING_APPROVAL)
                .reduce((first, last) -> last);
    }
}
