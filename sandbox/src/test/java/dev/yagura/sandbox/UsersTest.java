package dev.yagura.sandbox;

import static dev.yagura.sandbox.AwsErrors.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.sandbox.control.CredentialsView;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.AccessKeyLastUsed;
import software.amazon.awssdk.services.iam.model.StatusType;
import software.amazon.awssdk.services.sts.StsClient;

/** Users and their access keys. */
class UsersTest {
    private static final String KEY = "AKIASANDBOXDEPLOY001";
    private static final AwsCredentials DEPLOY =
            AwsBasicCredentials.create(KEY, "sandbox/only/good/for/nothing/deploy/001");

    @RegisterExtension static final SandboxExtension SANDBOX = new SandboxExtension();

    private final IamClient iam = SANDBOX.iam();

    @Test
    void anInactiveKeyIsUnknown() {
        try (StsClient sts = SANDBOX.sts(DEPLOY);
                Ec2Client ec2 = SANDBOX.ec2(DEPLOY)) {
            assertThat(sts.getCallerIdentity().arn()).endsWith("user/deploy");
            set(KEY, StatusType.INACTIVE);
            refused(sts::getCallerIdentity, 403, "InvalidClientTokenId");
            refused(ec2::describeTags, 401, "AuthFailure");
            set(KEY, StatusType.ACTIVE);
            assertThat(sts.getCallerIdentity().arn()).endsWith("user/deploy");
        }
    }

    @Test
    void showsKeysAndTheirLastUse() {
        assertThat(iam.listAccessKeys(r -> r.userName("deploy")).accessKeyMetadata())
                .extracting(key -> key.accessKeyId() + " " + key.statusAsString())
                .containsExactly(KEY + " Active", "AKIASANDBOXDEPLOY002 Active");
        AccessKeyLastUsed never = lastUse();
        assertThat(never.lastUsedDate()).isNull();
        assertThat(never.serviceName()).isEqualTo("N/A");

        try (Ec2Client ec2 = SANDBOX.ec2(DEPLOY)) {
            ec2.describeTags();
        }
        AccessKeyLastUsed used = lastUse();
        assertThat(used.lastUsedDate()).isNotNull();
        assertThat(used.serviceName()).isEqualTo("ec2");
        assertThat(used.region()).isEqualTo(Seeded.REGION);
        assertThat(iam.getAccessKeyLastUsed(r -> r.accessKeyId(KEY)).userName())
                .isEqualTo("deploy");
    }

    @Test
    void showsUsersWithTheirTags() {
        var user = iam.getUser(r -> r.userName("break-glass")).user();
        assertThat(user.arn()).isEqualTo("arn:aws:iam::111122223333:user/break-glass");
        assertThat(user.tags())
                .singleElement()
                .satisfies(tag -> assertThat(tag.key()).isEqualTo("yagura:protected"));
    }

    @Test
    void obeysThePoliciesInsideAUser() {
        try (Ec2Client ec2 = SANDBOX.ec2(DEPLOY)) {
            ec2.describeTags();
            deny("ours", "*");
            refused(ec2::describeTags, 403, "UnauthorizedOperation");
            assertThat(iam.listUserPolicies(r -> r.userName("deploy")).policyNames())
                    .containsExactly("ours");
            assertThat(
                            iam.getUserPolicy(r -> r.userName("deploy").policyName("ours"))
                                    .policyDocument())
                    .contains("Deny");
            iam.deleteUserPolicy(r -> r.userName("deploy").policyName("ours"));
            ec2.describeTags();
        }
        refused(
                () -> iam.getUserPolicy(r -> r.userName("deploy").policyName("ours")),
                404,
                "NoSuchEntity");
        refused(() -> deny("ours", "x:" + "y".repeat(2_048)), 409, "LimitExceeded");
    }

    @Test
    void showsWhenARoleWasUsedLast() {
        assertThat(iam.getRole(r -> r.roleName("audit")).role())
                .satisfies(role -> {
                    assertThat(role.roleLastUsed().lastUsedDate()).isNull();
                    assertThat(role.tags()).hasSize(1);
                });
        CredentialsView keys = SANDBOX.control().takeCredentials("web-1");
        try (Ec2Client ec2 =
                SANDBOX.ec2(
                        AwsSessionCredentials.create(
                                keys.accessKeyId(), keys.secretAccessKey(), keys.sessionToken()))) {
            ec2.describeTags();
        }
        assertThat(iam.getRole(r -> r.roleName("web-instance")).role().roleLastUsed().region())
                .isEqualTo(Seeded.REGION);
    }

    @Test
    void refusesWhatIsNotThereOrNotAllowed() {
        refused(() -> iam.getUser(r -> r.userName("nobody")), 404, "NoSuchEntity");
        refused(() -> iam.listAccessKeys(r -> r.userName("nobody")), 404, "NoSuchEntity");
        refused(
                () -> iam.getAccessKeyLastUsed(r -> r.accessKeyId("AKIASANDBOXNOBODY001")),
                404,
                "NoSuchEntity");
        refused(() -> set("AKIASANDBOXVIEWER001", StatusType.INACTIVE), 404, "NoSuchEntity");
        refused(() -> iam.getAccessKeyLastUsed(r -> r.accessKeyId("short")), "ValidationError");
        refused(
                () -> iam.updateAccessKey(r -> r.userName("deploy").accessKeyId(KEY).status("Off")),
                "ValidationError");
        try (IamClient viewer = SANDBOX.iam(SandboxExtension.VIEWER)) {
            refused(() -> viewer.getUser(r -> r.userName("deploy")), 403, "AccessDenied");
        }
    }

    private void deny(String name, String action) {
        iam.putUserPolicy(r ->
                r.userName("deploy")
                        .policyName(name)
                        .policyDocument(
                                "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Deny\",\"Action\":\"%s\",\"Resource\":\"*\"}}"
                                        .formatted(action)));
    }

    private AccessKeyLastUsed lastUse() {
        return iam.getAccessKeyLastUsed(r -> r.accessKeyId(KEY)).accessKeyLastUsed();
    }

    private void set(String key, StatusType status) {
        iam.updateAccessKey(r -> r.userName("deploy").accessKeyId(key).status(status));
    }
}
