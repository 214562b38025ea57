package dev.yagura.response.playbook;

import dev.yagura.common.aws.Together;
import dev.yagura.common.error.DependencyUnavailableException;
import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.common.error.NotFoundException;
import dev.yagura.common.error.PermissionDeniedException;
import dev.yagura.common.error.PreconditionFailedException;
import dev.yagura.proto.response.v1.CheckOutcome;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.proto.response.v1.PlaybookRun;
import dev.yagura.proto.response.v1.PlaybookStep;
import dev.yagura.proto.response.v1.PreflightCheck;
import dev.yagura.proto.response.v1.StepRun;
import dev.yagura.proto.response.v1.StepState;
import dev.yagura.response.action.ActionCatalog;
import dev.yagura.response.playbook.Expressions.ExpressionException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What each step would do now, as if those before it had succeeded; the plans are of the world as
 * it is, in which none of them has. A step that would be refused stays pending and says so.
 */
final class DryRun {
    private final PlaybookRun run;
    private static final String CONDITION = "its condition is false";

    private final Planner planner;
    private final List<StepRun> steps = new ArrayList<>();
    private final Map<String, StepState> states = new HashMap<>();

    /** What an action would do now. */
    interface Planner {
        Plan plan(ActionCatalog.Order order);
    }

    DryRun(PlaybookRun run, Planner planner) {
        this.run = run;
        this.planner = planner;
    }

    PlaybookRun go() {
        list(run.getSpec().getStepsList(), false);
        return run.toBuilder()
                .clearState()
                .clearSteps()
                .addAllSteps(steps)
                .setStateReason("a dry run: nothing was stored or changed")
                .build();
    }

    private void list(List<PlaybookStep> list, boolean skipped) {
        for (PlaybookStep step : list) {
            StepRun result = skipped ? skipped(step, "its branches are skipped") : step(step);
            steps.add(result);
            boolean isSkipped = result.getState() == StepState.STEP_STATE_SKIPPED;
            step.getParallelList().forEach(branch -> list(branch.getStepsList(), isSkipped));
            states.put(
                    step.getId(),
                    isSkipped ? StepState.STEP_STATE_SKIPPED : StepState.STEP_STATE_SUCCEEDED);
        }
    }

    private StepRun step(PlaybookStep step) {
        StepRun.Builder result =
                StepRun.newBuilder().setStep(step.getId()).setState(StepState.STEP_STATE_PENDING);
        Expressions.Scope scope = new Expressions.Scope(run.getSnapshot(), states);
        try {
            boolean holds = Expressions.holds(step.getWhen(), scope);
            if (step.getParallelCount() > 0) {
                return holds
                        ? result.setDetail(step.getParallelCount() + " branches at the same time")
                                .build()
                        : skipped(step, CONDITION);
            }
            if (!holds) {
                return skipped(step, CONDITION).toBuilder().mergeFrom(target(step, scope)).build();
            }
            if (!step.getForEach().isEmpty()) {
                return elements(result, step, scope);
            }
            return planned(result, step, StepOrders.of(run, step, scope));
        } catch (ExpressionException e) {
            return result.setWouldFail(true).setDetail("would fail: " + e.getMessage()).build();
        } catch (InvalidFieldException e) {
            return refused(result, e.getMessage()).build();
        }
    }

    /** Every element with its plan, planned at the same time: there may be many. */
    private StepRun elements(StepRun.Builder result, PlaybookStep step, Expressions.Scope scope)
            throws ExpressionException {
        List<Supplier<StepRun>> plans = new ArrayList<>();
        for (StepRun element : StepElements.of(run, step, scope)) {
            plans.add(() -> element(element, step));
        }
        if (plans.isEmpty()) {
            return skipped(step, "its list is empty");
        }
        List<StepRun> elements = Together.all(plans);
        long refused = elements.stream().filter(StepRun::getWouldFail).count();
        String verdict = refused == 0 ? "" : "; " + refused + " of them would fail or be refused";
        return result.addAllElements(elements)
                .setWouldFail(refused > 0)
                .setDetail(
                        elements.size()
                                + " elements, at most "
                                + StepElements.atOnce(step)
                                + " at a time"
                                + verdict)
                .build();
    }

    private StepRun element(StepRun element, PlaybookStep step) {
        StepRun.Builder result = element.toBuilder();
        if (!element.hasTarget()) {
            return result.setState(StepState.STEP_STATE_PENDING)
                    .setWouldFail(true)
                    .setDetail("would fail: " + element.getDetail())
                    .build();
        }
        try {
            return planned(result, step, StepOrders.of(run, step, element));
        } catch (InvalidFieldException e) {
            return refused(result, e.getMessage()).build();
        }
    }

    private StepRun planned(StepRun.Builder result, PlaybookStep step, ActionCatalog.Order order) {
        result.setTarget(order.target());
        try {
            return verdict(result.setPlan(planner.plan(order)), step).build();
        } catch (PreconditionFailedException
                | NotFoundException
                | InvalidFieldException
                | PermissionDeniedException
                | DependencyUnavailableException e) {
            return refused(result, e.getMessage()).build();
        }
    }

    /** Of a step that is skipped; none when it cannot be told, which then does not matter. */
    private StepRun target(PlaybookStep step, Expressions.Scope scope) {
        try {
            return step.getForEach().isEmpty()
                    ? StepRun.newBuilder()
                            .setTarget(StepOrders.of(run, step, scope).target())
                            .build()
                    : StepRun.newBuilder()
                            .addAllElements(StepElements.of(run, step, scope))
                            .build();
        } catch (ExpressionException | InvalidFieldException e) {
            return StepRun.getDefaultInstance();
        }
    }

    private static StepRun.Builder verdict(StepRun.Builder result, PlaybookStep step) {
        String refused =
                result.getPlan().getChecksList().stream()
                        .filter(check -> check.getOutcome() == CheckOutcome.CHECK_OUTCOME_REFUSED)
                        .map(PreflightCheck::getDetail)
                        .collect(Collectors.joining("; "));
        if (!refused.isEmpty()) {
            return refused(result, refused);
        }
        String asks = step.getApproval() ? ", after a person has approved it" : "";
        return result.setDetail("would make " + result.getPlan().getCallsCount() + " calls" + asks);
    }

    private static StepRun.Builder refused(StepRun.Builder result, @Nullable String why) {
        return result.setWouldFail(true).setDetail("would be refused: " + why);
    }

    private static StepRun skipped(PlaybookStep step, String reason) {
        return StepRun.newBuilder()
                .setStep(step.getId())
                .setState(StepState.STEP_STATE_SKIPPED)
                .setDetail(reason)
                .build();
    }
}
