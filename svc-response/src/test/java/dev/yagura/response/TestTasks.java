package dev.yagura.response;

import java.util.List;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.DesiredStatus;

/** The ECS tasks of the sandbox's seed, as somebody else in the account sees them. */
public final class TestTasks implements AutoCloseable {
    public static final String CLUSTER = "shop";

    /** Of two tasks of the service front. */
    static final String FRONT_ROLE = "shop-front-task";

    /** Of the only task of the service worker. */
    public static final String WORKER_ROLE = "shop-worker-task";

    private final TestService service;
    private final EcsClient ecs;

    public TestTasks(TestService service) {
        this.service = service;
        this.ecs =
                service.client(
                        EcsClient.builder(),
                        Region.of(TestService.TOKYO.getRegion()),
                        TestService.OPERATOR);
    }

    /** Ids of the tasks of a service that are to run. */
    public List<String> of(String name) {
        return ecs
                .listTasks(r ->
                        r.cluster(CLUSTER).serviceName(name).desiredStatus(DesiredStatus.RUNNING))
                .taskArns()
                .stream()
                .map(TestTasks::last)
                .toList();
    }

    /** Id of the task that no service started. */
    String byItself() {
        return ecs
                .describeTasks(r ->
                        r.cluster(CLUSTER).tasks(ecs.listTasks(l -> l.cluster(CLUSTER)).taskArns()))
                .tasks()
                .stream()
                .filter(each -> each.group().startsWith("family:"))
                .map(each -> last(each.taskArn()))
                .findFirst()
                .orElseThrow();
    }

    /** Why a task was stopped. */
    String reason(String task) {
        return ecs.describeTasks(r -> r.cluster(CLUSTER).tasks(task))
                .tasks()
                .getFirst()
                .stoppedReason();
    }

    public void desire(String name, int count) {
        ecs.updateService(r -> r.cluster(CLUSTER).service(name).desiredCount(count));
    }

    public int desired(String name) {
        return ecs.describeServices(r -> r.cluster(CLUSTER).services(name))
                .services()
                .getFirst()
                .desiredCount();
    }

    /** Names of the policies inside a role. */
    public List<String> policies(String role) {
        return service.iam().listRolePolicies(r -> r.roleName(role)).policyNames();
    }

    private static String last(String arn) {
        return arn.substring(arn.lastIndexOf('/') + 1);
    }

    @Override
    public void close() {
        ecs.close();
    }
}
