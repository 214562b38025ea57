package dev.yagura.response;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.CreateActionRequest;
import dev.yagura.proto.response.v1.UndoActionRequest;
import dev.yagura.proto.type.v1.Scope;
import dev.yagura.testkit.MotoFixture;
import dev.yagura.testkit.PostgresFixture;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.iam.IamClient;

/** The EC2 and IAM calls of contain_role_session against an emulator that is not ours. */
class MotoRoleSessionTest {
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
    private static IamClient iam;
    private static String instanceId = "";

    @BeforeAll
    static void startService() throws Exception {
        service =
                TestService.start(
                        POSTGRES,
                        folder,
                        Map.of("yagura.response.aws.endpoint", MOTO.endpoint().toString()));
        ec2 = client(Ec2Client.builder(), Region.of(SCOPE.getRegion()));
        iam = client(IamClient.builder(), Region.AWS_GLOBAL);
        makeProfile("web");
        makeProfile("yagura-quarantine");
        String image = ec2.describeImages(request -> {}).images().getFirst().imageId();
        instanceId =
                ec2.runInstances(request -> request.imageId(image).minCount(1).maxCount(1))
                        .instances()
                        .getFirst()
                        .instanceId();
        ec2.associateIamInstanceProfile(request ->
                request.instanceId(instanceId).iamInstanceProfile(each -> each.name("web")));
    }

    @AfterAll
    static void stopService() {
        ec2.close();
        iam.close();
        service.close();
    }

    @Test
    void containsAndRestores() {
        Action action =
                Settled.of(
                        service.actions(),
                        service.actions()
                                .createAction(
                                        CreateActionRequest.newBuilder()
                                                .setKind(
                                                        ActionKind.ACTION_KIND_CONTAIN_ROLE_SESSION)
                                                .setTarget(
                                                        ActionTarget.newBuilder()
                                                                .setScope(SCOPE)
                                                                .setInstanceId(instanceId))
                                                .setReason("role used elsewhere")
                                                .setRequestId(UUID.randomUUID().toString())
                                                .build())
                                .getName());

        assertThat(action.getState())
                .as(action.getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(profile()).endsWith("instance-profile/yagura-quarantine");
        String name =
                iam.listRolePolicies(request -> request.roleName("web")).policyNames().getFirst();
        assertThat(action.getName()).endsWith(name.substring("yagura-contain-".length()));
        assertThat(
                        URLDecoder.decode(
                                iam.getRolePolicy(r -> r.roleName("web").policyName(name))
                                        .policyDocument(),
                                StandardCharsets.UTF_8))
                .contains("aws:TokenIssueTime", instanceId);

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
        assertThat(undone.getDriftList()).isEmpty();
        assertThat(profile()).endsWith("instance-profile/web");
        assertThat(iam.listRolePolicies(request -> request.roleName("web")).policyNames())
                .isEmpty();
    }

    private static void makeProfile(String name) {
        iam.createRole(request ->
                request.roleName(name)
                        .assumeRolePolicyDocument(
                                "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"ec2.amazonaws.com\"},\"Action\":\"sts:AssumeRole\"}]}"));
        iam.createInstanceProfile(request -> request.instanceProfileName(name));
        iam.addRoleToInstanceProfile(request -> request.instanceProfileName(name).roleName(name));
    }

    private static String profile() {
        return ec2.describeIamInstanceProfileAssociations(
                        request -> request.filters(f -> f.name("instance-id").values(instanceId)))
                .iamInstanceProfileAssociations()
                .getFirst()
                .iamInstanceProfile()
                .arn();
    }

    private static <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C client(
            B builder, Region region) {
        return builder.endpointOverride(MOTO.endpoint())
                .region(region)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create("any", "any")))
                .httpClient(UrlConnectionHttpClient.create())
                .build();
    }
}
