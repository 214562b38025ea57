package dev.yagura.response.playbook;

import dev.yagura.proto.response.v1.OnFailure;
import dev.yagura.proto.response.v1.PlaybookBranch;
import dev.yagura.proto.response.v1.PlaybookRun;
import dev.yagura.proto.response.v1.PlaybookRunState;
import dev.yagura.proto.response.v1.PlaybookStep;
import dev.yagura.proto.response.v1.StepRun;
import dev.yagura.proto.response.v1.StepState;
import dev.yagura.response.action.ActionCatalog;
import dev.yagura.response.aws.SavedTime;
import dev.yagura.response.playbook.Expressions.ExpressionException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Lets a run go on as far as it goes now. All that it knows is the stored run and the actions, and
 * asking for the same action again makes none: it may die anywhere, and be repeated by anybody.
 */
final class RunAdvance {
    private final PlaybookRun run;
    private final Instant now;
    private final StepWork work;
    private final ElementsWork elements;
    private final Map<String, StepRun> steps = new LinkedHashMap<>();
    private boolean isHurried;

    /** How a list of steps stands. */
    private enum Outcome {
        RUNNING,
        DONE,
        FAILED
    }

    RunAdvance(PlaybookRun run, StepActions actions, Clock clock) {
        this.run = run;
        this.now = clock.instant();
        this.work = new StepWork(run, actions, now);
        this.elements = new ElementsWork(run, work);
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

    /** After {@link #go}: it goes on at once, as soon as this is stored. */
    boolean isHurried() {
        return isHurried;
    }

    private Outcome list(List<PlaybookStep> list) {
        for (PlaybookStep step : list) {
            if (!StepWork.isEnded(stepRun(step))) {
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
            } else if (!step.getForEach().isEmpty()) {
                elements(step);
            } else {
                put(work.advanced(step, stepRun(step), asked(step)));
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
        put(work.begun(stepRun(step)));
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

    /** The list is stored before anything is asked for, so that it stays what it was. */
    private void elements(PlaybookStep step) throws ExpressionException {
        StepRun current = stepRun(step);
        if (current.getElementsCount() > 0) {
            put(elements.advanced(step, current));
            return;
        }
        List<StepRun> list = StepElements.of(run, step, scope());
        if (list.isEmpty()) {
            end(step, StepState.STEP_STATE_SKIPPED, "its list is empty");
        } else {
            put(
                    current.toBuilder()
                            .addAllElements(list)
                            .setDetail("one by one: " + list.size())
                            .build());
            isHurried = true;
        }
    }

    private StepWork.Asked asked(PlaybookStep step) {
        return new StepWork.Asked() {
            @Override
            public ActionCatalog.Order order() throws ExpressionException {
                return StepOrders.of(run, step, scope());
            }

            @Override
            public UUID requestId(int attempt) {
                return StepOrders.requestId(run, step, attempt);
            }
        };
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
            if (StepWork.isEnded(stepRun(step))) {
                continue;
            }
            StepRun current = stepRun(step);
            if (!step.getForEach().isEmpty()) {
                put(work.cut(elements.cut(step, current)));
            } else if (step.getParallelCount() > 0) {
                put(work.cut(current));
            } else {
                put(work.cut(current, asked(step)));
            }
        }
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
                end(step, StepState.STEP_STATE_SKIPPED, reason);
            }
            step.getParallelList().forEach(branch -> skip(branch.getStepsList(), reason));
        }
    }

    private void end(PlaybookStep step, StepState state, String detail) {
        put(work.ended(stepRun(step), state, detail));
    }

    private Expressions.Scope scope() {
        return new Expressions.Scope(
                run.getSnapshot(),
                steps.values().stream()
                        .filter(StepWork::isEnded)
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

    private void put(StepRun step) {
        steps.put(step.getStep(), step);
    }
}
