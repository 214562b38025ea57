package dev.yagura.response;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.ActionTarget;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.DeleteConflictException;
import software.amazon.awssdk.services.sts.StsClient;

/** The calls of kinds that act on IAM, against an emulator that is not ours. */
class MotoIdentityTest {
    @RegisterExtension
    static final MotoAccount ACCOUNT =
            MotoAccount.with(
                    Map.of(
                            "yagura.response.action.watch-interval", "PT0.2S",
                            "yagura.response.action.poll", "PT0.1S"));

    private static IamClient iam;

    @BeforeAll
    static void makePrincipals() {
        // Moto loads each service at its first call, for longer than the product waits.
        try (Ec2Client ec2 = ACCOUNT.client(Ec2Client.builder());
                StsClient sts = ACCOUNT.client(StsClient.builder())) {
            ec2.describeIamInstanceProfileAssociations();
            sts.getCallerIdentity();
        }
        iam = ACCOUNT.client(IamClient.builder(), Region.AWS_GLOBAL);
        iam.createRole(request ->
                request.roleName("web")
                        .assumeRolePolicyDocument(
                                "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"lambda.amazonaws.com\"},\"Action\":\"sts:AssumeRole\"}]}"));
        iam.createUser(request -> request.userName("deploy"));
    }

    @AfterAll
    static void closeClient() {
        iam.close();
    }

    @Test
    void disablesAKeyAndEnablesItAgain() {
        String key =
                iam.createAccessKey(request -> request.userName("deploy"))
                        .accessKey()
                        .accessKeyId();

        Action action =
                apply(
                        ActionKind.ACTION_KIND_DISABLE_ACCESS_KEY,
                        target().setAccessKeyId(key).build());

        assertThat(statuses()).containsExactly("Inactive");
        undo(action);
        assertThat(statuses()).containsExactly("Active");
    }

    @Test
    void revokesSessionsOfARole() {
        Action action =
                apply(
                        ActionKind.ACTION_KIND_REVOKE_ROLE_SESSIONS,
                        target().setRoleName("web").build());

        assertThat(action.getPlan().getChecksList())
                .anyMatch(check -> check.getDetail().equals("Service lambda.amazonaws.com"));
        String name = "yagura-revoke-" + action.getName().substring("actions/".length());
        assertThat(
                        URLDecoder.decode(
                                iam.getRolePolicy(r -> r.roleName("web").policyName(name))
                                        .policyDocument(),
                                StandardCharsets.UTF_8))
                .contains("\"DateLessThan\":{\"aws:TokenIssueTime\":");
        undo(action);
        assertThat(iam.listRolePolicies(r -> r.roleName("web")).policyNames()).isEmpty();
    }

    @Test
    void deniesAUserAndLeavesAnotherOneOfItsName() {
        iam.createUser(request -> request.userName("rei"));
        Action action =
                apply(
                        ActionKind.ACTION_KIND_DENY_PRINCIPAL,
                        target().setPrincipalArn("arn:aws:iam::123456789012:user/rei").build());
        String name = "yagura-deny-" + action.getName().substring("actions/".length());
        assertThat(iam.listUserPolicies(r -> r.userName("rei")).policyNames())
                .containsExactly(name);

        TestResponder.await("the user is gone", () -> isDeleted("rei", name));
        iam.createUser(request -> request.userName("rei"));
        TestResponder.await(
                "the watch sees that it is another one",
                () ->
                        ACCOUNT.responder()
                                .read(action.getName())
                                .getVerificationsList()
                                .getLast()
                                .getDetail()
                                .contains("another one has its name now"));

        Action undone = ACCOUNT.responder().undo(action);
        assertThat(undone.getState())
                .as(undone.getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_UNDONE);
        assertThat(undone.getDriftList()).isNotEmpty();
        assertThat(iam.listUserPolicies(r -> r.userName("rei")).policyNames()).isEmpty();
    }

    /** False when the watch puts the policy back in between: IAM then keeps the user. */
    private static boolean isDeleted(String user, String policy) {
        try {
            iam.deleteUserPolicy(r -> r.userName(user).policyName(policy));
            iam.deleteUser(request -> request.userName(user));
            return true;
        } catch (DeleteConflictException e) {
            return false;
        }
    }

    private static Action apply(ActionKind kind, ActionTarget target) {
        Action action = ACCOUNT.responder().apply(TestResponder.request(kind, target));
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

    private static List<String> statuses() {
        return iam.listAccessKeys(r -> r.userName("deploy")).accessKeyMetadata().stream()
                .map(key -> key.statusAsString())
                .toList();
    }

    private static ActionTarget.Builder target() {
        return ActionTarget.newBuilder().setScope(MotoAccount.SCOPE);
    }
}
