package dev.yagura.response.playbook;

import dev.yagura.common.error.DependencyUnavailableException;
import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.common.error.NotFoundException;
import dev.yagura.common.error.PermissionDeniedException;
import dev.yagura.common.error.PreconditionFailedException;
import dev.yagura.common.identity.Principal;
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
import java.util.stream.Collectors;

/**
 * What each step would do now, as if those before it had succeeded; the plans are of the world as
 * it is, in which none of them has. A step that would be refused stays pending and says so.
 */
final class DryRun {
    private final PlaybookRun run;
    private final ActionCatalog catalog;
    private final Principal caller;
    private final List<StepRun> steps = new ArrayList<>();
    private final Map<String, StepState> states = new HashMap<>();

    DryRun(PlaybookRun run, ActionCatalog catalog, Principal caller) {
        this.run = run;
        this.catalog = catalog;
        this.caller = caller;
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
            if (!Expressions.holds(step.getWhen(), scope)) {
                return skipped(step, "its condition is false");
            }
            if (step.getParallelCount() > 0) {
                return result.setDetail(step.getParallelCount() + " branches at the same time")
                        .build();
            }
            Plan plan = catalog.plan(StepOrders.of(run, step, scope), caller).getPlan();
            return result.setPlan(plan).setDetail(verdict(step, plan)).build();
        } catch (ExpressionException e) {
            return result.setDetail("would fail: " + e.getMessage()).build();
        } catch (PreconditionFailedException
                | NotFoundException
                | InvalidFieldException
                | PermissionDeniedException
                | DependencyUnavailableException e) {
            return result.setDetail("would be refused: " + e.getMessage()).build();
        }
    }

    private static String verdict(PlaybookStep step, Plan plan) {
        String refused =
                plan.getChecksList().stream()
                        .filter(check -> check.getOutcome() == CheckOutcome.CHECK_OUTCOME_REFUSED)
                        .map(PreflightCheck::getDetail)
                        .collect(Collectors.joining("; "));
        if (!refused.isEmpty()) {
            return "would be refused: " + refused;
        }
        String asks = step.getApproval() ? ", after a person has approved it" : "";
        return "would make " + plan.getCallsCount() + " calls" + asks;
    }

    private static StepRun skipped(PlaybookStep step, String reason) {
        return StepRun.newBuilder()
                .setStep(step.getId())
                .setState(StepState.STEP_STATE_SKIPPED)
                .setDetail(reason)
                .build();
    }
}
