package dev.yagura.response;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.CreateActionRequest;
import dev.yagura.proto.response.v1.UndoActionRequest;
import dev.yagura.proto.type.v1.Scope;
import dev.yagura.testkit.MotoFixture;
import dev.yagura.testkit.PostgresFixture;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ec2.Ec2Client;

/** The EC2 and STS calls against an emulator that is not ours. */
class MotoIsolationTest {
    @RegisterExtension static final PostgresFixture POSTGRES = PostgresFixture.of("response");
    @RegisterExtension static final MotoFixture MOTO = new MotoFixture();

    private static final Scope SCOPE =
            Scope.newBuilder()
                    .setPartition("aws")
                    .setAccountId("123456789012")
                    .setRegion("ap-northeast-1")
                    .build();

    @TempDir static Path folder;
    private static TestService service;
    private static Ec2Client ec2;
    private static String groupId = "";
    private static String interfaceId = "";
    private static String instanceId = "";

    @BeforeAll
    static void startService() throws Exception {
        service =
                TestService.start(
                        POSTGRES,
                        folder,
                        Map.of("yagura.response.aws.endpoint", MOTO.endpoint().toString()));
        ec2 =
                Ec2Client.builder()
                        .endpointOverride(MOTO.endpoint())
                        .region(Region.of(SCOPE.getRegion()))
                        .credentialsProvider(
                                StaticCredentialsProvider.create(
                                        AwsBasicCredentials.create("any", "any")))
                        .httpClient(UrlConnectionHttpClient.create())
                        .build();
        launch();
    }

    /** With an interface made before: moto adds the groups of a launch to every interface. */
    private static void launch() {
        String vpc = ec2.createVpc(request -> request.cidrBlock("10.20.0.0/16")).vpc().vpcId();
        String subnet =
                ec2.createSubnet(request -> request.vpcId(vpc).cidrBlock("10.20.1.0/24"))
                        .subnet()
                        .subnetId();
        groupId =
                ec2.createSecurityGroup(
                                request -> request.groupName("web").description("Web").vpcId(vpc))
                        .groupId();
        interfaceId =
                ec2.createNetworkInterface(request -> request.subnetId(subnet).groups(groupId))
                        .networkInterface()
                        .networkInterfaceId();
        String image = ec2.describeImages(request -> {}).images().getFirst().imageId();
        instanceId =
                ec2.runInstances(request ->
                                request.imageId(image)
                                        .minCount(1)
                                        .maxCount(1)
                                        .networkInterfaces(eni ->
                                                eni.deviceIndex(0).networkInterfaceId(interfaceId)))
                        .instances()
                        .getFirst()
                        .instanceId();
    }

    @AfterAll
    static void stopService() {
        ec2.close();
        service.close();
    }

    @Test
    void isolatesAndRestores() {
        List<String> before = groups();

        Action action =
                Settled.of(
                        service.actions(),
                        service.actions().createAction(request(instanceId)).getName());

        assertThat(action.getState())
                .as(action.getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(groups()).hasSize(1).doesNotContain(groupId);
        assertThat(
                        ec2.describeSecurityGroups(request -> request.groupIds(groups()))
                                .securityGroups())
                .singleElement()
                .satisfies(group -> {
                    assertThat(group.groupName()).startsWith("yagura-isolation-");
                    assertThat(group.ipPermissions()).isEmpty();
                    assertThat(group.ipPermissionsEgress())
                            .as("the gateway, which the host could reach before")
                            .singleElement()
                            .satisfies(rule -> assertThat(rule.fromPort()).isEqualTo(8443));
                });

        service.actions()
                .undoAction(
                        UndoActionRequest.newBuilder()
                                .setName(action.getName())
                                .setReason("clean")
                                .build());
        Action undone = Settled.of(service.actions(), action.getName());

        assertThat(undone.getState())
                .as(undone.getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_UNDONE);
        assertThat(groups()).isEqualTo(before);
    }

    @Test
    void doesNotKnowAnotherInstance() {
        assertThatThrownBy(() -> service.actions().createAction(request("i-0123456789abcdef0")))
                .hasMessageContaining("NOT_FOUND");
    }

    private static List<String> groups() {
        return ec2
                .describeNetworkInterfaces(request -> request.networkInterfaceIds(interfaceId))
                .networkInterfaces()
                .getFirst()
                .groups()
                .stream()
                .map(group -> group.groupId())
                .toList();
    }

    private static CreateActionRequest request(String instance) {
        return CreateActionRequest.newBuilder()
                .setKind(ActionKind.ACTION_KIND_ISOLATE_INSTANCE)
                .setTarget(ActionTarget.newBuilder().setScope(SCOPE).setInstanceId(instance))
                .setReason("beacon")
                .setRequestId(UUID.randomUUID().toString())
                .build();
    }
}
