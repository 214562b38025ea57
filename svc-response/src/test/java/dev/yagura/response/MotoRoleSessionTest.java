package dev.yagura.response;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionState;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.iam.IamClient;

/** The EC2 and IAM calls of contain_role_session against an emulator that is not ours. */
class MotoRoleSessionTest {
    @RegisterExtension static final MotoAccount ACCOUNT = MotoAccount.with(Map.of());

    private static Ec2Client ec2;
    private static IamClient iam;
    private static String instanceId = "";

    @BeforeAll
    static void launch() {
        ec2 = ACCOUNT.client(Ec2Client.builder());
        iam = ACCOUNT.client(IamClient.builder(), Region.AWS_GLOBAL);
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
    static void closeClients() {
        ec2.close();
        iam.close();
    }

    @Test
    void containsAndRestores() {
        Action action =
                ACCOUNT.responder()
                        .apply(
                                TestResponder.request(
                                        ActionKind.ACTION_KIND_CONTAIN_ROLE_SESSION,
                                        MotoAccount.target(instanceId)));

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

        Action undone = ACCOUNT.responder().undo(action);

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
}
