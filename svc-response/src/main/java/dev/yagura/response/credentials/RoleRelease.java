package dev.yagura.response.credentials;

import dev.yagura.proto.response.v1.RoleSessionState;
import dev.yagura.proto.response.v1.VerificationLevel;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.action.RetryLaterException;
import dev.yagura.response.aws.AwsErrors;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.iam.model.IamException;

/**
 * Undoes a containment. The former profile first, then the deny: an undo that stops between leaves
 * the stolen sessions denied, and the instance's new ones were issued later than the deny's limit.
 * A profile that somebody else set is left and reported.
 */
final class RoleRelease {
    private final RoleCloud cloud;
    private final RoleReader reader;
    private final ActionRun run;
    private final RoleSessionState state;
    private final String instanceId;

    RoleRelease(RoleCloud cloud, ActionRun run) {
        this.cloud = cloud;
        this.reader = new RoleReader(cloud);
        this.run = run;
        this.state = run.action().getRoleSessionState();
        this.instanceId = run.action().getTarget().getInstanceId();
    }

    void undo() {
        if (!run.action().hasRoleSessionState()) {
            run.verified(
                    VerificationLevel.VERIFICATION_LEVEL_CONFIG_READ, true, "nothing was changed");
            return;
        }
        boolean restored =
                new ProfileSwap(
                                cloud,
                                run,
                                state.getInstanceProfileArn(),
                                state.getQuarantineProfileArn())
                        .restore();
        removeDeny();
        verify(restored);
    }

    /** Not only where it is seen: a policy that was put just now may not be shown yet. */
    private void removeDeny() {
        if (!called(RoleChange.PUT)) {
            return;
        }
        Optional<String> seen = reader.policy(state.getRoleName(), state.getPolicyName());
        if (seen.isEmpty() && succeeded(RoleChange.DELETE)) {
            return;
        }
        seen.filter(document -> !isOurs(document))
                .ifPresent(document ->
                        run.drift(
                                List.of(
                                        policyName()
                                                + " was changed meanwhile to "
                                                + document
                                                + "; deleted, since its name is this action's")));
        boolean others = seen.isEmpty() && succeeded(RoleChange.PUT) && !called(RoleChange.DELETE);
        RoleChange change = RoleChange.delete(state.getRoleName(), state.getPolicyName());
        try {
            run.call(change.call(), () -> change.request().send(cloud));
        } catch (IamException e) {
            if (!AwsErrors.isNoSuchEntity(e)) {
                throw e;
            }
            if (others) {
                run.drift(List.of(policyName() + " was deleted meanwhile"));
            }
        }
    }

    private String policyName() {
        return "the policy %s of %s".formatted(state.getPolicyName(), state.getRoleName());
    }

    /** Whether this action put it so; it may have put it twice, with another limit. */
    private boolean isOurs(String document) {
        return run.action().getCallsList().stream()
                .filter(call -> call.getOperation().equals(RoleChange.PUT))
                .map(call -> call.getParametersOrDefault(RoleChange.POLICY_DOCUMENT, ""))
                .anyMatch(put -> new SessionDeny(state.getPolicyName(), put).isSameAs(document));
    }

    private void verify(boolean restored) {
        List<String> problems = new ArrayList<>();
        if (reader.policy(state.getRoleName(), state.getPolicyName()).isPresent()) {
            problems.add(state.getRoleName() + " still has the policy " + state.getPolicyName());
        }
        Optional<RoleReader.Association> association = reader.association(instanceId);
        boolean asBefore =
                association
                        .filter(RoleReader.Association::settled)
                        .filter(each -> each.profileArn().equals(state.getInstanceProfileArn()))
                        .isPresent();
        if (restored && !asBefore) {
            problems.add(
                    instanceId
                            + " does not have "
                            + state.getInstanceProfileArn()
                            + " yet (now: "
                            + association.map(RoleReader.Association::profileArn).orElse("none")
                            + ")");
        }
        String detail =
                problems.isEmpty()
                        ? "%s; %s has no policy of this action"
                                .formatted(
                                        restored
                                                ? instanceId
                                                        + " has "
                                                        + state.getInstanceProfileArn()
                                                : "the profile of " + instanceId + " is left",
                                        state.getRoleName())
                        : String.join("; ", problems);
        run.verified(VerificationLevel.VERIFICATION_LEVEL_CONFIG_READ, problems.isEmpty(), detail);
        if (!problems.isEmpty()) {
            throw new RetryLaterException("read back otherwise than restored: " + detail);
        }
    }

    /** Whether AWS said so; a call without an answer may never have arrived. */
    private boolean succeeded(String operation) {
        return run.action().getCallsList().stream()
                .anyMatch(
                        call -> call.getOperation().equals(operation) && call.getError().isEmpty());
    }

    private boolean called(String operation) {
        return run.action().getCallsList().stream()
                .anyMatch(call -> call.getOperation().equals(operation));
    }
}
