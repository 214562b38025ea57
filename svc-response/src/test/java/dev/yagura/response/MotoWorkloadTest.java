package dev.yagura.response;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.CheckOutcome;
import dev.yagura.proto.response.v1.CreateActionRequest;
import dev.yagura.proto.response.v1.FunctionTarget;
import dev.yagura.proto.response.v1.InvocationTarget;
import dev.yagura.proto.response.v1.PodTarget;
import dev.yagura.proto.response.v1.TaskTarget;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.eks.EksClient;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.Runtime;
import software.amazon.awssdk.services.sts.StsClient;

/** The calls of kinds that act on Lambda and ECS, against an emulator that is not ours. */
class MotoWorkloadTest {
    private static final byte[] CODE = archive();

    @RegisterExtension
    static final MotoAccount ACCOUNT =
            MotoAccount.with(
                    Map.of("yagura.response.invoke-lambda.functions", "tool:1=" + sha256(CODE)));

    private static LambdaClient lambda;
    private static IamClient iam;

    @BeforeAll
    static void makeFunctions() {
        lambda = ACCOUNT.client(LambdaClient.builder());
        iam = ACCOUNT.client(IamClient.builder(), Region.AWS_GLOBAL);
        // Moto loads each service at its first call, for longer than the product waits.
        try (Ec2Client ec2 = ACCOUNT.client(Ec2Client.builder());
                StsClient sts = ACCOUNT.client(StsClient.builder())) {
            ec2.describeIamInstanceProfileAssociations();
            sts.getCallerIdentity();
        }
        createRole("front", "ecs-tasks.amazonaws.com");
        for (String name : List.of("shop", "tool")) {
            String role = createRole(name, "lambda.amazonaws.com");
            lambda.createFunction(request ->
                    request.functionName(name)
                            .role(role)
                            .runtime(Runtime.PYTHON3_12)
                            .handler("main.handler")
                            .timeout(20)
                            .publish(name.equals("tool"))
                            .code(code -> code.zipFile(SdkBytes.fromByteArray(CODE))));
        }
    }

    /** Its ARN. */
    private static String createRole(String name, String service) {
        return iam.createRole(request ->
                        request.roleName(name)
                                .assumeRolePolicyDocument(
                                        "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"%s\"},\"Action\":\"sts:AssumeRole\"}]}"
                                                .formatted(service)))
                .role()
                .arn();
    }

    @AfterAll
    static void closeClients() {
        lambda.close();
        iam.close();
    }

    @Test
    void cutsAFunctionOffAndGivesItsConcurrencyBack() {
        Action action = contain();
        assertThat(reserved()).isZero();
        assertThat(iam.listRolePolicies(r -> r.roleName("shop")).policyNames()).hasSize(1);
        undo(action);
        assertThat(reserved()).isNull();
        assertThat(iam.listRolePolicies(r -> r.roleName("shop")).policyNames()).isEmpty();

        lambda.putFunctionConcurrency(r -> r.functionName("shop").reservedConcurrentExecutions(7));
        undo(contain());
        assertThat(reserved()).isEqualTo(7);
    }

    /** It would need a container to run one. */
    @Test
    void plansAnInvocationOfAPublishedVersion() {
        Action planned =
                ACCOUNT.responder()
                        .plan(
                                TestResponder.request(
                                        ActionKind.ACTION_KIND_INVOKE_LAMBDA,
                                        target().setInvocation(
                                                        InvocationTarget.newBuilder()
                                                                .setName("tool"))
                                                .build()));

        assertThat(planned.getPlan().getChecksList())
                .noneMatch(check -> check.getOutcome() == CheckOutcome.CHECK_OUTCOME_REFUSED);
        assertThat(planned.getPlan().getCalls(0).getDryRun()).isEqualTo("allowed");
    }

    /** Its clusters have no API. */
    @Test
    void asksForTheApiOfAClusterOfAPod() {
        try (EksClient eks = ACCOUNT.client(EksClient.builder())) {
            eks.createCluster(r ->
                    r.name("shop")
                            .roleArn("arn:aws:iam::123456789012:role/cluster")
                            .resourcesVpcConfig(vpc -> vpc.subnetIds("subnet-1", "subnet-2")));
        }
        PodTarget.Builder pod =
                PodTarget.newBuilder()
                        .setNamespace("shop")
                        .setName("web")
                        .setUid("0198f0c2-7e57-4000-8000-000000000007");
        assertThatThrownBy(() -> plan(pod.setCluster("none")))
                .hasMessageContaining("cluster none does not exist");
        assertThatThrownBy(() -> plan(pod.setCluster("shop")))
                .hasMessageContaining("EKS tells no authority of the cluster's API");
    }

    private static void plan(PodTarget.Builder pod) {
        ACCOUNT.responder()
                .plan(
                        TestResponder.request(
                                ActionKind.ACTION_KIND_CONTAIN_POD, target().setPod(pod).build()));
    }

    @Test
    void stopsATaskAndItsService() {
        try (EcsClient ecs = ACCOUNT.client(EcsClient.builder())) {
            String task = runTask(ecs);
            Action action =
                    applied(
                            TestResponder.request(
                                            ActionKind.ACTION_KIND_CONTAIN_TASK,
                                            target().setTask(
                                                            TaskTarget.newBuilder()
                                                                    .setCluster("shop")
                                                                    .setTask(task)
                                                                    .setStopService(true))
                                                    .build())
                                    .addOverrideGuards("minimum-healthy"));

            assertThat(
                            ecs.describeTasks(r -> r.cluster("shop").tasks(task))
                                    .tasks()
                                    .getFirst()
                                    .stoppedReason())
                    .startsWith("Yagura contain_task");
            assertThat(desired(ecs)).isZero();
            assertThat(iam.listRolePolicies(r -> r.roleName("front")).policyNames()).hasSize(1);
            undo(action);
            assertThat(desired(ecs)).isEqualTo(2);
            assertThat(iam.listRolePolicies(r -> r.roleName("front")).policyNames()).isEmpty();
        }
    }

    /** Its ARN; moto's services start none. */
    private static String runTask(EcsClient ecs) {
        ecs.createCluster(r -> r.clusterName("shop"));
        String definition =
                ecs.registerTaskDefinition(r ->
                                r.family("front")
                                        .taskRoleArn("arn:aws:iam::123456789012:role/front")
                                        .containerDefinitions(
                                                c -> c.name("main").image("shop").memory(64)))
                        .taskDefinition()
                        .taskDefinitionArn();
        ecs.createService(r ->
                r.cluster("shop").serviceName("front").taskDefinition(definition).desiredCount(2));
        return ecs.runTask(r ->
                        r.cluster("shop")
                                .taskDefinition(definition)
                                .launchType(LaunchType.FARGATE)
                                .group("service:front"))
                .tasks()
                .getFirst()
                .taskArn();
    }

    private static int desired(EcsClient ecs) {
        return ecs.describeServices(r -> r.cluster("shop").services("front"))
                .services()
                .getFirst()
                .desiredCount();
    }

    private static Action contain() {
        return applied(
                TestResponder.request(
                        ActionKind.ACTION_KIND_CONTAIN_FUNCTION,
                        target().setFunction(FunctionTarget.newBuilder().setName("shop")).build()));
    }

    private static Action applied(CreateActionRequest.Builder request) {
        Action action = ACCOUNT.responder().apply(request);
        assertThat(action.getState())
                .as(action.getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_SUCCEEDED);
        return action;
    }

    private static void undo(Action action) {
        Action undone = ACCOUNT.responder().undo(action);
        assertThat(undone.getState())
                .as(undone.getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_UNDONE);
        assertThat(undone.getDriftList()).isEmpty();
    }

    private static @Nullable Integer reserved() {
        return lambda.getFunctionConcurrency(r -> r.functionName("shop"))
                .reservedConcurrentExecutions();
    }

    private static ActionTarget.Builder target() {
        return ActionTarget.newBuilder().setScope(MotoAccount.SCOPE);
    }

    private static byte[] archive() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("main.py"));
            zip.write("def handler(event, _): return event\n".getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static String sha256(byte[] content) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
