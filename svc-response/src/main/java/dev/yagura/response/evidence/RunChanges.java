package dev.yagura.response.evidence;

import dev.yagura.proto.response.v1.EvidenceEntry;
import dev.yagura.proto.response.v1.EvidenceEvent;
import dev.yagura.proto.response.v1.PlaybookBranch;
import dev.yagura.proto.response.v1.PlaybookRun;
import dev.yagura.proto.response.v1.PlaybookStep;
import dev.yagura.proto.response.v1.RunChange;
import dev.yagura.proto.response.v1.StepRun;
import dev.yagura.proto.response.v1.StepState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What one write of a run decided: a few words of each, since its actions tell the rest themselves.
 * What a step waits for meanwhile is no decision, and not told.
 */
final class RunChanges {
    private final PlaybookRun before;
    private final PlaybookRun after;
    private final String accountId;
    private final Map<String, StepRun> stepsBefore;
    private final Map<String, StepRun> stepsAfter;
    private final List<EvidenceEntry> entries = new ArrayList<>();

    private RunChanges(PlaybookRun before, PlaybookRun after, String accountId) {
        this.before = before;
        this.after = after;
        this.accountId = accountId;
        this.stepsBefore = byId(before);
        this.stepsAfter = byId(after);
    }

    /**
     * The entries of a write, in the order in which they are told; none when nothing was decided.
     *
     * @param before the default instance for a new run
     * @param after as it is stored
     */
    static List<EvidenceEntry> of(PlaybookRun before, PlaybookRun after, String accountId) {
        RunChanges changes = new RunChanges(before, after, accountId);
        if (before.getName().isEmpty()) {
            changes.started();
        }
        changes.steps(after.getSpec().getStepsList());
        changes.state();
        return List.copyOf(changes.entries);
    }

    private void started() {
        add(
                EvidenceEvent.EVIDENCE_EVENT_RUN_STARTED,
                RunChange.newBuilder()
                        .setPlaybook(after.getPlaybook())
                        .setVersion(after.getVersion())
                        .setSourceSha256(after.getSourceSha256())
                        .setIncident(after.getIncident())
                        .setStartedBy(after.getStartedBy())
                        .setReason(after.getReason())
                        .setRequestId(after.getRequestId())
                        .setAutomated(after.getAutomated())
                        .setQuiet(after.getQuiet()));
    }

    /** Branches stand between the beginning and the end of their step. */
    private void steps(List<PlaybookStep> steps) {
        for (PlaybookStep step : steps) {
            StepRun was = stepsBefore.getOrDefault(step.getId(), StepRun.getDefaultInstance());
            StepRun is = stepsAfter.getOrDefault(step.getId(), was);
            if (is.hasStartTime() && !was.hasStartTime()) {
                add(
                        EvidenceEvent.EVIDENCE_EVENT_RUN_STEP_BEGUN,
                        of(is).setCondition(step.getWhen()));
            }
            elements(was, is);
            orders(was, is);
            step.getParallelList().stream().map(PlaybookBranch::getStepsList).forEach(this::steps);
            end(step, was, is);
        }
    }

    private void elements(StepRun was, StepRun is) {
        if (is.getElementsCount() > 0 && was.getElementsCount() == 0) {
            add(
                    EvidenceEvent.EVIDENCE_EVENT_RUN_LIST_FIXED,
                    of(is).addAllElements(
                                    is.getElementsList().stream()
                                            .map(StepRun::getElement)
                                            .toList()));
        }
        for (int i = 0; i < is.getElementsCount(); i++) {
            StepRun element = is.getElements(i);
            StepRun elementWas =
                    was.getElementsCount() > i ? was.getElements(i) : StepRun.getDefaultInstance();
            orders(elementWas, element);
            if (isEnded(element) && !isEnded(elementWas)) {
                add(ended(element), standing(element));
            }
        }
    }

    private void orders(StepRun was, StepRun is) {
        for (int i = was.getActionsCount(); i < is.getActionsCount(); i++) {
            add(
                    EvidenceEvent.EVIDENCE_EVENT_RUN_ACTION_ORDERED,
                    of(is).setAction(is.getActions(i)).setAttempt(i + 1));
        }
        boolean isOfAnother = is.getActionsCount() != was.getActionsCount();
        if (!is.getApprovedBy().isEmpty()
                && (isOfAnother || !is.getApprovedBy().equals(was.getApprovedBy()))) {
            add(
                    EvidenceEvent.EVIDENCE_EVENT_RUN_ACTION_APPROVED,
                    of(is).setAction(is.getActionsList().getLast())
                            .setApprover(is.getApprovedBy()));
        }
    }

    private void end(PlaybookStep step, StepRun was, StepRun is) {
        if (!isEnded(is) || isEnded(was)) {
            return;
        }
        RunChange.Builder change = standing(is);
        if (is.getState() == StepState.STEP_STATE_FAILED) {
            change.setOnFailure(step.getOnFailure());
        }
        if (is.getState() == StepState.STEP_STATE_SKIPPED) {
            change.setCondition(step.getWhen());
        }
        add(ended(is), change);
    }

    private void state() {
        if (after.getState() == before.getState()) {
            return;
        }
        switch (after.getState()) {
            case PLAYBOOK_RUN_STATE_CANCELLING ->
                    add(EvidenceEvent.EVIDENCE_EVENT_RUN_CANCEL_REQUESTED, standing());
            case PLAYBOOK_RUN_STATE_SUCCEEDED,
                    PLAYBOOK_RUN_STATE_FAILED,
                    PLAYBOOK_RUN_STATE_CANCELLED ->
                    add(EvidenceEvent.EVIDENCE_EVENT_RUN_ENDED, standing());
            case PLAYBOOK_RUN_STATE_RUNNING, PLAYBOOK_RUN_STATE_UNSPECIFIED, UNRECOGNIZED -> {
                // Told by the start.
            }
        }
    }

    private RunChange.Builder standing() {
        return RunChange.newBuilder()
                .setRunState(after.getState())
                .setDetail(after.getStateReason());
    }

    private static RunChange.Builder standing(StepRun step) {
        return of(step).setState(step.getState()).setDetail(step.getDetail());
    }

    private static RunChange.Builder of(StepRun step) {
        return RunChange.newBuilder().setStep(step.getStep()).setElement(step.getElement());
    }

    private static EvidenceEvent ended(StepRun step) {
        return step.getState() == StepState.STEP_STATE_SKIPPED
                ? EvidenceEvent.EVIDENCE_EVENT_RUN_STEP_SKIPPED
                : EvidenceEvent.EVIDENCE_EVENT_RUN_STEP_ENDED;
    }

    private static boolean isEnded(StepRun step) {
        return switch (step.getState()) {
            case STEP_STATE_SUCCEEDED, STEP_STATE_FAILED, STEP_STATE_SKIPPED -> true;
            case STEP_STATE_PENDING, STEP_STATE_RUNNING, STEP_STATE_UNSPECIFIED, UNRECOGNIZED ->
                    false;
        };
    }

    private void add(EvidenceEvent event, RunChange.Builder change) {
        entries.add(
                EvidenceEntry.newBuilder()
                        .setPlaybookRun(after.getName())
                        .setAccountId(accountId)
                        .setTime(after.getUpdateTime())
                        .setEvent(event)
                        .setRun(change)
                        .build());
    }

    private static Map<String, StepRun> byId(PlaybookRun run) {
        return run.getStepsList().stream()
                .collect(Collectors.toMap(StepRun::getStep, Function.identity()));
    }
}
