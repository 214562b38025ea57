package dev.yagura.response.action;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.Plan;
import java.time.Duration;

/** How one kind of action is planned, applied and undone. */
public interface Procedure {

    /**
     * What would be done now.
     *
     * @param lane actions of one account and region with the same lane run one after the other;
     *     empty for one that waits for no other
     */
    record Prospect(Plan plan, String lane) {}

    ActionKind kind();

    /** Whether undo can be asked for; one that cannot be undone holds its target until it ends. */
    default boolean isReversible() {
        return true;
    }

    /**
     * Whether its target is held until it is undone, because a second action of the kind would undo
     * it wrongly; else only until it ends.
     */
    default boolean holdsUntilUndone() {
        return isReversible();
    }

    /**
     * How long applying, or undoing, may take in all.
     *
     * @param usual that of most kinds
     */
    default Duration deadline(Duration usual) {
        return usual;
    }

    /** Whether nobody may start it alone, whatever the configuration says of the kind. */
    default boolean needsTwoPersons(ActionTarget target) {
        return false;
    }

    /** Whether an action that failed may have changed something, by its record. */
    default boolean mayHaveChanged(Action action) {
        return action.getCallsCount() > 0;
    }

    /**
     * Plans from the world as it is, and changes nothing. A check that refuses is in the plan.
     *
     * @throws dev.yagura.common.error.NotFoundException no such target
     * @throws dev.yagura.common.error.PreconditionFailedException AWS does not let us look
     * @throws dev.yagura.common.error.DependencyUnavailableException AWS is away
     */
    Prospect plan(ActionTarget target);

    /**
     * The same for a kind that needs to know what for.
     *
     * @param incident "incidents/{uuid}" that the action answers, or empty
     */
    default Prospect plan(ActionTarget target, String incident) {
        return plan(target);
    }

    /**
     * The plan that an action is stored with; whoever asked for it waits meanwhile. A kind leaves
     * out what a slow service would tell and {@link #apply} looks up by itself.
     *
     * @param incident see {@link #plan(ActionTarget, String)}
     */
    default Prospect planToStore(ActionTarget target, String incident) {
        return plan(target, incident);
    }

    /**
     * Does it and verifies it. May have been begun before, by a runner that died at any point:
     * reads the world, and does what is missing.
     *
     * @throws ActionFailedException it cannot be done
     * @throws RetryLaterException not now
     * @throws StillPendingException AWS is at work, and needs more time than a runner waits
     */
    void apply(ActionRun run);

    /** Restores what was before; like {@link #apply} in all else. */
    void undo(ActionRun run);

    /** For people: what an action that failed has left behind. */
    String remains(ActionRun run);
}
