package dev.yagura.response.credentials;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.proto.response.v1.PreflightCheck;
import dev.yagura.response.aws.Checks;
import dev.yagura.response.aws.LiveInstance;
import dev.yagura.response.aws.SavedTime;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Writes down what a replacement of an instance profile would do, and what refuses it. */
final class ProfilePlan {
    /** The association that undo replaces does not exist yet. */
    private static final String ASSOCIATION_THEN = "the association of then";

    private ProfilePlan() {}

    static Plan of(ProfileSurvey survey, ActionTarget target, Instant now) {
        Plan.Builder plan =
                Plan.newBuilder()
                        .setCreateTime(SavedTime.of(now))
                        .addAllChecks(checks(survey, target));
        if (survey.association().isPresent() && survey.wanted().isPresent()) {
            String former = survey.association().get().profileArn();
            String wanted = survey.wanted().get().arn();
            plan.addCalls(
                            RoleChange.replaceProfile(survey.association().get().id(), wanted)
                                    .shown(former, wanted))
                    .addUndoCalls(
                            RoleChange.replaceProfile(ASSOCIATION_THEN, former)
                                    .shown(wanted, former + "; left when somebody set another one"))
                    .addAllResidualRisks(risks(survey.instance(), former));
        }
        return plan.build();
    }

    private static List<PreflightCheck> checks(ProfileSurvey survey, ActionTarget target) {
        LiveInstance instance = survey.instance();
        return List.of(
                running(instance),
                Checks.account(instance.ownerId(), target),
                Checks.unprotected(instance.id(), instance.tags()),
                notContained(survey.containment()),
                hasAnother(survey),
                wanted(survey, target.getInstanceProfile().getName()));
    }

    private static PreflightCheck running(LiveInstance instance) {
        String label = "the instance is running";
        String state = instance.id() + " is " + instance.state();
        return instance.isRunning()
                ? Checks.passed(label, state)
                : Checks.refused(
                        label,
                        state + ": EC2 replaces the instance profile of a running instance only",
                        instance.isGone() ? "nothing is left of it" : "start it, isolated");
    }

    private static PreflightCheck notContained(Optional<Action> containment) {
        String label = "its role is not contained";
        return containment
                .map(action ->
                        Checks.refused(
                                label,
                                action.getName() + " gave it the quarantine profile",
                                "undo that first"))
                .orElseGet(() -> Checks.passed(label, ""));
    }

    private static PreflightCheck hasAnother(ProfileSurvey survey) {
        String label = "it has another profile";
        if (survey.association().isEmpty()) {
            return Checks.refused(
                    label,
                    "it has no instance profile, so there is none to replace",
                    "associate one by hand");
        }
        String has = survey.association().get().profileArn();
        return survey.wanted().map(RoleReader.Profile::arn).filter(has::equals).isPresent()
                ? Checks.refused(label, "it has " + has + " already", "nothing is left to do")
                : Checks.passed(label, has);
    }

    private static PreflightCheck wanted(ProfileSurvey survey, String name) {
        String label = "what the new profile may do";
        Optional<RoleReader.LiveRole> role = survey.wanted().flatMap(RoleReader.Profile::role);
        if (role.isEmpty()) {
            return Checks.refused(
                    label,
                    "the account has no instance profile " + name + " with a role",
                    "name one that it has, without its path");
        }
        return Checks.passed(
                label,
                "%s has the role %s with %s: so may whoever controls the host"
                        .formatted(
                                name,
                                role.get().name(),
                                survey.policies().isEmpty()
                                        ? "no policy"
                                        : String.join(", ", survey.policies())));
    }

    private static List<String> risks(LiveInstance instance, String former) {
        return List.of(
                "Credentials that "
                        + instance.id()
                        + " got with "
                        + RoleSurvey.name(former)
                        + " stay valid until they expire, for up to 6 hours, wherever they are used:"
                        + " contain_role_session denies them, in the place of this action.",
                "Programs on the host use their old credentials until they take new ones; what the"
                        + " new role may not do fails then.",
                "Whether the role of svc-response may pass the new role, by iam:PassRole, is found"
                        + " out when it is replaced: EC2 has no DryRun of it.");
    }
}
