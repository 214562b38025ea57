package dev.yagura.response.credentials;

import dev.yagura.proto.response.v1.RoleSessionState;
import dev.yagura.proto.response.v1.VerificationLevel;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.action.RetryLaterException;
import dev.yagura.response.aws.DenyRemoval;
import dev.yagura.response.aws.IamPrincipal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

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
        roles().forEach(role ->
                new DenyRemoval(cloud.iam(), IamPrincipal.role(role), state.getPolicyName(), run)
                        .remove());
        verify(restored);
    }

    /** That have a policy of this action: the instance's own last, whose deny holds them all up. */
    private List<String> roles() {
        return Stream.concat(
                        ChainDenial.here(state).stream()
                                .map(role -> ChainDenial.name(role.getRoleArn())),
                        Stream.of(state.getRoleName()))
                .distinct()
                .toList();
    }

    private void verify(boolean restored) {
        List<String> problems = new ArrayList<>();
        roles().stream()
                .filter(role -> reader.policy(role, state.getPolicyName()).isPresent())
                .forEach(role ->
                        problems.add(role + " still has the policy " + state.getPolicyName()));
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
                        ? "%s; no policy of this action is in %s"
                                .formatted(
                                        restored
                                                ? instanceId
                                                        + " has "
                                                        + state.getInstanceProfileArn()
                                                : "the profile of " + instanceId + " is left",
                                        String.join(", ", roles()))
                        : String.join("; ", problems);
        run.verified(VerificationLevel.VERIFICATION_LEVEL_CONFIG_READ, problems.isEmpty(), detail);
        if (!problems.isEmpty()) {
            throw new RetryLaterException("read back otherwise than restored: " + detail);
        }
    }
}
