package dev.yagura.response.task;

import dev.yagura.proto.response.v1.TaskContainer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.DesiredStatus;
import software.amazon.awssdk.services.ecs.model.KeyValuePair;
import software.amazon.awssdk.services.ecs.model.NetworkInterface;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskField;

/** Tasks and services of one cluster, live and page by page. Throws what the SDK throws. */
final class TaskReader {
    /** ECS's limit of tasks in one DescribeTasks. */
    private static final int AT_ONCE = 100;

    private static final String OF_SERVICE = "service:";

    private final EcsClient ecs;
    private final String cluster;

    /**
     * A task.
     *
     * @param service name of the one that started it; empty for none
     * @param roleOverride ARN of the role that it was started with instead of its definition's
     * @param placement where it runs, as evidence
     */
    record LiveTask(
            String arn,
            String clusterArn,
            String definitionArn,
            String service,
            String lastStatus,
            boolean wanted,
            String health,
            String launchType,
            Optional<String> roleOverride,
            Placement placement,
            List<TaskContainer> containers,
            Map<String, String> tags) {
        LiveTask {
            containers = List.copyOf(containers);
            tags = Map.copyOf(tags);
        }

        boolean isStopped() {
            return lastStatus.equals("STOPPED");
        }

        boolean isHealthy() {
            return wanted && lastStatus.equals("RUNNING") && !health.equals("UNHEALTHY");
        }

        /** "111122223333" of its ARN. */
        String accountId() {
            return arn.split(":", -1)[4];
        }
    }

    /**
     * Where a task runs.
     *
     * @param instanceArn of its container instance; empty on Fargate
     * @param interfaceIds of its own network interfaces
     * @param started null when it has not started
     */
    record Placement(String instanceArn, List<String> interfaceIds, @Nullable Instant started) {
        Placement {
            interfaceIds = List.copyOf(interfaceIds);
        }
    }

    /** A service. */
    record LiveService(String name, int desired, int minimumHealthyPercent, int maximumPercent) {}

    TaskReader(EcsClient ecs, String cluster) {
        this.ecs = ecs;
        this.cluster = cluster;
    }

    /** Empty for a task that is not there, or was stopped some time ago: ECS forgets those. */
    Optional<LiveTask> task(String task) {
        try {
            return tasks(List.of(task)).stream().findFirst();
        } catch (ClusterNotFoundException e) {
            return Optional.empty();
        }
    }

    /** Those that are to run. */
    List<LiveTask> running() {
        List<String> arns =
                ecs
                        .listTasksPaginator(
                                r -> r.cluster(cluster).desiredStatus(DesiredStatus.RUNNING))
                        .taskArns()
                        .stream()
                        .toList();
        List<LiveTask> found = new ArrayList<>();
        for (int from = 0; from < arns.size(); from += AT_ONCE) {
            found.addAll(tasks(arns.subList(from, Math.min(arns.size(), from + AT_ONCE))));
        }
        return found;
    }

    private List<LiveTask> tasks(Collection<String> tasks) {
        return ecs
                .describeTasks(r -> r.cluster(cluster).tasks(tasks).include(TaskField.TAGS))
                .tasks()
                .stream()
                .map(TaskReader::task)
                .toList();
    }

    /** Empty when there is none of the name. */
    Optional<LiveService> service(String name) {
        return ecs.describeServices(r -> r.cluster(cluster).services(name)).services().stream()
                .filter(each -> !"INACTIVE".equals(each.status()))
                .map(TaskReader::service)
                .findFirst();
    }

    /** ARN of the role that a definition gives its tasks; empty for none. */
    Optional<String> role(String definitionArn) {
        return Optional.ofNullable(
                ecs.describeTaskDefinition(r -> r.taskDefinition(definitionArn))
                        .taskDefinition()
                        .taskRoleArn());
    }

    private static LiveTask task(Task task) {
        String group = text(task.group());
        return new LiveTask(
                task.taskArn(),
                task.clusterArn(),
                task.taskDefinitionArn(),
                group.startsWith(OF_SERVICE) ? group.substring(OF_SERVICE.length()) : "",
                text(task.lastStatus()),
                !"STOPPED".equals(task.desiredStatus()),
                text(task.healthStatusAsString()),
                text(task.launchTypeAsString()),
                Optional.ofNullable(task.overrides()).map(each -> each.taskRoleArn()),
                new Placement(
                        text(task.containerInstanceArn()), interfaces(task), task.startedAt()),
                task.containers().stream().map(TaskReader::container).toList(),
                task.tags().stream().collect(Collectors.toMap(Tag::key, Tag::value)));
    }

    private static List<String> interfaces(Task task) {
        return task.attachments().stream()
                .flatMap(each -> each.details().stream())
                .filter(each -> "networkInterfaceId".equals(each.name()))
                .map(KeyValuePair::value)
                .toList();
    }

    private static TaskContainer container(Container container) {
        return TaskContainer.newBuilder()
                .setName(text(container.name()))
                .setImage(text(container.image()))
                .setImageDigest(text(container.imageDigest()))
                .setRuntimeId(text(container.runtimeId()))
                .addAllIpAddresses(
                        container.networkInterfaces().stream()
                                .map(NetworkInterface::privateIpv4Address)
                                .filter(Objects::nonNull)
                                .toList())
                .build();
    }

    private static LiveService service(Service service) {
        var deployment = service.deploymentConfiguration();
        return new LiveService(
                service.serviceName(),
                service.desiredCount(),
                deployment == null ? 0 : number(deployment.minimumHealthyPercent()),
                deployment == null ? 0 : number(deployment.maximumPercent()));
    }

    private static int number(@Nullable Integer number) {
        return number == null ? 0 : number;
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }
}
