package dev.yagura.sandbox;

import static dev.yagura.sandbox.AwsErrors.refused;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.securityhub.SecurityHubClient;
import software.amazon.awssdk.services.securityhub.model.AwsSecurityFinding;
import software.amazon.awssdk.services.securityhub.model.BatchImportFindingsResponse;

/** Security Hub: what is imported, what is dropped, what is refused. */
class SecurityHubTest {
    private static final String OLD = "2026-03-27T02:34:07Z";
    private static final String NEW = "2026-03-27T02:35:00.250Z";

    @RegisterExtension static final SandboxExtension SANDBOX = new SandboxExtension();

    private static SecurityHubClient hub;
    private static SecurityHubClient viewer;

    @BeforeAll
    static void open() {
        Region region = Region.of(Seeded.REGION);
        hub = SANDBOX.client(SecurityHubClient.builder(), SandboxExtension.OPERATOR, region);
        viewer = SANDBOX.client(SecurityHubClient.builder(), SandboxExtension.VIEWER, region);
    }

    @AfterAll
    static void close() {
        hub.close();
        viewer.close();
    }

    @Test
    void anImportThatIsNotNewerIsTakenForASuccessAndDropped() {
        assertThat(put(f -> f.id("a").updatedAt(OLD)).successCount()).isEqualTo(1);
        SANDBOX.control().workOnFindings("NOTIFIED");
        put(f -> f.id("a").title("stale").updatedAt(OLD));
        assertThat(find("a").title()).isEqualTo("A miner");
        assertThat(find("a").severity().labelAsString()).isEqualTo("HIGH");

        put(f -> f.id("a").title("newer").updatedAt("2027-01-01T00:00:00Z"));

        assertThat(find("a").title()).isEqualTo("newer");
        assertThat(find("a").workflow().statusAsString()).isEqualTo("NOTIFIED");
    }

    @Test
    void anImportBeyondTheLimitsOfTheFormatFails() {
        problem(f -> f.title("t".repeat(257)), "Title");
        problem(f -> f.description(""), "Description");
        problem(f -> f.updatedAt("yesterday"), "UpdatedAt");
        problem(f -> f.awsAccountId("444455556666"), "AwsAccountId");
        problem(f -> f.findingProviderFields(p -> p.severity(s -> s.label("HUGE"))), "Label");
        problem(f -> f.resources(Collections.emptyList()), "Resources");
        refused(() -> put(f -> f.workflow(w -> w.status("NEW"))), "InvalidParameterValueException");
        refused(
                () ->
                        hub.batchImportFindings(
                                r -> r.findings(Collections.nCopies(101, finding(f -> f.id("b"))))),
                "InvalidInputException");
    }

    @Test
    void refusesWithoutPermissionOrSubscription() {
        refused(
                () -> viewer.batchImportFindings(r -> r.findings(finding(f -> f.id("c")))),
                403,
                "AccessDeniedException");
        SANDBOX.control().enableSecurityHub(false);
        refused(() -> hub.describeHub(r -> {}), 401, "InvalidAccessException");
        refused(() -> put(f -> f.id("c")), 401, "InvalidAccessException");
    }

    private static void problem(Consumer<AwsSecurityFinding.Builder> change, String word) {
        var failed = put(f -> change.accept(f.id("bad"))).failedFindings();
        assertThat(failed).hasSize(1);
        assertThat(failed.getFirst().errorMessage()).contains(word);
    }

    private static BatchImportFindingsResponse put(Consumer<AwsSecurityFinding.Builder> change) {
        return hub.batchImportFindings(r -> r.findings(finding(change)));
    }

    private static AwsSecurityFinding finding(Consumer<AwsSecurityFinding.Builder> change) {
        AwsSecurityFinding.Builder finding =
                AwsSecurityFinding.builder()
                        .schemaVersion("2018-10-08")
                        .productArn(
                                "arn:aws:securityhub:%s:111122223333:product/111122223333/default"
                                        .formatted(Seeded.REGION))
                        .awsAccountId("111122223333")
                        .generatorId("yagura/incident")
                        .title("A miner")
                        .description("On web-1")
                        .createdAt(OLD)
                        .updatedAt(NEW)
                        .recordState("ACTIVE")
                        .findingProviderFields(
                                p -> p.severity(s -> s.label("HIGH")).types("TTPs/Execution"))
                        .resources(r -> r.type("Other").id("web-1"));
        change.accept(finding);
        return finding.build();
    }

    private static AwsSecurityFinding find(String id) {
        return hub.getFindings(
                        r -> r.filters(f -> f.id(each -> each.value(id).comparison("EQUALS"))))
                .findings()
                .getFirst();
    }
}
