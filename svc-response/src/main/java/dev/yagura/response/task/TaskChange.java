package dev.yagura.response.task;

import dev.yagura.response.aws.AwsChange;
import java.util.Map;
import software.amazon.awssdk.services.ecs.EcsClient;

/** The calls that stop a task, and tell its service how many it may have. */
final class TaskChange {
    static final String STOP = "ecs:StopTask";

    private static final String CLUSTER = "Cluster";

    private TaskChange() {}

    /**
     * @param reason with the action's id: ECS shows it to whoever looks at the task
     */
    static AwsChange<EcsClient> stop(String cluster, String task, String reason) {
        return AwsChange.of(
                STOP,
                Map.of(CLUSTER, cluster, "Task", task, "Reason", reason),
                ecs -> ecs.stopTask(r -> r.cluster(cluster).task(task).reason(reason)));
    }

    static AwsChange<EcsClient> desire(String cluster, String service, int count) {
        return AwsChange.of(
                "ecs:UpdateService",
                Map.of(CLUSTER, cluster, "Service", service, "DesiredCount", String.valueOf(count)),
                ecs ->
                        ecs.updateService(
                                r -> r.cluster(cluster).service(service).desiredCount(count)));
    }
}
