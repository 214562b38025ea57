package dev.yagura.response;

import static dev.yagura.response.ActionOutcome.checkOfAllowed;
import static dev.yagura.response.ActionOutcome.succeededAtOnce;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.CreateActionRequest;
import dev.yagura.proto.response.v1.PlannedCall;
import dev.yagura.sandbox.control.CredentialsView;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;

/** Kinds that act on IAM through the public contract, with the product's role. */
class IdentityActionTest {
    @RegisterExtension
    static final TestService SERVICE =
            TestService.with(Map.of("yagura.response.action.attempts", "20"));

    private static final TestResponder RESPONDER = TestResponder.of(SERVICE);

    private static final String KEY = "AKIASANDBOXDEPLOY001";
    private static final String OTHER_KEY = "AKIASANDBOXDEPLOY002";
    private static final String OWN_KEY = "AKIASANDBOXYAGURA001";
    private static final String BREAK_GLASS_KEY = "AKIASANDBOXBREAK0001";
    private static final String ROLE = "app-instance";
    private static final String DEPLOY = "arn:aws:iam::111122223333:user/deploy";

    /** Without a reset, which would forget the session of the product's own role. */
    @BeforeEach
    void backToTheSeed() {
        SERVICE.postgres().execute("DELETE FROM action");
        SERVICE.sandbox().clearFaults();
        List.of(KEY, OTHER_KEY).forEach(key -> setStatus(key, "Active"));
        policies()
                .forEach(name ->
                        SERVICE.iam().deleteRolePolicy(r -> r.roleName(ROLE).policyName(name)));
        userPolicies()
                .forEach(name ->
                        SERVICE.iam().deleteUserPolicy(r -> r.userName("deploy").policyName(name)));
    }

    @Test
    void theOwnerOfAKeyIsFoundAndAllThatGoesOn() {
        isAllowed(OTHER_KEY);
        long before = SERVICE.lastCall();

        Action planned = RESPONDER.plan(disable(KEY));

        assertThat(planned.getPlan().getCallsList())
                .singleElement()
                .satisfies(call -> {
                    assertThat(call.getOperation()).isEqualTo("iam:UpdateAccessKey");
                    assertThat(call.getParametersMap())
                            .isEqualTo(
                                    Map.of(
                                            "UserName", "deploy",
                                            "AccessKeyId", KEY,
                                            "Status", "Inactive"));
                });
        assertThat(checkOfAllowed(planned, "other keys of the user").getDetail())
                .contains(OTHER_KEY + " (Active, last used", "for ec2 in ap-northeast-1");
        assertThat(checkOfAllowed(planned, "what loses access").getDetail()).contains("used");
        assertThat(String.join("\n", planned.getPlan().getResidualRisksList()))
                .contains("GetSessionToken", "36 hours");
        assertThat(SERVICE.sandbox().journal(before))
                .isNotEmpty()
                .allMatch(entry -> entry.operation().matches("(iam|sts):(List|Get|Assume).*"));
    }

    @Test
    void aDisabledKeyStopsAndUndoMakesItGoodAgain() throws Exception {
        assertThat(isAllowed(KEY)).isTrue();
        long before = SERVICE.lastCall();

        Action action = RESPONDER.apply(disable(KEY));

        succeededAtOnce(action);
        assertThat(isAllowed(KEY)).isFalse();
        assertThat(isAllowed(OTHER_KEY)).isTrue();
        assertThat(action.getVerificationsList().getLast().getDetail())
                .isEqualTo(KEY + " of deploy is Inactive");
        assertThatThrownBy(() -> RESPONDER.create(disable(KEY)))
                .hasMessageContaining("no other action holds it")
                .hasMessageContaining(action.getName());

        Action undone = RESPONDER.undone(action);

        assertThat(undone.getDriftList()).isEmpty();
        assertThat(isAllowed(KEY)).isTrue();
        PolicyFile.assertFits(SERVICE, "disable_access_key", before);
    }

    @Test
    void aKeyThatWasInactiveIsLeftSo() {
        setStatus(KEY, "Inactive");

        Action action = RESPONDER.apply(disable(KEY));

        succeededAtOnce(action);
        assertThat(checkOfAllowed(action, "it is active").getDetail()).contains("Inactive already");
        assertThat(action.getCallsList()).isEmpty();
        Action undone = RESPONDER.undone(action);
        assertThat(undone.getCallsList()).isEmpty();
        assertThat(isAllowed(KEY)).isFalse();
    }

    @Test
    void undoReportsWhatOthersMadeOfTheKey() {
        Action action = RESPONDER.apply(disable(KEY));
        setStatus(KEY, "Active");

        Action undone = RESPONDER.undone(action);

        assertThat(undone.getDriftList()).containsExactly(KEY + " was set Active meanwhile");
        assertThat(isAllowed(KEY)).isTrue();
    }

    @Test
    void refusesKeysThatAreNotToBeDisabled() {
        RESPONDER.assertRefused(
                disable(OWN_KEY), "it is not a key of the platform", "calls AWS with it");
        RESPONDER.assertRefused(
                disable(BREAK_GLASS_KEY), "it is not protected", "yagura:protected");
        assertThatThrownBy(() -> RESPONDER.create(disable("AKIASANDBOXNOBODY001")))
                .hasMessageContaining("NOT_FOUND")
                .hasMessageContaining("AKIASANDBOXNOBODY001");
        assertThatThrownBy(() -> RESPONDER.create(disable("ASIASANDBOXSESSION01")))
                .hasMessageContaining("INVALID_ARGUMENT")
                .hasMessageContaining("key of a session");
        assertThatThrownBy(() ->
                        RESPONDER.create(
                                request(
                                        ActionKind.ACTION_KIND_DISABLE_ACCESS_KEY,
                                        target().setInstanceId(TestService.WEB)
                                                .setAccessKeyId(KEY))))
                .hasMessageContaining("target.instance_id");
    }

    @Test
    void whoHasARoleIsShownBeforeItsSessionsAreRevoked() {
        Action planned = RESPONDER.plan(revoke(ROLE));

        assertThat(checkOfAllowed(planned, "instances that have the role").getDetail())
                .contains(TestService.APP, TestService.DB)
                .doesNotContain(TestService.WEB);
        assertThat(checkOfAllowed(planned, "who may assume the role").getDetail())
                .contains("Service ec2.amazonaws.com");
        assertThat(planned.getPlan().getCallsList())
                .extracting(PlannedCall::getOperation)
                .containsExactly("iam:PutRolePolicy");
        assertThat(planned.getPlan().getCalls(0).getParametersMap())
                .containsEntry("PolicyName", "yagura-revoke-ACTION");
        assertThat(String.join("\n", planned.getPlan().getResidualRisksList()))
                .contains("chaining", "Cut those off first");
    }

    @Test
    void olderSessionsOfARoleStopWhoeverHasThem() throws Exception {
        CredentialsView ofApp = SERVICE.sandbox().takeCredentials("app-1");
        CredentialsView ofDb = SERVICE.sandbox().takeCredentials("db-1");
        CredentialsView ofWeb = SERVICE.sandbox().takeCredentials("web-1");
        long before = SERVICE.lastCall();

        Action action = RESPONDER.apply(revoke(ROLE));

        succeededAtOnce(action);
        assertThat(SERVICE.isAllowed(ofApp)).isFalse();
        assertThat(SERVICE.isAllowed(ofDb)).isFalse();
        assertThat(SERVICE.isAllowed(ofWeb)).as("of another role").isTrue();
        TestResponder.await(
                "sessions that were issued after the limit",
                () -> SERVICE.isAllowed(SERVICE.sandbox().takeCredentials("app-1")));
        assertThat(policies()).containsExactly("yagura-revoke-" + id(action));
        assertThatThrownBy(() -> RESPONDER.create(revoke(ROLE)))
                .hasMessageContaining("no other action holds it");

        Action undone = RESPONDER.undone(action);

        assertThat(undone.getDriftList()).isEmpty();
        assertThat(policies()).isEmpty();
        assertThat(SERVICE.isAllowed(ofApp)).as("as the plan says").isTrue();
        PolicyFile.assertFits(SERVICE, "revoke_role_sessions", before);
    }

    @Test
    void undoTakesOnlyItsOwnPolicyAndReportsWhatOthersMadeOfIt() {
        Action action = RESPONDER.apply(revoke(ROLE));
        put("other", "s3:*");
        put("yagura-revoke-" + id(action), "sqs:*");

        Action undone = RESPONDER.undone(action);

        assertThat(undone.getDriftList())
                .singleElement()
                .asString()
                .contains("was changed meanwhile", "sqs:*");
        assertThat(policies()).containsExactly("other");
    }

    @Test
    void refusesRolesThatAreNotToBeTouched() {
        RESPONDER.assertRefused(
                revoke("AWSServiceRoleForShop"), "the role can be changed", "service-linked");
        RESPONDER.assertRefused(revoke("audit"), "it is not protected", "yagura:protected");
        RESPONDER.assertRefused(
                revoke("YaguraResponse"), "it is not the platform itself", "svc-response");
        put("large", "x:" + "y".repeat(10_080));
        RESPONDER.assertRefused(
                revoke(ROLE), "there is room for one more policy", "of 10240 characters");
        assertThatThrownBy(() -> RESPONDER.create(revoke("nobody")))
                .hasMessageContaining("NOT_FOUND");
        assertThatThrownBy(() -> RESPONDER.create(revoke("role/path")))
                .hasMessageContaining("target.role_name");
    }

    @Test
    void aUserIsDeniedEverything() throws Exception {
        long before = SERVICE.lastCall();
        Action planned = RESPONDER.plan(deny(DEPLOY));
        assertThat(checkOfAllowed(planned, "access keys of the user").getDetail())
                .contains(KEY, OTHER_KEY);

        Action action = RESPONDER.apply(deny(DEPLOY));

        succeededAtOnce(action);
        assertThat(isAllowed(KEY)).isFalse();
        assertThat(isAllowed(OTHER_KEY)).isFalse();
        assertThat(userPolicies()).containsExactly("yagura-deny-" + id(action));
        Action undone = RESPONDER.undone(action);
        assertThat(undone.getDriftList()).isEmpty();
        assertThat(isAllowed(KEY)).isTrue();

        CredentialsView older = SERVICE.sandbox().takeCredentials("app-1");
        Action ofRole = RESPONDER.apply(deny("arn:aws:iam::111122223333:role/" + ROLE));
        succeededAtOnce(ofRole);
        assertThat(SERVICE.isAllowed(older)).isFalse();
        assertThat(SERVICE.isAllowed(SERVICE.sandbox().takeCredentials("app-1"))).isFalse();
        RESPONDER.undo(ofRole);
        assertThat(SERVICE.isAllowed(older)).isTrue();
        PolicyFile.assertFits(SERVICE, "deny_principal", before);
    }

    @Test
    void refusesPrincipalsThatAreNotToBeDenied() {
        RESPONDER.assertRefused(
                deny("arn:aws:iam::111122223333:user/yagura"),
                "it is not the platform itself",
                "svc-response");
        RESPONDER.assertRefused(
                deny("arn:aws:iam::111122223333:user/break-glass"),
                "it is not protected",
                "yagura:protected");
        RESPONDER.assertRefused(
                deny("arn:aws:iam::111122223333:user/elsewhere/deploy"),
                "its ARN is the one that was given",
                DEPLOY);
        assertThatThrownBy(() -> RESPONDER.create(deny("arn:aws:iam::111122223333:root")))
                .hasMessageContaining("target.principal_arn")
                .hasMessageContaining("root user");
        assertThatThrownBy(() -> RESPONDER.create(deny("arn:aws:iam::444455556666:user/deploy")))
                .hasMessageContaining("another account than the scope");
    }

    private static CreateActionRequest.Builder disable(String key) {
        // The region that the command line gives when it is not told one.
        return request(
                ActionKind.ACTION_KIND_DISABLE_ACCESS_KEY,
                target().setScope(TestService.TOKYO.toBuilder().setRegion("us-east-1"))
                        .setAccessKeyId(key));
    }

    private static CreateActionRequest.Builder revoke(String role) {
        return request(ActionKind.ACTION_KIND_REVOKE_ROLE_SESSIONS, target().setRoleName(role));
    }

    private static CreateActionRequest.Builder deny(String arn) {
        return request(ActionKind.ACTION_KIND_DENY_PRINCIPAL, target().setPrincipalArn(arn));
    }

    private static CreateActionRequest.Builder request(
            ActionKind kind, ActionTarget.Builder target) {
        return TestResponder.request(kind, target.build());
    }

    private static ActionTarget.Builder target() {
        return ActionTarget.newBuilder().setScope(TestService.TOKYO);
    }

    private static String id(Action action) {
        return action.getName().substring("actions/".length());
    }

    private static List<String> policies() {
        return SERVICE.iam().listRolePolicies(r -> r.roleName(ROLE)).policyNames();
    }

    private static List<String> userPolicies() {
        return SERVICE.iam().listUserPolicies(r -> r.userName("deploy")).policyNames();
    }

    private static void put(String name, String action) {
        SERVICE.iam()
                .putRolePolicy(r ->
                        r.roleName(ROLE)
                                .policyName(name)
                                .policyDocument(
                                        "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"%s\",\"Resource\":\"*\"}}"
                                                .formatted(action)));
    }

    private static void setStatus(String key, String status) {
        SERVICE.iam().updateAccessKey(r -> r.userName("deploy").accessKeyId(key).status(status));
    }

    /** Whether a key of the user deploy is good for what its policy allows. */
    private static boolean isAllowed(String key) {
        String secret = "sandbox/only/good/for/nothing/deploy/" + key.substring(17);
        try (Ec2Client ec2 =
                SERVICE.client(
                        Ec2Client.builder(),
                        Region.of(TestService.TOKYO.getRegion()),
                        AwsBasicCredentials.create(key, secret))) {
            ec2.describeTags();
            return true;
        } catch (Ec2Exception e) {
            assertThat(e.statusCode()).isIn(401, 403);
            return false;
        }
    }
}
