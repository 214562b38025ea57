package dev.yagura.response.identity;

import dev.yagura.common.aws.Together;
import dev.yagura.proto.response.v1.AccessKeyState;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.proto.response.v1.PlannedCall;
import dev.yagura.proto.response.v1.PreflightCheck;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.aws.CallHistory;
import dev.yagura.response.aws.Checks;
import dev.yagura.response.aws.ScopedClients;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The part of eradicate that is none of the host's: access keys, with the checks, calls and undo of
 * disable_access_key for each. Does nothing for a target without keys. Throws what the SDK throws.
 */
public final class AccessKeyEradication {
    private final ScopedClients<IdentityCloud> clients;

    public AccessKeyEradication(ScopedClients<IdentityCloud> clients) {
        this.clients = clients;
    }

    /**
     * Adds checks and calls: before the calls that are there, as undo after its own.
     *
     * @throws dev.yagura.common.error.NotFoundException no such key of a user
     */
    public void describe(Plan.Builder plan, ActionTarget target) {
        List<AccessKeySurvey> surveys = surveys(target);
        List<PlannedCall> others = List.copyOf(plan.getCallsList());
        plan.clearCalls()
                .addAllCalls(
                        surveys.stream()
                                .map(AccessKeyPlan::disabling)
                                .flatMap(Optional::stream)
                                .toList())
                .addAllCalls(others)
                .addAllChecks(checks(surveys, target))
                .addAllUndoCalls(
                        surveys.stream()
                                .map(AccessKeyPlan::enabling)
                                .flatMap(Optional::stream)
                                .toList())
                .addAllResidualRisks(
                        surveys.stream()
                                .flatMap(survey -> AccessKeyPlan.risks(survey).stream())
                                .distinct()
                                .toList());
    }

    private List<AccessKeySurvey> surveys(ActionTarget target) {
        List<String> ids = target.getEradication().getAccessKeyIdsList();
        if (ids.isEmpty()) {
            return List.of();
        }
        IdentityCloud cloud = clients.of(target.getScope());
        Platform platform = Platform.of(cloud);
        return Together.all(
                ids.stream()
                        .<Supplier<AccessKeySurvey>>map(
                                id -> () -> AccessKeySurvey.take(cloud.iam(), id, platform))
                        .toList());
    }

    /** Those of one key, each with its id. */
    private static List<PreflightCheck> checks(List<AccessKeySurvey> surveys, ActionTarget target) {
        return surveys.stream()
                .flatMap(survey ->
                        AccessKeyPreflight.checks(survey, target).stream()
                                .map(check -> named(survey.key().id(), check)))
                .toList();
    }

    private static PreflightCheck named(String keyId, PreflightCheck check) {
        return check.toBuilder().setLabel(keyId + ": " + check.getLabel()).build();
    }

    /** There are keys, and nobody has written yet what they were. */
    public boolean isToPrepare(ActionRun run) {
        return run.action().getTarget().getEradication().getAccessKeyIdsCount() > 0
                && run.action().getAccessKeyStatesCount() == 0;
    }

    /**
     * Writes what undo needs.
     *
     * @throws dev.yagura.response.action.ActionFailedException a check refuses
     */
    public void prepare(ActionRun run) {
        ActionTarget target = run.action().getTarget();
        List<AccessKeySurvey> surveys = surveys(target);
        Checks.requireNoneRefused(checks(surveys, target));
        List<AccessKeyState> states =
                surveys.stream().map(survey -> survey.state().build()).toList();
        run.saved(saving -> saving.clearAccessKeyStates().addAllAccessKeyStates(states));
    }

    public void disable(ActionRun run) {
        keys(run).ifPresent(DisabledKeys::disable);
    }

    /**
     * Verifies each.
     *
     * @throws dev.yagura.response.action.RetryLaterException one is still shown as active
     */
    public void readBack(ActionRun run) {
        keys(run).ifPresent(DisabledKeys::readBack);
    }

    /** Disables again what others enabled. */
    public void watch(ActionRun run) {
        keys(run).ifPresent(DisabledKeys::watch);
    }

    /** Enables those that were active before; reports what others made of them. */
    public void undo(ActionRun run) {
        keys(run).ifPresent(DisabledKeys::undo);
    }

    /** For people, after other text: "; access keys: AKIA… of deploy is Inactive". */
    public String remains(ActionRun run) {
        return keys(run)
                .map(keys ->
                        "; access keys: %s; undo enables those that this action disabled"
                                .formatted(keys.text()))
                .orElse("");
    }

    /** By its record, whatever became of the host. */
    public static boolean mayHaveChanged(Action action) {
        return new CallHistory(action).perhapsMade(AccessKeyPlan.UPDATE);
    }

    /** Empty as long as nothing was changed. */
    private Optional<DisabledKeys> keys(ActionRun run) {
        Action action = run.action();
        return action.getAccessKeyStatesCount() == 0
                ? Optional.empty()
                : Optional.of(
                        new DisabledKeys(
                                clients.of(action.getTarget().getScope()).iam(),
                                run,
                                action.getAccessKeyStatesList()));
    }
}
