package dev.yagura.inventory.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.inventory.Enrolling;
import dev.yagura.inventory.InventoryService;
import dev.yagura.inventory.asset.AssetSet;
import dev.yagura.inventory.asset.Observation;
import dev.yagura.proto.inventory.v1.Asset;
import dev.yagura.proto.inventory.v1.AssetFilter;
import dev.yagura.proto.inventory.v1.AssetRelation;
import dev.yagura.proto.inventory.v1.AssetServiceGrpc;
import dev.yagura.proto.inventory.v1.AssetState;
import dev.yagura.proto.inventory.v1.GetAssetRequest;
import dev.yagura.proto.inventory.v1.ListAssetsRequest;
import dev.yagura.testkit.ShiftedClock;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.ecs.EcsClient;

/** Tasks and functions of the sandbox, read into PostgreSQL. */
class WorkloadReadingTest {
    @RegisterExtension static final InventoryService SERVICE = new InventoryService();

    private static final String ACCOUNT = "111122223333";
    private static final String CLUSTER = "arn:aws:ecs:ap-northeast-1:111122223333:cluster/shop";
    private static final AssetSet TASKS = new AssetSet(Enrolling.scope(ACCOUNT), "AWS::ECS::Task");
    private static final AssetSet FUNCTIONS =
            new AssetSet(Enrolling.scope(ACCOUNT), "AWS::Lambda::Function");

    private static final String ROLE = "AWS::IAM::Role";
    private static final String DESCRIBE_DEFINITION = "ecs:DescribeTaskDefinition";

    private static SandboxCloud cloud;

    private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
    private final Clock clock = new ShiftedClock(ahead);

    private EcsTaskSource tasks;
    private LambdaFunctionSource functions;
    private ScopeReader reader;

    @BeforeAll
    static void startCloud() throws Exception {
        cloud = new SandboxCloud(0, WorkloadReadingTest::withMoreRoles);
    }

    /** One task overrides the role of its definition, and one has an execution role beside it. */
    private static String withMoreRoles(String seed) {
        return seed.replace(
                        "{definition: \"tool:1\",",
                        "{definition: \"tool:1\", roleOverride: shop-front-task,")
                .replace(
                        "{definition: \"worker:1\",",
                        "{definition: \"worker:1\", executionRole: shop-tool-task,");
    }

    @AfterAll
    static void stopCloud() throws Exception {
        cloud.close();
    }

    @BeforeEach
    void startWithoutAssets() {
        SERVICE.clear();
        cloud.control().reset();
        tasks = cloud.tasks(clock);
        functions = cloud.functions(Clock.systemUTC());
        reader =
                new ScopeReader(
                        type -> type.equals(TASKS.resourceType()) ? tasks : functions,
                        SERVICE.bean(Readings.class),
                        Duration.ofMillis(1),
                        Clock.systemUTC());
    }

    @AfterEach
    void closeSources() {
        tasks.close();
        functions.close();
    }

    @Test
    void tasksOfEveryPageComeWithWhatTheyRunOnAndAreMadeOf() {
        assertThat(read(TASKS)).isEqualTo(ScopeReader.Outcome.COMPLETE);
        assertThat(active(TASKS)).hasSize(4);
        Asset front = ofDefinition("front:3");
        assertThat(front.getInstanceState()).isEqualTo("running");
        assertThat(front.getLaunchType()).isEqualTo("FARGATE");
        assertThat(front.getSubnetId()).isEqualTo("subnet-0813d0f9bd7ef83f1");
        assertThat(front.getNetworkInterfaces(0).getPrivateIpAddressesList())
                .containsExactly("10.20.2.77");
        assertThat(front.getContainerImages(0).getDigest()).startsWith("sha256:");
        assertThat(related(front, "AWS::ECS::Cluster")).containsExactly(CLUSTER);
        assertThat(related(front, "AWS::ECR::Image"))
                .containsExactly(front.getContainerImages(0).getDigest());
        assertThat(related(front, "AWS::EC2::NetworkInterface"))
                .containsExactly(front.getNetworkInterfaces(0).getNetworkInterfaceId());
        assertThat(related(front, "AWS::EC2::Instance")).isEmpty();

        Asset worker = ofDefinition("worker:1");
        assertThat(worker.getLaunchType()).isEqualTo("EC2");
        assertThat(related(worker, "AWS::EC2::Instance")).containsExactly("i-083dc41ecd9ab1b98");
        assertThat(related(worker, "AWS::ECS::ContainerInstance")).hasSize(1);
        assertThat(ofDefinition("tool:1").getTagsMap()).containsEntry("yagura:protected", "true");
    }

    @Test
    void taskHasTheRoleThatItsContainersActAsAndEachDefinitionIsAskedForOnce() {
        read(TASKS);
        assertThat(read(TASKS)).isEqualTo(ScopeReader.Outcome.COMPLETE);
        assertThat(related(ofDefinition("front:3"), ROLE)).containsExactly(role("shop-front-task"));
        assertThat(related(ofDefinition("worker:1"), ROLE))
                .as("and not the execution role")
                .containsExactly(role("shop-worker-task"));
        assertThat(related(ofDefinition("tool:1"), ROLE))
                .as("what the task overrides")
                .containsExactly(role("shop-front-task"));
        assertThat(definitionsAskedFor()).isEqualTo(2);
    }

    @Test
    void roleThatIsNotToldFailsNoReadingAndIsNoChange() {
        cloud.control().fail(DESCRIBE_DEFINITION, "AccessDeniedException", 400);
        assertThat(read(TASKS)).isEqualTo(ScopeReader.Outcome.COMPLETE);
        assertThat(related(ofDefinition("front:3"), ROLE)).isEmpty();
        assertThat(related(ofDefinition("worker:1"), ROLE)).isEmpty();
        assertThat(related(ofDefinition("tool:1"), ROLE)).hasSize(1);
        assertThat(definitionsAskedFor()).as("no more after the first failure").isEqualTo(1);

        ahead.set(TaskRoles.REST);
        read(TASKS);
        Map<String, Asset> told = active(TASKS);
        assertThat(told.values()).allSatisfy(task -> assertThat(related(task, ROLE)).hasSize(1));

        tasks.close();
        tasks = cloud.tasks(clock); // of another replica, which knows no definition
        cloud.control().fail(DESCRIBE_DEFINITION, "AccessDeniedException", 400);
        assertThat(read(TASKS)).isEqualTo(ScopeReader.Outcome.COMPLETE);
        assertThat(active(TASKS).values())
                .allSatisfy(task -> {
                    Asset before = Objects.requireNonNull(told.get(task.getNativeId()));
                    assertThat(task.getRelationsList()).isEqualTo(before.getRelationsList());
                    assertThat(task.getUpdateTime()).isEqualTo(before.getUpdateTime());
                });
    }

    @Test
    void definitionThatEcsDoesNotHaveKeepsNoOtherFromBeingRead() {
        cloud.control().fail(DESCRIBE_DEFINITION, "ClientException", 400);
        assertThat(read(TASKS)).isEqualTo(ScopeReader.Outcome.COMPLETE);
        assertThat(active(TASKS).values())
                .filteredOn(task -> related(task, ROLE).isEmpty())
                .hasSizeLessThan(3);
        read(TASKS);
        assertThat(active(TASKS).values())
                .allSatisfy(task -> assertThat(related(task, ROLE)).hasSize(1));
    }

    @Test
    void taskThatStopsIsThereUntilItHasStopped() {
        cloud.control().freezeClock();
        read(TASKS);
        String stopped = ofDefinition("tool:1").getNativeId();
        try (EcsClient ecs =
                cloud.operator().client(EcsClient.builder(), Enrolling.scope(ACCOUNT))) {
            ecs.stopTask(request -> request.cluster("shop").task(stopped));
        }
        read(TASKS);
        assertThat(the(TASKS, stopped).getInstanceState()).isEqualTo("deactivating");
        cloud.control().advance(Duration.ofSeconds(3));
        read(TASKS);
        assertThat(active(TASKS)).hasSize(3).doesNotContainKey(stopped);
        assertThat(listed(TASKS, AssetState.ASSET_STATE_TOMBSTONE)).containsOnlyKeys(stopped);
    }

    @Test
    void taskThatEcsHasForgottenIsGoneAndOneThatItCannotBeAskedForStays() {
        read(TASKS);
        String forgotten = "arn:aws:ecs:ap-northeast-1:111122223333:task/shop/" + "f".repeat(32);
        String elsewhere = "arn:aws:ecs:ap-northeast-1:111122223333:task/none/" + "f".repeat(32);
        String older = "arn:aws:ecs:ap-northeast-1:111122223333:task/" + "f".repeat(32);
        AssetSource.Look look = tasks.look(TASKS, List.of(forgotten, elsewhere, older));
        assertThat(look.gone()).containsExactlyInAnyOrder(forgotten, elsewhere);
        assertThat(look.observations()).isEmpty();
    }

    @Test
    void functionsComeWithRoleNetworkAndCodeAndLeaveAsTheyAreDeleted() {
        assertThat(read(FUNCTIONS)).isEqualTo(ScopeReader.Outcome.COMPLETE);
        int all = active(FUNCTIONS).size();
        assertThat(all).isGreaterThan(SandboxCloud.PAGE);
        Asset order = the(FUNCTIONS, "shop-order");
        assertThat(order.getRuntime()).isEqualTo("python3.13");
        assertThat(order.getArn()).endsWith(":function:shop-order");
        assertThat(order.getVpcId()).isEqualTo("vpc-0dfc69755784eaab6");
        assertThat(order.getSubnetId()).isEqualTo("subnet-0813d0f9bd7ef83f1");
        assertThat(related(order, "AWS::IAM::Role").getFirst())
                .endsWith("role/shop-order-function");
        assertThat(related(order, "AWS::EC2::SecurityGroup"))
                .containsExactly("sg-02f1086a7759c4179");

        String sha256 = "ndHTfgjL6r602X4l4uAFSvaqg6s8ONEAge/uLCLaSm4=";
        cloud.control().changeCode("shop-order", sha256);
        cloud.control().deleteFunction("shop-mail");
        assertThat(read(FUNCTIONS)).isEqualTo(ScopeReader.Outcome.COMPLETE);
        assertThat(active(FUNCTIONS)).hasSize(all - 1).doesNotContainKey("shop-mail");
        assertThat(the(FUNCTIONS, "shop-order").getCodeSha256()).isEqualTo(sha256);
        AssetSource.Page first = functions.page(FUNCTIONS, Optional.empty());
        assertThat(functions.look(FUNCTIONS, List.of("shop-order")).observations())
                .as("a second look says the same as a list")
                .extracting(Observation::description)
                .containsExactly(
                        Stream.of(first, functions.page(FUNCTIONS, first.next()))
                                .flatMap(page -> page.assets().stream())
                                .filter(each -> each.nativeId().equals("shop-order"))
                                .map(Observation::description)
                                .findFirst()
                                .orElseThrow());
    }

    @Test
    void pageThatFailsBuriesNothingAndThrottlesPass() {
        read(FUNCTIONS);
        int all = active(FUNCTIONS).size();
        cloud.control().deleteFunction("shop-mail");
        cloud.control()
                .planFault(
                        Map.of(
                                "operation",
                                "lambda:ListFunctions",
                                "kind",
                                "error",
                                "code",
                                "ServiceException",
                                "status",
                                500,
                                "skip",
                                1,
                                "times",
                                4));
        assertThat(read(FUNCTIONS)).isEqualTo(ScopeReader.Outcome.FAILED);
        assertThat(active(FUNCTIONS)).hasSize(all);
        cloud.control().clearFaults();
        cloud.control().throttle("lambda:ListFunctions", 1);
        cloud.control().throttle("ecs:DescribeTasks", 1);
        assertThat(read(FUNCTIONS)).isEqualTo(ScopeReader.Outcome.COMPLETE);
        assertThat(active(FUNCTIONS)).hasSize(all - 1);
        assertThat(read(TASKS)).isEqualTo(ScopeReader.Outcome.COMPLETE);
        assertThat(active(TASKS)).hasSize(4);
    }

    private static long definitionsAskedFor() {
        return cloud.control().journal(0).stream()
                .filter(entry -> entry.operation().equals(DESCRIBE_DEFINITION))
                .count();
    }

    private static String role(String name) {
        return "arn:aws:iam::" + ACCOUNT + ":role/" + name;
    }

    private ScopeReader.Outcome read(AssetSet set) {
        SERVICE.postgres().execute("UPDATE scope_reading SET due_time = clock_timestamp()");
        return reader.read(set);
    }

    private static Asset ofDefinition(String definition) {
        return active(TASKS).values().stream()
                .filter(each ->
                        related(each, "AWS::ECS::TaskDefinition").stream()
                                .anyMatch(arn -> arn.endsWith("task-definition/" + definition)))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> related(Asset asset, String type) {
        return asset.getRelationsList().stream()
                .filter(each -> each.getResourceType().equals(type))
                .map(AssetRelation::getNativeId)
                .toList();
    }

    private static Asset the(AssetSet set, String nativeId) {
        return Objects.requireNonNull(active(set).get(nativeId));
    }

    private static Map<String, Asset> active(AssetSet set) {
        return listed(set, AssetState.ASSET_STATE_ACTIVE);
    }

    /** With relations, which a list leaves out. */
    private static Map<String, Asset> listed(AssetSet set, AssetState state) {
        var stub = AssetServiceGrpc.newBlockingStub(SERVICE.admin(ACCOUNT));
        AssetFilter filter =
                AssetFilter.newBuilder()
                        .setResourceType(set.resourceType())
                        .setState(state)
                        .build();
        return stub
                .listAssets(
                        ListAssetsRequest.newBuilder().setPageSize(500).setFilter(filter).build())
                .getAssetsList()
                .stream()
                .map(each ->
                        stub.getAsset(GetAssetRequest.newBuilder().setName(each.getName()).build()))
                .collect(Collectors.toMap(Asset::getNativeId, asset -> asset));
    }
}
