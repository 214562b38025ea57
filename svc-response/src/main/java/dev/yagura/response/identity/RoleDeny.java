package dev.yagura.response.identity;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.PlannedCall;
import dev.yagura.proto.response.v1.PreflightCheck;
import dev.yagura.proto.response.v1.PrincipalDenyState;
import dev.yagura.response.aws.DenyPolicy;
import dev.yagura.response.aws.IamPrincipal;
import dev.yagura.response.aws.PolicyChange;
import dev.yagura.response.aws.PolicyPrincipals;
import dev.yagura.response.aws.PrincipalPolicies;
import dev.yagura.response.aws.RoleInstances;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A deny that is planned for the role of something that is contained, and who else has that role,
 * as read just now; {@link DenyPlacement} puts it.
 */
public final class RoleDeny {
    private final PrincipalSurvey survey;
    private final String trust;
    private final List<String> instances;
    private final ExecutionDenial denial;
    private final Instant limit;

    private RoleDeny(
            PrincipalSurvey survey,
            String trust,
            List<String> instances,
            ExecutionDenial denial,
            Instant limit) {
        this.survey = survey;
        this.trust = trust;
        this.instances = instances;
        this.denial = denial;
        this.limit = limit;
    }

    /**
     * Reads the role, and the instances of the cloud's region that have it; empty when there is
     * none of the name. Throws what the SDK throws.
     */
    public static Optional<RoleDeny> read(IdentityCloud cloud, String roleName) {
        return read(cloud, new ExecutionDenial(roleName, false), Instant.EPOCH);
    }

    /** The same for a deny of sessions from before a moment only. */
    public static Optional<RoleDeny> ofOlderSessions(
            IdentityCloud cloud, String roleName, Instant now) {
        return read(cloud, new ExecutionDenial(roleName, true), DenyPolicy.limit(now));
    }

    private static Optional<RoleDeny> read(
            IdentityCloud cloud, ExecutionDenial denial, Instant limit) {
        String roleName = denial.roleName();
        IamPrincipal principal = IamPrincipal.role(roleName);
        return new IdentityReader(cloud.iam())
                .role(roleName)
                .map(role ->
                        new RoleDeny(
                                new PrincipalSurvey(
                                        role.live(),
                                        PrincipalSurvey.used(
                                                new PrincipalPolicies(cloud.iam(), principal)),
                                        List.of(RoleReach.lastUse(role)),
                                        Platform.of(cloud)),
                                role.trust(),
                                RoleInstances.of(cloud.iam(), cloud.ec2(), roleName),
                                denial,
                                limit));
    }

    public String roleName() {
        return denial.roleName();
    }

    /**
     * Who else has the role, or may get it: instances of the region, and whoever its trust names.
     *
     * @param service that has it for what is contained, such as lambda.amazonaws.com
     */
    public List<String> others(String service) {
        return Stream.concat(
                        instances.stream(),
                        PolicyPrincipals.of(trust).stream()
                                .filter(each -> !each.equals("Service " + service)))
                .toList();
    }

    /** What must hold before it gets the deny. */
    public List<PreflightCheck> checks(ActionTarget target, Action action) {
        return PrincipalPreflight.checks(survey, target, policy(action));
    }

    public PlannedCall put(Action action) {
        return PolicyChange.put(survey.live().principal(), policy(action))
                .shown("no such policy", denial.effect());
    }

    public PlannedCall delete(Action action) {
        return PolicyChange.delete(survey.live().principal(), policy(action).name())
                .shown("the deny", denial.undone());
    }

    public List<String> risks() {
        return denial.risks(survey);
    }

    /** What undo removes. */
    public PrincipalDenyState state(Action action) {
        return PrincipalDenyState.newBuilder()
                .setPrincipalId(survey.live().id())
                .setPolicyName(policy(action).name())
                .build();
    }

    private DenyPolicy policy(Action action) {
        return denial.policy(DenyPolicy.name(denial.prefix(), action), limit);
    }
}
