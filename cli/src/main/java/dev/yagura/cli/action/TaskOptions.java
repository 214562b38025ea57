package dev.yagura.cli.action;

import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.TaskTarget;
import picocli.CommandLine.Option;

/** A task of ECS, to contain. */
final class TaskOptions {
    @Option(
            names = "--task",
            required = true,
            paramLabel = "ID",
            description = "Id of the task, with --account and --region; or its ARN.")
    private String task = "";

    @Option(
            names = "--cluster",
            required = true,
            paramLabel = "NAME",
            description = "Name of its cluster.")
    private String cluster = "";

    @Option(
            names = "--stop-service",
            description = "Let its service want no task, so that none takes its place.")
    private boolean stopService;

    ActionTarget.Builder target(ScopeOptions scope, boolean denySharedRole) {
        return ActionTarget.newBuilder()
                .setScope(
                        task.startsWith("arn:")
                                ? scope.ofRegional("--task", task)
                                : scope.regional("--task"))
                .setTask(
                        TaskTarget.newBuilder()
                                .setCluster(cluster)
                                .setTask(task)
                                .setStopService(stopService)
                                .setDenySharedRole(denySharedRole));
    }
}
