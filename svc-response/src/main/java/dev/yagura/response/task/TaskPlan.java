package dev.yagura.response.task;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.response.aws.SavedTime;
import java.time.Instant;

/** Writes down what a containment would do, from a survey. */
final class TaskPlan {
    private TaskPlan() {}

    /**
     * @param action whose id is in the policy's name and the reason of the stop
     */
    static Plan of(
            TaskSurvey survey,
            ActionTarget target,
            Action action,
            int minimumHealthy,
            Instant now) {
        String cluster = survey.task().clusterArn();
        Plan.Builder plan =
                Plan.newBuilder()
                        .setCreateTime(SavedTime.of(now))
                        .addAllChecks(TaskPreflight.checks(survey, target, action, minimumHealthy));
        survey.service()
                .filter(service -> target.getTask().getStopService())
                .ifPresent(service -> {
                    String before = "desired count " + service.desired();
                    plan.addCalls(
                            TaskChange.desire(cluster, service.name(), 0)
                                    .shown(before, "desired count 0: all its tasks stop"));
                });
        survey.denied(target.getTask())
                .ifPresent(role ->
                        plan.addCalls(role.put(action))
                                .addUndoCalls(role.delete(action))
                                .addAllResidualRisks(role.risks()));
        plan.addCalls(
                TaskChange.stop(cluster, survey.task().arn(), reason(action))
                        .shown(
                                survey.task().lastStatus(),
                                "STOPPED: SIGTERM, and SIGKILL after its stop timeout"));
        survey.service()
                .filter(service -> target.getTask().getStopService())
                .ifPresent(service ->
                        plan.addUndoCalls(
                                TaskChange.desire(cluster, service.name(), service.desired())
                                        .shown(
                                                "desired count 0",
                                                "desired count "
                                                        + service.desired()
                                                        + "; left when somebody set another"
                                                        + " one")));
        return plan.addResidualRisks(
                        "A task that was stopped stays stopped: undo gives the role and the service"
                                + " back, not the task. What was in its memory and, on Fargate, on"
                                + " its disk is lost: take it before, by ECS Exec.")
                .addResidualRisks(
                        "The image and the task definition stay as they are: every other task of"
                                + " them is as vulnerable.")
                .addResidualRisks(
                        "Between the deny and the end of the task, up to 120 seconds later, it may"
                                + " get a session that is not denied, if its own is about to"
                                + " expire.")
                .build();
    }

    static String reason(Action action) {
        String id = action.getName().substring(action.getName().indexOf('/') + 1);
        return "Yagura contain_task " + (id.isEmpty() ? "ACTION" : id);
    }
}
