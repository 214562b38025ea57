package dev.yagura.response.credentials;

import dev.yagura.proto.response.v1.RoleSessionState;
import dev.yagura.proto.response.v1.VerificationLevel;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.action.RetryLaterException;
import dev.yagura.response.aws.DenyRemoval;
import dev.yagura.response.aws.IamPrincipal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
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
        policies()
                .forEach(put ->
                        new DenyRemoval(
                                        cloud.iam(),
                                        IamPrincipal.role(put.getKey()),
                                        put.getValue(),
                                        run)
                                .remove());
        verify(restored);
    }

    /**
     * Of this action, by the role's name: that of the instance's own last, whose deny holds them
     * all up.
     */
    private List<Map.Entry<String, String>> policies() {
        return Stream.concat(
                        ChainDenial.put(run.action()).entrySet().stream(),
                        Stream.of(Map.entry(state.getRoleName(), state.getPolicyName())))
                .toList();
    }

    private void verify(boolean restored) {
        List<String> problems = new ArrayList<>();
        policies().stream()
                .filter(put -> reader.policy(put.getKey(), put.getValue()).isPresent())
                .forEach(put ->
                        problems.add(put.getKey() + " still has the policy " + put.getValue()));
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
                                        policies().stream()
                                                .map(Map.Entry::getKey)
                                                .distinct()
                                                .collect(Collectors.joining(", ")))
                        : String.join("; ", problems);
        run.verified(VerificationLevel.VERIFICATION_LEVEL_CONFIG_READ, problems.isEmpty(), detail);
        if (!problems.isEmpty()) {
            throw new RetryLaterException("read back otherwise than restored: " + detail);
        }
    }
}
