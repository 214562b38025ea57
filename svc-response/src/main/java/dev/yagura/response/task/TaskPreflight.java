package dev.yagura.response.task;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.PreflightCheck;
import dev.yagura.response.action.Guards;
import dev.yagura.response.aws.Checks;
import java.util.ArrayList;
import java.util.List;

/** What must hold before a task is stopped, and whom it hits. */
final class TaskPreflight {
    private TaskPreflight() {}

    static List<PreflightCheck> checks(
            TaskSurvey survey, ActionTarget target, Action action, int minimumHealthy) {
        List<PreflightCheck> checks = new ArrayList<>();
        checks.add(running(survey));
        checks.add(Checks.account(survey.task().accountId(), target));
        checks.add(Checks.unprotected("the task", survey.task().tags()));
        checks.add(service(survey, target));
        checks.add(healthy(survey, target, minimumHealthy));
        checks.add(role(survey, target));
        survey.denied(target.getTask())
                .ifPresent(role ->
                        role.checks(target, action).stream()
                                .filter(each -> !checks.contains(each))
                                .forEach(checks::add));
        return List.copyOf(checks);
    }

    private static PreflightCheck running(TaskSurvey survey) {
        String label = "the task runs";
        String status =
                "%s on %s".formatted(survey.task().lastStatus(), survey.task().launchType());
        return survey.task().wanted()
                ? Checks.passed(label, status)
                : Checks.refused(
                        label,
                        "it is " + status + " and is to stop",
                        "there is nothing to stop; revoke_role_sessions denies its sessions");
    }

    private static PreflightCheck service(TaskSurvey survey, ActionTarget target) {
        String label = "what starts another one";
        boolean stopped = target.getTask().getStopService();
        if (survey.service().isEmpty()) {
            return stopped
                    ? Checks.refused(
                            label,
                            "no service has started the task",
                            "leave target.task.stop_service out")
                    : Checks.passed(label, "no service has started the task");
        }
        TaskReader.LiveService service = survey.service().get();
        return stopped
                ? Checks.warning(
                        label,
                        "the service %s wants none from then on; it wants %d now"
                                .formatted(service.name(), service.desired()),
                        "all its tasks stop until undo; Application Auto Scaling may raise the"
                                + " number: suspend it")
                : Checks.warning(
                        label,
                        "the service %s starts another one of the same image"
                                .formatted(service.name()),
                        "what let the intruder in is in that one too: set"
                                + " target.task.stop_service, or deploy a clean image");
    }

    static PreflightCheck healthy(TaskSurvey survey, ActionTarget target, int minimumHealthy) {
        String label = "enough healthy ones remain";
        if (survey.service().isEmpty()) {
            return Checks.passed(label, "it serves in no service");
        }
        long left = target.getTask().getStopService() ? 0 : survey.healthySiblings();
        String detail =
                "%d other healthy tasks of %s remain"
                        .formatted(left, survey.service().get().name());
        return left >= minimumHealthy
                ? Checks.passed(label, detail)
                : Checks.refused(
                        label,
                        detail + ", and " + minimumHealthy + " must",
                        "let the service have more tasks first",
                        Guards.MINIMUM_HEALTHY);
    }

    private static PreflightCheck role(TaskSurvey survey, ActionTarget target) {
        String label = "only this task has its role";
        if (survey.role().isEmpty()) {
            return Checks.warning(
                    label,
                    survey.roleArn()
                            .map(arn -> arn + " does not exist any more")
                            .orElse("the task has no role of its own"),
                    "there are no sessions to deny");
        }
        String name = survey.role().get().roleName();
        String unseen = "; other clusters and regions are not looked at";
        if (survey.others().isEmpty()) {
            return Checks.passed(label, "sessions of " + name + " are denied" + unseen);
        }
        String others = String.join(", ", survey.others()) + unseen;
        return target.getTask().getDenySharedRole()
                ? Checks.warning(
                        label,
                        "sessions of %s are denied, those of others too: %s"
                                .formatted(name, others),
                        "they are denied until they get new ones, which can take 6 hours")
                : Checks.warning(
                        label,
                        "sessions of %s are NOT denied, since others have it or may assume it: %s"
                                .formatted(name, others),
                        "those that were stolen go on. Use revoke_role_sessions, or set"
                                + " target.task.deny_shared_role");
    }
}
