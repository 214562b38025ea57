package dev.yagura.response.playbook;

import dev.yagura.common.error.AlreadyExistsException;
import dev.yagura.common.error.DependencyUnavailableException;
import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.common.error.NotFoundException;
import dev.yagura.common.error.PermissionDeniedException;
import dev.yagura.common.error.PreconditionFailedException;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.OnFailure;
import dev.yagura.proto.response.v1.PlaybookBranch;
import dev.yagura.proto.response.v1.PlaybookRun;
import dev.yagura.proto.response.v1.PlaybookRunState;
import dev.yagura.proto.response.v1.PlaybookStep;
import dev.yagura.proto.response.v1.StepRun;
import dev.yagura.proto.response.v1.StepState;
import dev.yagura.response.aws.SavedTime;
import dev.yagura.response.playbook.Expressions.ExpressionException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Lets a run go on as far as it goes now. All that it knows is the stored run and the actions, and
 * asking for the same action again makes none: it may die anywhere, and be repeated by anybody.
 */
final class RunAdvance {
    private final PlaybookRun run;
    private final StepActions actions;
    private final Instant now;
    private final Map<String, StepRun> steps = new LinkedHashMap<>();

    /** How a list of steps stands. */
    private enum Outcome {
        RUNNING,
        DONE,
        FAILED
    }

    RunAdvance(PlaybookRun run, StepActions actions, Clock clock) {
        this.run = run;
        this.actions = actions;
        this.now = clock.instant();
        run.getStepsList().forEach(step -> steps.put(step.getStep(), step));
    }

    /** The steps of a new run: none has begun. */
    static List<StepRun> pending(List<PlaybookStep> steps) {
        List<StepRun> pending = new ArrayList<>();
        for (PlaybookStep step : steps) {
            pending.add(
                    StepRun.newBuilder()
                            .setStep(step.getId())
                            .setState(StepState.STEP_STATE_PENDING)
                            .build());
            step.getParallelList()
                    .forEach(branch -> pending.addAll(pending(branch.getStepsList())));
        }
        return pending;
    }

    /**
     * The run as it is then; the same one when nothing has changed.
     *
     * @throws dev.yagura.common.error.DependencyUnavailableException the database is away: later
     */
    PlaybookRun go() {
        if (run.getState() == PlaybookRunState.PLAYBOOK_RUN_STATE_CANCELLING) {
            return ended(PlaybookRunState.PLAYBOOK_RUN_STATE_CANCELLED, run.getStateReason());
        }
        if (!now.isBefore(SavedTime.read(run.getDueTime()))) {
            return ended(
                    PlaybookRunState.PLAYBOOK_RUN_STATE_FAILED,
                    "not done within " + Timeouts.of(run.getSpec()));
        }
        return switch (list(run.getSpec().getStepsList())) {
            case RUNNING -> withSteps().build();
            case DONE -> ended(PlaybookRunState.PLAYBOOK_RUN_STATE_SUCCEEDED, success());
            case FAILED -> ended(PlaybookRunState.PLAYBOOK_RUN_STATE_FAILED, failed());
        };
    }

    private Outcome list(List<PlaybookStep> list) {
        for (PlaybookStep step : list) {
            if (!isEnded(state(step))) {
                advance(step);
            }
            switch (state(step)) {
                case STEP_STATE_SUCCEEDED, STEP_STATE_SKIPPED -> {}
                case STEP_STATE_FAILED -> {
                    if (step.getOnFailure() != OnFailure.ON_FAILURE_CONTINUE) {
                        return Outcome.FAILED;
                    }
                }
                default -> {
                    return Outcome.RUNNING;
                }
            }
        }
        return Outcome.DONE;
    }

    private void advance(PlaybookStep step) {
        try {
            if (state(step) == StepState.STEP_STATE_PENDING && !begin(step)) {
                return;
            }
            if (step.getParallelCount() > 0) {
                branches(step);
            } else {
                action(step);
            }
        } catch (ExpressionException e) {
            end(step, StepState.STEP_STATE_FAILED, String.valueOf(e.getMessage()));
        }
    }

    /** False when it is skipped. */
    private boolean begin(PlaybookStep step) throws ExpressionException {
        if (!Expressions.holds(step.getWhen(), scope())) {
            end(step, StepState.STEP_STATE_SKIPPED, "its condition is false");
            step.getParallelList()
                    .forEach(branch -> skip(branch.getStepsList(), "its branches are skipped"));
            return false;
        }
        put(
                stepRun(step).toBuilder()
                        .setState(StepState.STEP_STATE_RUNNING)
                        .setStartTime(SavedTime.of(now)));
        return true;
    }

    private void branches(PlaybookStep step) {
        List<Outcome> outcomes =
                step.getParallelList().stream()
                        .map(PlaybookBranch::getStepsList)
                        .map(this::list)
                        .toList();
        if (outcomes.contains(Outcome.RUNNING)) {
            return;
        }
        if (outcomes.contains(Outcome.FAILED)) {
            step.getParallelList()
                    .forEach(branch ->
                            skip(branch.getStepsList(), "a step before it in its branch failed"));
            end(step, StepState.STEP_STATE_FAILED, "a branch failed");
        } else {
            end(step, StepState.STEP_STATE_SUCCEEDED, "every branch ended");
        }
    }

    private void action(PlaybookStep step) throws ExpressionException {
        StepRun current = stepRun(step);
        int attempts = current.getActionsCount();
        if (attempts == 0) {
            if (isLate(step)) {
                end(step, StepState.STEP_STATE_FAILED, late(step) + ": " + current.getDetail());
            } else {
                create(step, 0);
            }
            return;
        }
        Action action = actions.read(current.getActions(attempts - 1));
        switch (action.getState()) {
            case ACTION_STATE_SUCCEEDED ->
                    end(step, StepState.STEP_STATE_SUCCEEDED, action.getStateReason());
            case ACTION_STATE_FAILED -> {
                if (attempts > step.getRetries() || isLate(step)) {
                    end(step, StepState.STEP_STATE_FAILED, action.getStateReason());
                } else if (!actions.undo(action.getName())) {
                    create(step, attempts);
                }
            }
            case ACTION_STATE_CANCELLED, ACTION_STATE_EXPIRED ->
                    end(step, StepState.STEP_STATE_FAILED, standing(action));
            case ACTION_STATE_UNDOING, ACTION_STATE_UNDONE, ACTION_STATE_UNDO_FAILED ->
                    undone(step, action);
            default -> await(step, action);
        }
    }

    /** An action that failed may have changed something, so it is undone before the next try. */
    private void undone(PlaybookStep step, Action action) throws ExpressionException {
        boolean byPerson =
                action.getTransitionsList().stream()
                        .filter(each -> each.getTo() == ActionState.ACTION_STATE_UNDOING)
                        .anyMatch(each -> !each.getActor().equals(StepActions.ACTOR));
        if (byPerson) {
            end(
                    step,
                    StepState.STEP_STATE_FAILED,
                    "its action was undone by a person before the step had ended");
        } else if (action.getState() == ActionState.ACTION_STATE_UNDONE && !isLate(step)) {
            create(step, stepRun(step).getActionsCount());
        } else if (action.getState() == ActionState.ACTION_STATE_UNDOING) {
            await(step, action);
        } else {
            end(step, StepState.STEP_STATE_FAILED, standing(action));
        }
    }

    private void await(PlaybookStep step, Action action) {
        if (isLate(step)) {
            actions.cancelIfNotBegun(action.getName(), late(step));
            end(step, StepState.STEP_STATE_FAILED, late(step) + "; see what became of its action");
        } else {
            put(stepRun(step).toBuilder().setDetail(standing(action)));
        }
    }

    private boolean isLate(PlaybookStep step) {
        Instant start = SavedTime.read(stepRun(step).getStartTime());
        return !now.isBefore(start.plus(Timeouts.of(step)));
    }

    private static String late(PlaybookStep step) {
        return "not done within " + Timeouts.of(step);
    }

    private static String standing(Action action) {
        return "its action is " + word(action) + ": " + action.getStateReason();
    }

    private void create(PlaybookStep step, int attempt) throws ExpressionException {
        try {
            Action created =
                    actions.create(
                            run,
                            StepOrders.of(run, step, scope()),
                            StepOrders.requestId(run, step, attempt));
            put(
                    stepRun(step).toBuilder()
                            .addActions(created.getName())
                            .setDetail(standing(created)));
        } catch (DependencyUnavailableException e) {
            put(stepRun(step).toBuilder().setDetail("tried again: " + e.getMessage()));
        } catch (PreconditionFailedException
                | NotFoundException
                | InvalidFieldException
                | PermissionDeniedException
                | AlreadyExistsException e) {
            end(step, StepState.STEP_STATE_FAILED, "refused: " + e.getMessage());
        }
    }

    private PlaybookRun ended(PlaybookRunState state, String reason) {
        end(run.getSpec().getStepsList());
        return withSteps()
                .setState(state)
                .setStateReason(reason)
                .setEndTime(SavedTime.of(now))
                .build();
    }

    /** Steps that the end of their run cuts short. */
    private void end(List<PlaybookStep> list) {
        for (PlaybookStep step : list) {
            step.getParallelList().forEach(branch -> end(branch.getStepsList()));
            if (isEnded(state(step))) {
                continue;
            }
            forgotten(step).ifPresent(name -> put(stepRun(step).toBuilder().addActions(name)));
            StepRun current = stepRun(step);
            if (current.getActionsCount() > 0) {
                actions.cancelIfNotBegun(
                        current.getActionsList().getLast(), "its run has ended: see there");
            }
            boolean begun =
                    current.getState() == StepState.STEP_STATE_RUNNING
                            || current.getActionsCount() > 0;
            end(
                    step,
                    begun ? StepState.STEP_STATE_FAILED : StepState.STEP_STATE_SKIPPED,
                    "the run ended first");
        }
    }

    /** What a process asked for that died before it stored that. */
    private Optional<String> forgotten(PlaybookStep step) {
        return step.getAction().isEmpty()
                ? Optional.empty()
                : actions.find(StepOrders.requestId(run, step, stepRun(step).getActionsCount()))
                        .map(Action::getName);
    }

    private String success() {
        String failed = failed();
        return failed.isEmpty() ? "every step ended" : "went on although " + failed;
    }

    /** Which steps failed, and why; those with branches say nothing that these do not. */
    private String failed() {
        return actionSteps(run.getSpec().getStepsList())
                .map(this::stepRun)
                .filter(step -> step.getState() == StepState.STEP_STATE_FAILED)
                .map(step -> step.getStep() + " failed: " + step.getDetail())
                .collect(Collectors.joining("; "));
    }

    private static Stream<PlaybookStep> actionSteps(List<PlaybookStep> list) {
        return list.stream()
                .flatMap(step ->
                        step.getParallelCount() == 0
                                ? Stream.of(step)
                                : step.getParallelList().stream()
                                        .flatMap(branch -> actionSteps(branch.getStepsList())));
    }

    private void skip(List<PlaybookStep> list, String reason) {
        for (PlaybookStep step : list) {
            if (state(step) == StepState.STEP_STATE_PENDING) {
                put(skipped(stepRun(step), reason));
            }
            step.getParallelList().forEach(branch -> skip(branch.getStepsList(), reason));
        }
    }

    private StepRun.Builder skipped(StepRun step, String reason) {
        return step.toBuilder()
                .setState(StepState.STEP_STATE_SKIPPED)
                .setDetail(reason)
                .setEndTime(SavedTime.of(now));
    }

    private void end(PlaybookStep step, StepState state, String detail) {
        put(
                stepRun(step).toBuilder()
                        .setState(state)
                        .setDetail(detail)
                        .setEndTime(SavedTime.of(now)));
    }

    private Expressions.Scope scope() {
        return new Expressions.Scope(
                run.getSnapshot(),
                steps.values().stream()
                        .filter(step -> isEnded(step.getState()))
                        .collect(Collectors.toMap(StepRun::getStep, StepRun::getState)));
    }

    private PlaybookRun.Builder withSteps() {
        return run.toBuilder().clearSteps().addAllSteps(steps.values());
    }

    private StepRun stepRun(PlaybookStep step) {
        return Objects.requireNonNull(steps.get(step.getId()));
    }

    private StepState state(PlaybookStep step) {
        return stepRun(step).getState();
    }

    private void put(StepRun.Builder step) {
        steps.put(step.getStep(), step.build());
    }

    private static boolean isEnded(StepState state) {
        return state == StepState.STEP_STATE_SUCCEEDED
                || state == StepState.STEP_STATE_FAILED
                || state == StepState.STEP_STATE_SKIPPED;
    }

    private static String word(Action action) {
        return action.getState()
                .name()
                .substring("ACTION_STATE_".length())
                .toLowerCase(Locale.ROOT)
                .replace('_', ' ');
    }
}
