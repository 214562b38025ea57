package dev.yagura.inventory.reconcile;

import dev.yagura.common.aws.AwsClients;
import dev.yagura.inventory.asset.AssetSet;
import dev.yagura.inventory.asset.Observation;
import dev.yagura.proto.type.v1.Scope;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;
import software.amazon.awssdk.services.ecs.model.ContainerInstance;
import software.amazon.awssdk.services.ecs.model.DescribeTasksResponse;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.ListClustersResponse;
import software.amazon.awssdk.services.ecs.model.ListTasksResponse;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskField;

/**
 * ECS's tasks, cluster by cluster; one client a scope. Listed are those that are to run; one that
 * is stopping is found by the second look until it has stopped.
 */
@ApplicationScoped
class EcsTaskSource implements LiveSource {
    /** The most that a list has, and that can be described at once. */
    private static final int AT_ONCE = 100;

    private static final String STOPPED = "STOPPED";
    private static final String MISSING = "MISSING";

    private final ClientByScope<EcsClient> clients;
    private final int pageSize;
    private final Clock clock;
    private final TaskRoles roles;

    @Inject
    EcsTaskSource(AwsClients clients, Clock clock) {
        this(clients, AT_ONCE, clock);
    }

    /**
     * @param pageSize clusters or tasks listed by one call
     */
    EcsTaskSource(AwsClients clients, int pageSize, Clock clock) {
        this.clients = new ClientByScope<>(scope -> clients.client(EcsClient.builder(), scope));
        this.pageSize = pageSize;
        this.clock = clock;
        this.roles = new TaskRoles(clock);
    }

    @Override
    public Page page(AssetSet set, Optional<String> token) {
        EcsClient ecs = clients.of(set.scope());
        NestedPosition begun = NestedPosition.of(token);
        NestedPosition at = begun.outer().isEmpty() ? clusters(ecs, begun.moreOuter()) : begun;
        if (at.outer().isEmpty()) {
            return new Page(List.of(), at.token());
        }
        String cluster = at.outer().getFirst();
        Instant asked = clock.instant();
        try {
            ListTasksResponse listed =
                    ecs.listTasks(request ->
                            request.cluster(cluster)
                                    .maxResults(pageSize)
                                    .nextToken(NestedPosition.presentOrNull(at.moreInner())));
            List<Observation> tasks =
                    listed.taskArns().isEmpty()
                            ? List.of()
                            : observations(
                                    set.scope(),
                                    cluster,
                                    describe(ecs, cluster, listed.taskArns()),
                                    asked);
            return new Page(tasks, at.after(listed.nextToken()).token());
        } catch (ClusterNotFoundException e) {
            // Deleted since it was listed, and only without tasks can it be.
            return new Page(List.of(), at.after("").token());
        }
    }

    private NestedPosition clusters(EcsClient ecs, String token) {
        ListClustersResponse answer =
                ecs.listClusters(request ->
                        request.maxResults(pageSize)
                                .nextToken(NestedPosition.presentOrNull(token)));
        return NestedPosition.of(answer.nextToken(), answer.clusterArns());
    }

    @Override
    public Look look(AssetSet set, List<String> arns) {
        EcsClient ecs = clients.of(set.scope());
        List<Observation> found = new ArrayList<>();
        List<String> gone = new ArrayList<>();
        Map<String, List<String>> byCluster =
                arns.stream()
                        .filter(arn -> EcsTasks.cluster(arn).isPresent())
                        .collect(Collectors.groupingBy(arn -> EcsTasks.cluster(arn).orElseThrow()));
        byCluster.forEach((cluster, tasks) -> {
            Instant asked = clock.instant();
            try {
                DescribeTasksResponse answer = describe(ecs, cluster, tasks);
                found.addAll(observations(set.scope(), cluster, answer, asked));
                answer.tasks().stream()
                        .filter(EcsTaskSource::hasStopped)
                        .map(Task::taskArn)
                        .forEach(gone::add);
                answer.failures().stream()
                        .filter(failure -> MISSING.equals(failure.reason()))
                        .map(Failure::arn)
                        .forEach(gone::add);
            } catch (ClusterNotFoundException e) {
                gone.addAll(tasks);
            }
        });
        return new Look(found, List.of(), gone);
    }

    private static DescribeTasksResponse describe(
            EcsClient ecs, String cluster, List<String> tasks) {
        return ecs.describeTasks(
                request -> request.cluster(cluster).tasks(tasks).include(TaskField.TAGS));
    }

    private List<Observation> observations(
            Scope scope, String cluster, DescribeTasksResponse answer, Instant asked) {
        EcsClient ecs = clients.of(scope);
        List<Task> tasks = answer.tasks().stream().filter(task -> !hasStopped(task)).toList();
        Map<String, String> hosts = hosts(ecs, cluster, tasks);
        Map<String, String> given =
                roles.of(
                        ecs,
                        scope,
                        tasks.stream().flatMap(EcsTasks::definition).distinct().toList());
        return tasks.stream().map(task -> EcsTasks.observation(task, hosts, given, asked)).toList();
    }

    private static boolean hasStopped(Task task) {
        return STOPPED.equals(task.lastStatus());
    }

    /** Ids of the EC2 instances that tasks run on, by the ARN of the container instance. */
    private static Map<String, String> hosts(EcsClient ecs, String cluster, List<Task> tasks) {
        List<String> instances =
                tasks.stream()
                        .flatMap(task -> Stream.ofNullable(task.containerInstanceArn()))
                        .distinct()
                        .toList();
        return instances.isEmpty()
                ? Map.of()
                : ecs
                        .describeContainerInstances(
                                request -> request.cluster(cluster).containerInstances(instances))
                        .containerInstances()
                        .stream()
                        .filter(each -> each.ec2InstanceId() != null)
                        .collect(
                                Collectors.toMap(
                                        ContainerInstance::containerInstanceArn,
                                        ContainerInstance::ec2InstanceId));
    }

    @Override
    public int looksAtOnce() {
        return AT_ONCE;
    }

    @PreDestroy
    void close() {
        clients.close();
    }
}
