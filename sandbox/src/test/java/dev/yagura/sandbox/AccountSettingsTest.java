package dev.yagura.sandbox;

import static dev.yagura.sandbox.AwsErrors.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.sandbox.identity.AccountSettings;
import dev.yagura.sandbox.identity.PasswordRules;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.endpoints.Endpoint;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.s3control.S3ControlClient;

/** What is set for an account as a whole: IAM's summary, policy and report, S3's block. */
class AccountSettingsTest {
    @RegisterExtension static final SandboxExtension SANDBOX = new SandboxExtension();

    private final IamClient iam = SANDBOX.iam();

    @Test
    void summaryAndPolicyAreWhatIsSet() {
        assertThat(iam.getAccountSummary().summaryMapAsStrings())
                .containsEntry("Users", 5)
                .containsEntry("AccountMFAEnabled", 1)
                .containsEntry("AccountAccessKeysPresent", 0);
        SANDBOX.control().identity().root(new AccountSettings.Root(true, false, true));
        assertThat(iam.getAccountSummary().summaryMapAsStrings())
                .containsEntry("AccountMFAEnabled", 0)
                .containsEntry("AccountAccessKeysPresent", 1);
        assertThat(iam.getAccountPasswordPolicy().passwordPolicy().minimumPasswordLength())
                .isEqualTo(14);
        SANDBOX.control().identity().settings(null, null);
        refused(iam::getAccountPasswordPolicy, 404, "NoSuchEntity");
        SANDBOX.control().identity().settings(new PasswordRules(8, 0), null);
        assertThat(iam.getAccountPasswordPolicy().passwordPolicy().passwordReusePrevention())
                .isNull();
        refused(SANDBOX.iam(SandboxExtension.VIEWER)::getAccountSummary, 403, "AccessDenied");
    }

    @Test
    void reportIsMadeInItsTimeAndGoodForFourHours() {
        refused(iam::getCredentialReport, 410, "ReportNotPresent");
        assertThat(iam.generateCredentialReport().stateAsString()).isEqualTo("STARTED");
        assertThat(iam.generateCredentialReport().stateAsString()).isEqualTo("INPROGRESS");
        refused(iam::getCredentialReport, 404, "ReportInProgress");
        SANDBOX.control().advance(Duration.ofSeconds(2));
        assertThat(iam.generateCredentialReport().stateAsString()).isEqualTo("COMPLETE");
        SANDBOX.control().identity().user("operator", true, false);
        String report = iam.getCredentialReport().content().asUtf8String();
        assertThat(report.lines())
                .hasSize(7)
                .anyMatch(line -> line.startsWith("<root_account>,arn:aws:iam::111122223333:root,"))
                .anyMatch(line ->
                        line.matches("operator,.*,true,no_information,.*,N/A,true,true,.*"));

        SANDBOX.control().advance(Duration.ofHours(5));
        refused(iam::getCredentialReport, 410, "ReportExpired");
        assertThat(iam.generateCredentialReport().stateAsString()).isEqualTo("STARTED");
        SANDBOX.control().advance(Duration.ofSeconds(2));
        assertThat(iam.getCredentialReport().content().asUtf8String().lines())
                .anyMatch(line ->
                        line.matches("operator,.*,true,no_information,.*,N/A,false,true,.*"));
    }

    @Test
    void publicAccessBlockIsToldToTheAccountItself() {
        try (S3ControlClient s3 = control(SandboxExtension.OPERATOR);
                S3ControlClient viewer = control(SandboxExtension.VIEWER)) {
            refused(
                    () -> s3.getPublicAccessBlock(request -> request.accountId(Seeded.ACCOUNT)),
                    404,
                    "NoSuchPublicAccessBlockConfiguration");
            SANDBOX.control().identity().settings(null, true);
            assertThat(
                            s3.getPublicAccessBlock(request -> request.accountId(Seeded.ACCOUNT))
                                    .publicAccessBlockConfiguration()
                                    .restrictPublicBuckets())
                    .isTrue();
            refused(
                    () -> s3.getPublicAccessBlock(request -> request.accountId("999999999999")),
                    403,
                    "AccessDenied");
            refused(
                    () -> viewer.getPublicAccessBlock(request -> request.accountId(Seeded.ACCOUNT)),
                    403,
                    "AccessDenied");
            refused(
                    () -> s3.deletePublicAccessBlock(request -> request.accountId(Seeded.ACCOUNT)),
                    501,
                    "NotImplemented");
        }
    }

    private static S3ControlClient control(AwsCredentials credentials) {
        return SANDBOX.client(
                S3ControlClient.builder()
                        .endpointProvider(params ->
                                CompletableFuture.completedFuture(
                                        Endpoint.builder().url(SANDBOX.endpoint()).build())),
                credentials,
                Region.of(Seeded.REGION));
    }
}
