package dev.yagura.sandbox;

import static dev.yagura.sandbox.AwsErrors.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.sandbox.control.CredentialsView;
import dev.yagura.testkit.ShiftedClock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.EvaluationResult;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.Credentials;

class IdentityTest {
    private static final String ROLE = "arn:aws:iam::111122223333:role/YaguraResponse";

    @RegisterExtension static final SandboxExtension SANDBOX = new SandboxExtension();

    @Test
    void knowsOfARoleInAnotherAccountOnlyThatItCanBeAssumed() {
        try (StsClient sts = SANDBOX.sts(taken("app-1"));
                IamClient iam = SANDBOX.iam()) {
            assertThat(
                            sts.assumeRole(r ->
                                            r.roleArn(
                                                            "arn:aws:iam::444455556666:role/partner-exchange")
                                                    .roleSessionName("abroad"))
                                    .assumedRoleUser()
                                    .arn())
                    .startsWith("arn:aws:sts::444455556666:assumed-role/");
            refused(() -> iam.getRole(r -> r.roleName("partner-exchange")), 404, "NoSuchEntity");
        }
    }

    @Test
    void sessionsOfADeletedRoleAreNobodys() {
        AwsSessionCredentials keys = taken("web-1");
        SANDBOX.control().deleteRole("web-instance");
        try (StsClient sts = SANDBOX.sts(keys);
                IamClient iam = SANDBOX.iam()) {
            refused(sts::getCallerIdentity, 403, "InvalidClientTokenId");
            refused(() -> iam.getRole(r -> r.roleName("web-instance")), 404, "NoSuchEntity");
        }
    }

    private static AwsSessionCredentials taken(String instance) {
        CredentialsView keys = SANDBOX.control().takeCredentials(instance);
        return AwsSessionCredentials.create(
                keys.accessKeyId(), keys.secretAccessKey(), keys.sessionToken());
    }

    @Test
    void tellsWhoCalls() {
        try (StsClient sts = SANDBOX.sts(SandboxExtension.YAGURA)) {
            assertThat(sts.getCallerIdentity().arn())
                    .isEqualTo("arn:aws:iam::111122223333:user/yagura");
            assertThat(sts.getCallerIdentity().account()).isEqualTo(Seeded.ACCOUNT);
        }
    }

    @Test
    void aRoleSessionMayDoWhatTheRoleMay() {
        AwsSessionCredentials session = assume(SANDBOX);
        try (Ec2Client ec2 = SANDBOX.ec2(session);
                StsClient sts = SANDBOX.sts(session)) {
            assertThat(sts.getCallerIdentity().arn())
                    .isEqualTo("arn:aws:sts::111122223333:assumed-role/YaguraResponse/isolate");
            assertThat(ec2.describeInstances().reservations()).hasSize(3);
            refused(
                    () -> ec2.associateIamInstanceProfile(r -> r.instanceId(Seeded.WEB)),
                    403,
                    "UnauthorizedOperation");
        }
    }

    @Test
    void stsAnswersInEveryRegion() {
        try (StsClient sts =
                SANDBOX.client(StsClient.builder(), SandboxExtension.OPERATOR, Region.US_EAST_1)) {
            assertThat(sts.getCallerIdentity().arn()).endsWith(":user/operator");
        }
    }

    @Test
    void assumesARoleOnlyWithItsExternalIdAndTrust() {
        try (StsClient yagura = SANDBOX.sts(SandboxExtension.YAGURA);
                StsClient operator = SANDBOX.sts(SandboxExtension.OPERATOR)) {
            refused(
                    () -> yagura.assumeRole(r -> r.roleArn(ROLE).roleSessionName("isolate")),
                    403,
                    "AccessDenied");
            refused(
                    () ->
                            yagura.assumeRole(r ->
                                    r.roleArn(ROLE).roleSessionName("isolate").externalId("guess")),
                    403,
                    "AccessDenied");
            refused(
                    () ->
                            operator.assumeRole(r ->
                                    r.roleArn(ROLE)
                                            .roleSessionName("isolate")
                                            .externalId("yagura-sandbox")),
                    403,
                    "AccessDenied");
            refused(
                    () ->
                            yagura.assumeRole(r ->
                                    r.roleArn(ROLE)
                                            .roleSessionName("not a name")
                                            .externalId("yagura-sandbox")),
                    "ValidationError");
        }
    }

    @Test
    void believesNoForgedRequest() {
        var wrongSecret =
                AwsBasicCredentials.create(SandboxExtension.OPERATOR.accessKeyId(), "guess");
        var unknownKey = AwsBasicCredentials.create("AKIASANDBOXNOBODY001", "guess");
        AwsSessionCredentials session = assume(SANDBOX);
        var wrongToken =
                AwsSessionCredentials.create(
                        session.accessKeyId(), session.secretAccessKey(), "guess");

        try (Ec2Client ec2 = SANDBOX.ec2(wrongSecret);
                StsClient sts = SANDBOX.sts(wrongSecret);
                SsmClient ssm = SANDBOX.ssm(wrongSecret)) {
            refused(ec2::describeInstances, 401, "AuthFailure");
            refused(sts::getCallerIdentity, 403, "SignatureDoesNotMatch");
            refused(ssm::describeInstanceInformation, "InvalidSignatureException");
        }
        try (StsClient sts = SANDBOX.sts(unknownKey);
                SsmClient ssm = SANDBOX.ssm(unknownKey)) {
            refused(sts::getCallerIdentity, 403, "InvalidClientTokenId");
            refused(ssm::describeInstanceInformation, "UnrecognizedClientException");
        }
        try (StsClient sts = SANDBOX.sts(wrongToken)) {
            refused(sts::getCallerIdentity, 403, "InvalidClientTokenId");
        }
    }

    @Test
    void refusesAnotherRegion() {
        try (Ec2Client ec2 = SANDBOX.ec2In(Region.EU_WEST_1)) {
            refused(ec2::describeInstances, 401, "AuthFailure");
        }
    }

    @Test
    void refusesWhatNoPolicyAllows() {
        try (SsmClient ssm = SANDBOX.ssm(SandboxExtension.VIEWER)) {
            assertThat(ssm.describeInstanceInformation().instanceInformationList()).hasSize(3);
            refused(
                    () ->
                            ssm.sendCommand(r ->
                                    r.documentName("AWS-RunShellScript").instanceIds(Seeded.WEB)),
                    "AccessDeniedException");
        }
    }

    @Test
    void sessionsAndSignaturesAgeByTheWallClock() {
        AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
        try (SandboxExtension sandbox =
                new SandboxExtension(SandboxOptions.anyPort(), new ShiftedClock(ahead))) {
            AwsSessionCredentials session = assume(sandbox);
            try (StsClient sts = sandbox.sts(session);
                    Ec2Client ec2 = sandbox.ec2(session)) {
                sandbox.control().advance(Duration.ofDays(5));
                assertThat(sts.getCallerIdentity().account()).isEqualTo(Seeded.ACCOUNT);

                ahead.set(Duration.ofMinutes(16));
                refused(ec2::describeInstances, "RequestExpired");
                refused(sts::getCallerIdentity, 403, "SignatureDoesNotMatch");
            }
        }
    }

    @Test
    void showsRolesAndWhatTheyMayDo() {
        try (IamClient iam = SANDBOX.iam()) {
            assertThat(
                            iam.getInstanceProfile(r -> r.instanceProfileName("web-instance"))
                                    .instanceProfile()
                                    .roles())
                    .singleElement()
                    .satisfies(role -> assertThat(role.roleName()).isEqualTo("web-instance"));
            assertThat(
                            iam.getRole(r -> r.roleName("YaguraResponse"))
                                    .role()
                                    .assumeRolePolicyDocument())
                    .contains("yagura-sandbox");
            assertThat(
                            iam.simulatePrincipalPolicy(r ->
                                            r.policySourceArn(ROLE)
                                                    .actionNames(
                                                            "ec2:CreateTags", "ec2:RunInstances"))
                                    .evaluationResults())
                    .extracting(EvaluationResult::evalDecisionAsString)
                    .containsExactly("allowed", "implicitDeny");
            refused(() -> iam.getRole(r -> r.roleName("nobody")), 404, "NoSuchEntity");
        }
    }

    private static AwsSessionCredentials assume(SandboxExtension sandbox) {
        try (StsClient sts = sandbox.sts(SandboxExtension.YAGURA)) {
            Credentials keys =
                    sts.assumeRole(r ->
                                    r.roleArn(ROLE)
                                            .roleSessionName("isolate")
                                            .externalId("yagura-sandbox"))
                            .credentials();
            return AwsSessionCredentials.create(
                    keys.accessKeyId(), keys.secretAccessKey(), keys.sessionToken());
        }
    }
}
