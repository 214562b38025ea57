package dev.yagura.sandbox;

import static dev.yagura.sandbox.AwsErrors.refused;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.Task;

/** ECS: tasks stop, and services start others for them, with the errors that AWS documents. */
class EcsTest {
    private static final String CLUSTER = "shop";

    @RegisterExtension static final SandboxExtension SANDBOX = new SandboxExtension();

    private static EcsClient ecs;
    private static EcsClient viewer;

    @BeforeAll
    static void open() {
        Region region = Region.of(Seeded.REGION);
        ecs = SANDBOX.client(EcsClient.builder(), SandboxExtension.OPERATOR, region);
        viewer = SANDBOX.client(EcsClient.builder(), SandboxExtension.VIEWER, region);
    }

    @AfterAll
    static void close() {
        ecs.close();
        viewer.close();
    }

    @Test
    void aServiceStartsAnotherTaskAsLongAsItWantsOne() {
        String first = worker();
        ecs.stopTask(r -> r.cluster(CLUSTER).task(first).reason("drill"));
        assertThat(task(first).desiredStatus()).isEqualTo("STOPPED");
        assertThat(task(first).lastStatus()).isEqualTo("DEACTIVATING");
        SANDBOX.control().advance(Duration.ofSeconds(3));
        assertThat(task(first).lastStatus()).isEqualTo("STOPPED");
        assertThat(task(first).stoppedReason()).isEqualTo("drill");

        String second = worker();
        assertThat(second).isNotEqualTo(first);
        ecs.updateService(r -> r.cluster(CLUSTER).service("worker").desiredCount(0));
        assertThat(task(second).desiredStatus()).isEqualTo("STOPPED");
        assertThat(
                        ecs.describeServices(r -> r.cluster(CLUSTER).services("worker"))
                                .services()
                                .getFirst()
                                .runningCount())
                .isZero();
    }

    @Test
    void tellsTheRoleOfATaskAndRefusesTheRest() {
        assertThat(
                        ecs.describeTaskDefinition(
                                        r -> r.taskDefinition(task(worker()).taskDefinitionArn()))
                                .taskDefinition()
                                .taskRoleArn())
                .endsWith(":role/shop-worker-task");
        for (String other :
                List.of(
                        "worker:2",
                        "arn:aws:ecs:us-east-1:111122223333:task-definition/worker:1")) {
            refused(
                    () -> ecs.describeTaskDefinition(r -> r.taskDefinition(other)),
                    "ClientException");
        }
        assertThat(ecs.listTasksPaginator(r -> r.cluster(CLUSTER).maxResults(1)).taskArns())
                .hasSize(4);
        assertThat(ecs.describeTasks(r -> r.cluster(CLUSTER).tasks("f".repeat(32))).failures())
                .singleElement()
                .satisfies(each -> assertThat(each.reason()).isEqualTo("MISSING"));
        refused(() -> ecs.listTasks(r -> r.cluster("nowhere")), "ClusterNotFoundException");
        refused(
                () -> ecs.stopTask(r -> r.cluster(CLUSTER).task("f".repeat(32))),
                "InvalidParameterException");
        refused(
                () -> ecs.updateService(r -> r.cluster(CLUSTER).service("none").desiredCount(1)),
                "ServiceNotFoundException");
        refused(
                () -> viewer.stopTask(r -> r.cluster(CLUSTER).task(worker())),
                "AccessDeniedException");
        refused(
                () -> ecs.deleteService(r -> r.cluster(CLUSTER).service("worker")),
                "UnknownOperationException");
    }

    @Test
    void clusterIsListedAndItsContainerInstanceIsAnEc2Instance() {
        assertThat(ecs.listClusters().clusterArns()).singleElement().asString().endsWith("/shop");
        String instance = task(worker()).containerInstanceArn();
        assertThat(
                        ecs.describeContainerInstances(
                                        r -> r.cluster(CLUSTER).containerInstances(instance))
                                .containerInstances())
                .singleElement()
                .satisfies(
                        each -> assertThat(each.ec2InstanceId()).isEqualTo("i-083dc41ecd9ab1b98"));
        assertThat(
                        ecs.describeContainerInstances(
                                        r -> r.cluster(CLUSTER).containerInstances("b".repeat(32)))
                                .failures())
                .singleElement()
                .satisfies(each -> assertThat(each.reason()).isEqualTo("MISSING"));
    }

    private static String worker() {
        return ecs.listTasks(r -> r.cluster(CLUSTER).serviceName("worker")).taskArns().getFirst();
    }

    private static Task task(String arn) {
        return ecs.describeTasks(r -> r.cluster(CLUSTER).tasks(arn)).tasks().getFirst();
    }
}
