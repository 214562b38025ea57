package dev.yagura.response.playbook;

import dev.yagura.common.error.AlreadyExistsException;
import dev.yagura.common.error.DependencyUnavailableException;
import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.common.error.NotFoundException;
import dev.yagura.common.error.PermissionDeniedException;
import dev.yagura.common.error.PreconditionFailedException;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.PlaybookRun;
import dev.yagura.proto.response.v1.PlaybookStep;
import dev.yagura.proto.response.v1.StepRun;
import dev.yagura.proto.response.v1.StepState;
import dev.yagura.response.action.ActionCatalog;
import dev.yagura.response.aws.SavedTime;
import dev.yagura.response.playbook.Expressions.ExpressionException;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;

/**
 * The action of a step, or of one element of its list, with those of its retries: asked for,
 * awaited, undone and tried again.
 */
final class StepWork {
    private final PlaybookRun run;
    private final StepActions actions;
    private final Instant now;

    /** What is asked for, and by which request. */
    interface Asked {
        ActionCatalog.Order order() throws ExpressionException;

        UUID requestId(int attempt);
    }

    StepWork(PlaybookRun run, StepActions actions, Instant now) {
        this.run = run;
        this.actions = actions;
        this.now = now;
    }

    StepRun begun(StepRun pending) {
        return pending.toBuilder()
                .setState(StepState.STEP_STATE_RUNNING)
                .setStartTime(SavedTime.of(now))
                .build();
    }

    StepRun ended(StepRun current, StepState state, String detail) {
        return current.toBuilder()
                .setState(state)
                .setDetail(detail)
                .setEndTime(SavedTime.of(now))
                .build();
    }

    static boolean isEnded(StepRun current) {
        return switch (current.getState()) {
            case STEP_STATE_SUCCEEDED, STEP_STATE_FAILED, STEP_STATE_SKIPPED -> true;
            case STEP_STATE_PENDING, STEP_STATE_RUNNING, STEP_STATE_UNSPECIFIED, UNRECOGNIZED ->
                    false;
        };
    }

    /**
     * As one that is running is then.
     *
     * @throws ExpressionException what to ask for cannot be told
     */
    StepRun advanced(PlaybookStep step, StepRun current, Asked asked) throws ExpressionException {
        int attempts = current.getActionsCount();
        if (attempts == 0) {
            return isLate(step, current)
                    ? failed(current, late(step) + ": " + current.getDetail())
                    : created(current, asked, 0);
        }
        Action action = actions.read(current.getActions(attempts - 1));
        return advanced(step, withApprover(current, action), action, asked);
    }

    private StepRun advanced(PlaybookStep step, StepRun current, Action action, Asked asked)
            throws ExpressionException {
        int attempts = current.getActionsCount();
        return switch (action.getState()) {
            case ACTION_STATE_SUCCEEDED ->
                    ended(current, StepState.STEP_STATE_SUCCEEDED, action.getStateReason());
            case ACTION_STATE_FAILED -> {
                if (attempts > step.getRetries() || isLate(step, current)) {
                    yield failed(current, action.getStateReason());
                }
                yield actions.undo(action.getName()) ? current : created(current, asked, attempts);
            }
            case ACTION_STATE_CANCELLED, ACTION_STATE_EXPIRED -> failed(current, standing(action));
            case ACTION_STATE_UNDOING, ACTION_STATE_UNDONE, ACTION_STATE_UNDO_FAILED ->
                    undone(step, current, action, asked);
            default -> awaited(step, current, action);
        };
    }

    /** One that the end of its run cuts short. */
    StepRun cut(StepRun current, Asked asked) {
        // What a process asked for that died before it stored that.
        StepRun known =
                actions.find(asked.requestId(current.getActionsCount()))
                        .map(Action::getName)
                        .map(name -> current.toBuilder().addActions(name).build())
                        .orElse(current);
        if (known.getActionsCount() > 0) {
            actions.cancelIfNotBegun(
                    known.getActionsList().getLast(), "its run has ended: see there");
        }
        return cut(known);
    }

    /** The same of one that has no action of its own. */
    StepRun cut(StepRun current) {
        boolean begun =
                current.getState() == StepState.STEP_STATE_RUNNING || current.getActionsCount() > 0;
        return ended(
                current,
                begun ? StepState.STEP_STATE_FAILED : StepState.STEP_STATE_SKIPPED,
                "the run ended first");
    }

    /** An action that failed may have changed something, so it is undone before the next try. */
    private StepRun undone(PlaybookStep step, StepRun current, Action action, Asked asked)
            throws ExpressionException {
        boolean byPerson =
                action.getTransitionsList().stream()
                        .filter(each -> each.getTo() == ActionState.ACTION_STATE_UNDOING)
                        .anyMatch(each -> !each.getActor().equals(StepActions.ACTOR));
        if (byPerson) {
            return failed(current, "its action was undone by a person before the step had ended");
        }
        if (action.getState() == ActionState.ACTION_STATE_UNDONE && !isLate(step, current)) {
            return created(current, asked, current.getActionsCount());
        }
        return action.getState() == ActionState.ACTION_STATE_UNDOING
                ? awaited(step, current, action)
                : failed(current, standing(action));
    }

    private StepRun awaited(PlaybookStep step, StepRun current, Action action) {
        if (isLate(step, current)) {
            actions.cancelIfNotBegun(action.getName(), late(step));
            return failed(current, late(step) + "; see what became of its action");
        }
        return current.toBuilder().setDetail(standing(action)).build();
    }

    private StepRun created(StepRun current, Asked asked, int attempt) throws ExpressionException {
        try {
            Action created = actions.create(run, asked.order(), asked.requestId(attempt));
            return current.toBuilder()
                    .addActions(created.getName())
                    .clearApprovedBy()
                    .setDetail(standing(created))
                    .build();
        } catch (DependencyUnavailableException e) {
            return current.toBuilder().setDetail("tried again: " + e.getMessage()).build();
        } catch (PreconditionFailedException
                | NotFoundException
                | InvalidFieldException
                | PermissionDeniedException
                | AlreadyExistsException e) {
            return failed(current, "refused: " + e.getMessage());
        }
    }

    /** Whoever ended the last wait of an action for a person. */
    private static StepRun withApprover(StepRun current, Action action) {
        return action.getTransitionsList().stream()
                .filter(each -> each.getTo() == ActionState.ACTION_STATE_APPROVED)
                .filter(each ->
                        each.getFrom() == ActionState.ACTION_STATE_PROPOSED
                                || each.getFrom() == ActionState.ACTION_STATE_AWAITING_APPROVAL)
                .findFirst()
                .map(each -> current.toBuilder().setApprovedBy(each.getActor()).build())
                .orElse(current);
    }

    private StepRun failed(StepRun current, String detail) {
        return ended(current, StepState.STEP_STATE_FAILED, detail);
    }

    private boolean isLate(PlaybookStep step, StepRun current) {
        return !now.isBefore(SavedTime.read(current.getStartTime()).plus(Timeouts.of(step)));
    }

    private static String late(PlaybookStep step) {
        return "not done within " + Timeouts.of(step);
    }

    private static String standing(Action action) {
        return "its action is " + word(action) + ": " + action.getStateReason();
    }

    private static String word(Action action) {
        return action.getState()
                .name()
                .substring("ACTION_STATE_".length())
                .toLowerCase(Locale.ROOT)
                .replace('_', ' ');
    }
}
