package dev.yagura.response.function;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.PreflightCheck;
import dev.yagura.response.aws.Checks;
import dev.yagura.response.aws.PolicyPrincipals;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What must hold before a function is contained, and whom it hits. */
final class FunctionPreflight {
    private FunctionPreflight() {}

    static List<PreflightCheck> checks(FunctionSurvey survey, ActionTarget target, Action action) {
        FunctionReader.LiveFunction function = survey.function();
        List<PreflightCheck> checks = new ArrayList<>();
        checks.add(Checks.account(function.accountId(), target));
        checks.add(tags(function));
        checks.add(Checks.unprotected("the function " + function.name(), function.tags()));
        checks.add(invocable(survey));
        checks.add(sources(survey));
        checks.add(policy(survey));
        checks.add(url(survey));
        checks.add(role(survey, target));
        survey.denied(target.getFunction())
                .ifPresent(role ->
                        role.checks(target, action).stream()
                                .filter(each -> !checks.contains(each))
                                .forEach(checks::add));
        return List.copyOf(checks);
    }

    /** They are a permission of their own, without which GetFunction only leaves them out. */
    private static PreflightCheck tags(FunctionReader.LiveFunction function) {
        String label = "its tags can be read";
        return function.unreadTags().isEmpty()
                ? Checks.passed(label, "")
                : Checks.refused(
                        label,
                        function.unreadTags(),
                        "give the role of svc-response lambda:ListTags: whether it is protected"
                                + " cannot be told without");
    }

    private static PreflightCheck invocable(FunctionSurvey survey) {
        String label = "it can be invoked";
        return survey.isCut()
                ? Checks.passed(
                        label,
                        "its reserved concurrency is 0 already: nothing is changed there, and undo"
                                + " leaves it so")
                : Checks.passed(label, FunctionChange.shown(survey.reserved()));
    }

    private static PreflightCheck sources(FunctionSurvey survey) {
        String label = "queues and streams that invoke it";
        return survey.sources().isEmpty()
                ? Checks.passed(label, "none")
                : Checks.warning(
                        label,
                        String.join(", ", survey.sources()),
                        "they keep what comes until it expires or goes to a dead-letter queue: see"
                                + " to it before that");
    }

    private static PreflightCheck policy(FunctionSurvey survey) {
        String label = "who else may invoke it";
        Optional<List<String>> principals = survey.policy().map(PolicyPrincipals::of);
        return principals.isEmpty() || principals.get().isEmpty()
                ? Checks.passed(
                        label,
                        "nobody by its own policy; those of its aliases and of IAM are not"
                                + " looked at")
                : Checks.warning(
                        label,
                        String.join(", ", principals.get()),
                        "their calls are throttled; what is invoked asynchronously goes to the"
                                + " function's dead-letter queue or destination, or is lost");
    }

    private static PreflightCheck url(FunctionSurvey survey) {
        String label = "it has no URL";
        return survey.urlAuthentication().isEmpty()
                ? Checks.passed(label, "")
                : Checks.warning(
                        label,
                        survey.urlAuthentication().get().equals("NONE")
                                ? "it has one that anybody can call (AuthType NONE)"
                                : "it has one for callers of IAM",
                        "it answers with an error from then on");
    }

    private static PreflightCheck role(FunctionSurvey survey, ActionTarget target) {
        String label = "only this function has its role";
        String name = survey.function().roleName();
        String unseen = "; other regions are not looked at";
        if (survey.role().isEmpty()) {
            return Checks.warning(
                    label,
                    "the role " + name + " does not exist any more",
                    "only the concurrency is changed");
        }
        if (survey.others().isEmpty()) {
            return Checks.passed(label, name + " is denied everything" + unseen);
        }
        String others = String.join(", ", survey.others()) + unseen;
        return target.getFunction().getDenySharedRole()
                ? Checks.warning(
                        label,
                        "%s is denied everything, for others too: %s".formatted(name, others),
                        "they stop until undo")
                : Checks.warning(
                        label,
                        "%s is NOT denied, since others have it or may assume it: %s"
                                .formatted(name, others),
                        "sessions of it that were stolen go on. Give the function a role of its"
                                + " own, revoke_role_sessions, or set"
                                + " target.function.deny_shared_role");
    }
}
