package dev.yagura.response.task;

import dev.yagura.common.error.NotFoundException;
import dev.yagura.proto.response.v1.TaskTarget;
import dev.yagura.response.identity.RoleDeny;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A task, its service and who else has its role, as read just now.
 *
 * @param service empty for a task that none started
 * @param siblings other tasks of the service that run
 * @param roleArn of the task itself; empty when it has none
 * @param role empty also when it does not exist any more
 * @param others who else has the role, or may assume it
 */
record TaskSurvey(
        TaskReader.LiveTask task,
        Optional<TaskReader.LiveService> service,
        List<TaskReader.LiveTask> siblings,
        Optional<String> roleArn,
        Optional<RoleDeny> role,
        List<String> others) {
    private static final String SERVICE = "ecs-tasks.amazonaws.com";

    TaskSurvey {
        siblings = List.copyOf(siblings);
        others = List.copyOf(others);
    }

    /**
     * Reads everything. Throws what the SDK throws.
     *
     * @throws NotFoundException no such task
     */
    static TaskSurvey take(TaskCloud cloud, TaskTarget target, Instant now) {
        TaskReader reader = new TaskReader(cloud.ecs(), target.getCluster());
        TaskReader.LiveTask task =
                reader.task(target.getTask())
                        .orElseThrow(() -> new NotFoundException("task", target.getTask()));
        List<TaskReader.LiveTask> running =
                reader.running().stream().filter(each -> !each.arn().equals(task.arn())).toList();
        Map<String, Optional<String>> roles = new HashMap<>();
        Optional<String> roleArn = role(reader, task, roles);
        Optional<RoleDeny> role =
                roleArn.flatMap(arn ->
                        RoleDeny.ofOlderSessions(
                                cloud.identity(), arn.substring(arn.lastIndexOf('/') + 1), now));
        Stream<String> tasks =
                roleArn.isEmpty()
                        ? Stream.empty()
                        : running.stream()
                                .filter(each -> role(reader, each, roles).equals(roleArn))
                                .map(TaskSurvey::named);
        return new TaskSurvey(
                task,
                task.service().isEmpty() ? Optional.empty() : reader.service(task.service()),
                running.stream()
                        .filter(each -> !task.service().isEmpty())
                        .filter(each -> each.service().equals(task.service()))
                        .toList(),
                roleArn,
                role,
                Stream.concat(
                                tasks,
                                role.map(each -> each.others(SERVICE)).orElse(List.of()).stream())
                        .toList());
    }

    private static Optional<String> role(
            TaskReader reader, TaskReader.LiveTask task, Map<String, Optional<String>> roles) {
        return task.roleOverride()
                .or(() -> roles.computeIfAbsent(task.definitionArn(), reader::role));
    }

    private static String named(TaskReader.LiveTask task) {
        return "task " + task.arn().substring(task.arn().lastIndexOf('/') + 1);
    }

    long healthySiblings() {
        return siblings.stream().filter(TaskReader.LiveTask::isHealthy).count();
    }

    /** Whether its role's sessions are denied; not where others have them, unless they shall. */
    Optional<RoleDeny> denied(TaskTarget target) {
        return role.filter(each -> others.isEmpty() || target.getDenySharedRole());
    }
}
