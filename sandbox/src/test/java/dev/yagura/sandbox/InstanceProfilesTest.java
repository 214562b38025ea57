package dev.yagura.sandbox;

import static dev.yagura.sandbox.AwsErrors.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.sandbox.control.CredentialsView;
import dev.yagura.testkit.ShiftedClock;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;
import software.amazon.awssdk.services.ec2.model.IamInstanceProfileAssociation;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.sts.StsClient;

/** Instance profiles, the policies inside their roles, and what those mean for sessions. */
class InstanceProfilesTest {
    /** Ahead of real time by what a test says: sessions are issued by this clock. */
    private static final AtomicReference<Duration> AHEAD = new AtomicReference<>(Duration.ZERO);

    @RegisterExtension
    static final SandboxExtension SANDBOX =
            new SandboxExtension(SandboxOptions.anyPort(), new ShiftedClock(AHEAD));

    private static final String QUARANTINE =
            "arn:aws:iam::111122223333:instance-profile/yagura-quarantine";

    @Test
    void replacesAnAssociationByANewOne() {
        IamInstanceProfileAssociation before = association(Seeded.WEB);

        IamInstanceProfileAssociation fresh = replace(before.associationId(), "yagura-quarantine");

        assertThat(fresh.associationId())
                .startsWith("iip-assoc-")
                .isNotEqualTo(before.associationId());
        assertThat(fresh.stateAsString()).isEqualTo("associating");
        assertThat(states(Seeded.WEB)).containsExactlyInAnyOrder("associating", "disassociating");
        refused(() -> replace(fresh.associationId(), "web-instance"), "IncorrectState");
        assertThat(SANDBOX.control().takeCredentials("web-1").roleName())
                .as("until the new one is associated")
                .isEqualTo("web-instance");

        SANDBOX.control().advance(Duration.ofSeconds(1));

        assertThat(states(Seeded.WEB)).containsExactly("associated");
        assertThat(association(Seeded.WEB).iamInstanceProfile().arn()).isEqualTo(QUARANTINE);
        assertThat(
                        SANDBOX.ec2()
                                .describeInstances(r -> r.instanceIds(Seeded.WEB))
                                .reservations()
                                .getFirst()
                                .instances()
                                .getFirst()
                                .iamInstanceProfile()
                                .arn())
                .isEqualTo(QUARANTINE);
        assertThat(SANDBOX.control().takeCredentials("web-1").roleName())
                .isEqualTo("yagura-quarantine");
        refused(
                () -> replace(before.associationId(), "web-instance"),
                "InvalidAssociationID.NotFound");
    }

    @Test
    void replacesOnlyWhereAwsDoes() {
        String id = association(Seeded.WEB).associationId();
        refused(() -> replace("iip-1", "web-instance"), "InvalidAssociationID.Malformed");
        refused(() -> replace(id, "nobody"), "InvalidParameterValue");
        try (Ec2Client viewer = SANDBOX.ec2(SandboxExtension.VIEWER)) {
            refused(
                    () ->
                            viewer.replaceIamInstanceProfileAssociation(
                                    r -> r.associationId(id).iamInstanceProfile(p -> p.name("x"))),
                    403,
                    "UnauthorizedOperation");
        }
        SANDBOX.control().stop("web-1");
        refused(() -> replace(id, "yagura-quarantine"), "IncorrectInstanceState");
        SANDBOX.ec2().disassociateIamInstanceProfile(r -> r.associationId(id));
        SANDBOX.control().advance(Duration.ofSeconds(1));
        assertThat(states(Seeded.WEB)).isEmpty();

        SANDBOX.ec2()
                .associateIamInstanceProfile(r ->
                        r.instanceId(Seeded.WEB).iamInstanceProfile(p -> p.name("web-instance")));
        refused(
                () ->
                        SANDBOX.ec2()
                                .associateIamInstanceProfile(r ->
                                        r.instanceId(Seeded.WEB)
                                                .iamInstanceProfile(p -> p.name("app-instance"))),
                "IncorrectState");
    }

    @Test
    void keepsPoliciesInsideRoles() {
        String document =
                deny("*", "\"DateLessThan\":{\"aws:TokenIssueTime\":\"2026-01-01T00:00:00Z\"}");
        try (IamClient iam = SANDBOX.iam()) {
            assertThat(iam.listRolePolicies(r -> r.roleName("web-instance")).policyNames())
                    .isEmpty();
            put(iam, "web-instance", "ours", document);
            put(iam, "web-instance", "ours", document);

            assertThat(iam.listRolePolicies(r -> r.roleName("web-instance")).policyNames())
                    .containsExactly("ours");
            assertThat(
                            URLDecoder.decode(
                                    iam.getRolePolicy(r ->
                                                    r.roleName("web-instance").policyName("ours"))
                                            .policyDocument(),
                                    StandardCharsets.UTF_8))
                    .isEqualTo(document);
            iam.deleteRolePolicy(r -> r.roleName("web-instance").policyName("ours"));
            refused(
                    () -> iam.deleteRolePolicy(r -> r.roleName("web-instance").policyName("ours")),
                    404,
                    "NoSuchEntity");
            refused(
                    () -> iam.getRolePolicy(r -> r.roleName("web-instance").policyName("ours")),
                    404,
                    "NoSuchEntity");
            refused(() -> put(iam, "nobody", "ours", document), 404, "NoSuchEntity");
            refused(() -> put(iam, "web-instance", "no name", document), "ValidationError");
            refused(() -> put(iam, "web-instance", "ours", "{"), "MalformedPolicyDocument");
            refused(
                    () ->
                            put(
                                    iam,
                                    "web-instance",
                                    "ours",
                                    deny("*", "\"Bool\":{\"aws:x\":\"true\"}")),
                    "MalformedPolicyDocument");
            refused(
                    () -> put(iam, "AWSServiceRoleForShop", "ours", document),
                    "UnmodifiableEntity");
            refused(
                    () ->
                            put(
                                    iam,
                                    "web-instance",
                                    "ours",
                                    deny("x:" + "y".repeat(10_240), "\"DateLessThan\":{}")),
                    409,
                    "LimitExceeded");
        }
    }

    @Test
    void showsWhatARoleHasAndWhichProfilesHaveIt() {
        try (IamClient iam = SANDBOX.iam()) {
            assertThat(
                            iam.listAttachedRolePolicies(r -> r.roleName("yagura-quarantine"))
                                    .attachedPolicies())
                    .singleElement()
                    .satisfies(policy ->
                            assertThat(policy.policyArn())
                                    .isEqualTo(
                                            "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"));
            assertThat(
                            iam.listInstanceProfilesForRole(r -> r.roleName("yagura-quarantine"))
                                    .instanceProfiles())
                    .extracting(profile -> profile.arn())
                    .containsExactly(QUARANTINE);
            refused(
                    () -> iam.listInstanceProfilesForRole(r -> r.roleName("nobody")),
                    404,
                    "NoSuchEntity");
        }
    }

    @Test
    void deniesSessionsOfOneInstanceThatWereIssuedBefore() {
        CredentialsView stolen = SANDBOX.control().takeCredentials("app-1");
        CredentialsView ofAnother = SANDBOX.control().takeCredentials("db-1");
        assertThat(stolen.roleName()).isEqualTo("app-instance");
        assertThat(mayReadTags(stolen)).isTrue();
        Instant limit =
                Instant.now().plus(AHEAD.get()).truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
        try (IamClient iam = SANDBOX.iam()) {
            put(
                    iam,
                    "app-instance",
                    "ours",
                    deny(
                            "*",
                            "\"DateLessThan\":{\"aws:TokenIssueTime\":\"%s\"},".formatted(limit)
                                    + "\"ArnEquals\":{\"ec2:SourceInstanceARN\":"
                                    + "\"arn:aws:ec2:ap-northeast-1:111122223333:instance/%s\"}"
                                            .formatted(Seeded.APP)));

            assertThat(mayReadTags(stolen)).isFalse();
            assertThat(mayReadTags(ofAnother)).as("another instance's session").isTrue();
            AHEAD.set(Duration.ofSeconds(2));
            assertThat(mayReadTags(SANDBOX.control().takeCredentials("app-1")))
                    .as("one that was issued later")
                    .isTrue();

            iam.deleteRolePolicy(r -> r.roleName("app-instance").policyName("ours"));
            assertThat(mayReadTags(stolen)).as("still young enough").isTrue();
        } finally {
            AHEAD.set(Duration.ZERO);
        }
    }

    @Test
    void givesNoCredentialsWithoutAProfile() {
        String id = association(Seeded.WEB).associationId();
        SANDBOX.ec2().disassociateIamInstanceProfile(r -> r.associationId(id));
        SANDBOX.control().advance(Duration.ofSeconds(1));
        assertThatThrownBy(() -> SANDBOX.control().takeCredentials("web-1"))
                .hasMessageContaining("404");
    }

    /** The role's own policies allow more than who-am-I, which AWS lets everybody ask. */
    private static boolean mayReadTags(CredentialsView keys) {
        AwsSessionCredentials session =
                AwsSessionCredentials.create(
                        keys.accessKeyId(), keys.secretAccessKey(), keys.sessionToken());
        try (StsClient sts = SANDBOX.sts(session)) {
            assertThat(sts.getCallerIdentity().arn()).contains(keys.roleName());
        }
        try (Ec2Client ec2 = SANDBOX.ec2(session)) {
            ec2.describeTags();
            return true;
        } catch (Ec2Exception e) {
            assertThat(e.awsErrorDetails().errorCode()).isEqualTo("UnauthorizedOperation");
            return false;
        }
    }

    private static void put(IamClient iam, String role, String name, String document) {
        iam.putRolePolicy(r -> r.roleName(role).policyName(name).policyDocument(document));
    }

    private static String deny(String action, String conditions) {
        return "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Deny\",\"Action\":\"%s\",\"Resource\":\"*\",\"Condition\":{%s}}]}"
                .formatted(action, conditions);
    }

    private static IamInstanceProfileAssociation replace(String associationId, String profile) {
        return SANDBOX.ec2()
                .replaceIamInstanceProfileAssociation(r ->
                        r.associationId(associationId).iamInstanceProfile(p -> p.name(profile)))
                .iamInstanceProfileAssociation();
    }

    private static IamInstanceProfileAssociation association(String instanceId) {
        return associations(instanceId).getFirst();
    }

    private static List<String> states(String instanceId) {
        return associations(instanceId).stream()
                .map(IamInstanceProfileAssociation::stateAsString)
                .toList();
    }

    private static List<IamInstanceProfileAssociation> associations(String instanceId) {
        return SANDBOX.ec2()
                .describeIamInstanceProfileAssociations(
                        r -> r.filters(f -> f.name("instance-id").values(instanceId)))
                .iamInstanceProfileAssociations();
    }
}
