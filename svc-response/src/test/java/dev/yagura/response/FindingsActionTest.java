package dev.yagura.response;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.proto.detection.v1.Incident;
import dev.yagura.proto.detection.v1.IncidentState;
import dev.yagura.proto.detection.v1.Severity;
import dev.yagura.proto.detection.v1.TacticEvidence;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.CreateActionRequest;
import io.grpc.StatusRuntimeException;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.securityhub.SecurityHubClient;
import software.amazon.awssdk.services.securityhub.model.AwsSecurityFinding;

/** import_findings through the public contract, with the product's role. */
class FindingsActionTest {
    private static final String FIND = "securityhub:GetFindings";
    private static final String IMPORT = "securityhub:BatchImportFindings";
    private static final String INSTANCE =
            "arn:aws:ec2:ap-northeast-1:111122223333:instance/" + TestService.WEB;

    @RegisterExtension
    static final TestService SERVICE =
            TestService.with(
                    Map.of(
                            "yagura.response.findings.patience",
                            "PT0.5S",
                            "yagura.response.findings.poll",
                            "PT0.05S",
                            "yagura.response.action.poll",
                            "PT0.05S"));

    private static final TestResponder RESPONDER = TestResponder.of(SERVICE);

    private static SecurityHubClient hub;

    @BeforeAll
    static void open() {
        hub =
                SERVICE.client(
                        SecurityHubClient.builder(),
                        Region.of(TestService.TOKYO.getRegion()),
                        TestService.OPERATOR);
    }

    @AfterAll
    static void close() {
        hub.close();
    }

    @Test
    void aPlanTellsTheFindingAndImportsNothing() {
        Incident incident = published(TestIncidents.onWeb());
        long before = SERVICE.lastCall();

        Action planned = RESPONDER.plan(request(incident));

        assertThat(planned.getPlan().getCallsList())
                .singleElement()
                .satisfies(call -> {
                    assertThat(call.getOperation()).isEqualTo(IMPORT);
                    assertThat(call.getBefore()).isEqualTo("no finding");
                    assertThat(call.getParametersMap())
                            .containsEntry("Id", "yagura/" + incident.getName())
                            .containsEntry("Severity.Label", "HIGH")
                            .containsEntry(
                                    "Types", "TTPs/Credential Access, TTPs/Command and Control")
                            .containsEntry("Resources.Id", INSTANCE)
                            .containsEntry("RecordState", "ACTIVE");
                });
        assertThat(planned.getPlan().getUndoCalls(0).getAfter()).isEqualTo("ARCHIVED");
        assertThat(String.join("\n", planned.getPlan().getResidualRisksList()))
                .contains("import it again");
        assertThat(SERVICE.calls(before, IMPORT)).isZero();
    }

    @Test
    void importsUpdatesAndArchivesOneFinding() throws Exception {
        Incident incident = published(TestIncidents.onWeb());
        long before = SERVICE.lastCall();

        Action first = succeeded(RESPONDER.apply(request(incident)));

        AwsSecurityFinding finding = finding(incident);
        assertThat(finding.title()).isEqualTo(incident.getTitle());
        assertThat(finding.severity().labelAsString()).isEqualTo("HIGH");
        assertThat(finding.resources().getFirst().type()).isEqualTo("AwsEc2Instance");
        assertThat(finding.firstObservedAt()).isEqualTo("2026-03-27T02:34:07.123Z");
        assertThat(finding.productFields()).containsEntry("yagura/techniques", "T1552.005");
        assertThat(first.getVerifications(0).getDetail()).contains("as ACTIVE");
        PolicyFile.assertFits(SERVICE, "import_findings", before);

        SERVICE.sandbox().workOnFindings("NOTIFIED");
        published(
                incident.toBuilder()
                        .setTitle("Credential theft and exfiltration")
                        .setSeverity(Severity.SEVERITY_CRITICAL)
                        .addTactics(TacticEvidence.newBuilder().setTactic("exfiltration"))
                        .setState(IncidentState.INCIDENT_STATE_CLOSED));
        Action second = succeeded(RESPONDER.apply(request(incident)));

        finding = finding(incident);
        assertThat(second.getFindingsState().getFormerRecordState()).isEqualTo("ACTIVE");
        assertThat(finding.title()).isEqualTo("Credential theft and exfiltration");
        assertThat(finding.types()).contains("Effects/Data Exfiltration");
        assertThat(finding.recordStateAsString()).isEqualTo("ARCHIVED");
        assertThat(finding.workflow().statusAsString()).isEqualTo("NOTIFIED");
    }

    @Test
    void undoArchivesWhatIsThereAndTellsWhatOthersChanged() {
        Incident incident = published(TestIncidents.onWeb());
        Action first = succeeded(RESPONDER.apply(request(incident)));
        published(incident.toBuilder().setTitle("Credential theft, contained"));
        Action second = succeeded(RESPONDER.apply(request(incident)));

        Action undone = RESPONDER.undo(first);

        assertThat(undone.getState())
                .as(undone.getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_UNDONE);
        assertThat(undone.getDriftList())
                .singleElement()
                .satisfies(drift -> assertThat(drift).contains("another title"));
        AwsSecurityFinding archived = finding(incident);
        assertThat(archived.recordStateAsString()).isEqualTo("ARCHIVED");
        assertThat(archived.title()).isEqualTo("Credential theft, contained");

        long before = SERVICE.lastCall();
        assertThat(RESPONDER.undo(second).getDriftList())
                .containsExactly("the finding was ARCHIVED already");
        assertThat(SERVICE.calls(before, IMPORT)).isZero();
    }

    @Test
    void waitsUntilSecurityHubShowsIt() {
        Incident incident = published(TestIncidents.onWeb());
        RESPONDER.plan(request(incident));
        SERVICE.sandbox().answerStale(FIND, 4);

        Action action = succeeded(RESPONDER.apply(request(incident)));

        assertThat(action.getCallsCount()).isEqualTo(1);
    }

    /** Reads that lag hide a finding with a newer UpdatedAt: the first import is dropped. */
    @Test
    void importsAgainWhenSecurityHubDroppedIt() {
        Incident incident = published(TestIncidents.onWeb());
        Action applied = succeeded(RESPONDER.apply(request(incident)));
        AwsSecurityFinding newer =
                AwsSecurityFinding.builder()
                        .schemaVersion("2018-10-08")
                        .id(applied.getFindingsState().getFinding().getId())
                        .productArn(applied.getFindingsState().getFinding().getProductArn())
                        .awsAccountId(TestService.TOKYO.getAccountId())
                        .generatorId("somebody")
                        .title("somebody's")
                        .description("somebody's")
                        .createdAt("2026-01-01T00:00:00Z")
                        .updatedAt("2100-01-01T00:00:00Z")
                        .recordState("ACTIVE")
                        .findingProviderFields(f -> f.severity(s -> s.label("LOW")).types("TTPs"))
                        .resources(r -> r.type("Other").id("x"))
                        .build();
        published(incident.toBuilder().setTitle("Credential theft, again"));
        hub.batchImportFindings(r -> r.findings(newer));
        SERVICE.sandbox().answerStale(FIND, 3);

        Action again = succeeded(RESPONDER.apply(request(incident)));

        assertThat(again.getCallsCount()).isEqualTo(2);
        assertThat(finding(incident).title()).isEqualTo("Credential theft, again");
        assertThat(finding(incident).updatedAt()).isEqualTo("2100-01-01T00:00:00.001Z");
    }

    @Test
    void saysWhenItWasTakenButIsNotShown() {
        Incident incident = published(TestIncidents.onWeb());
        RESPONDER.plan(request(incident));
        SERVICE.sandbox().answerStale(FIND, 100);

        Action action = RESPONDER.apply(request(incident));
        SERVICE.sandbox().clearFaults();

        assertThat(action.getState()).isEqualTo(ActionState.ACTION_STATE_FAILED);
        assertThat(action.getStateReason())
                .contains("applied but not verified", "shows no such finding", "undo archives it");
        assertThat(action.getVerifications(0).getPassed()).isFalse();
        assertThat(action.getCallsCount()).isEqualTo(1);
        assertThat(RESPONDER.undo(action).getState()).isEqualTo(ActionState.ACTION_STATE_UNDONE);
        assertThat(finding(incident).recordStateAsString()).isEqualTo("ARCHIVED");
    }

    @Test
    void cutsWhatIsTooLongAndTellsWhatIsNotTaken() {
        Incident longer =
                published(
                        TestIncidents.onWeb()
                                .setTitle("\uD83D\uDC1E".repeat(200))
                                .clearTactics()
                                .setAsset(
                                        TestIncidents.onWeb().getAsset().toBuilder()
                                                .clearInstanceId()));
        succeeded(RESPONDER.apply(request(longer)));
        assertThat(finding(longer).title()).hasSize(256);
        assertThat(finding(longer).resources().getFirst().type()).isEqualTo("Other");

        Incident odd =
                published(
                        TestIncidents.onWeb()
                                .addTactics(TacticEvidence.newBuilder().setTactic("a/b/c")));
        Action failed = RESPONDER.apply(request(odd));
        assertThat(failed.getState()).isEqualTo(ActionState.ACTION_STATE_FAILED);
        assertThat(failed.getStateReason())
                .contains("did not take the finding: InvalidInput: Types must be");
    }

    @Test
    void refusesWhatCannotBeAFinding() {
        Incident merged = published(TestIncidents.onWeb().setMergedInto("incidents/other"));
        refused(request(merged), "it was merged into incidents/other; import that one");
        Incident elsewhere =
                published(
                        TestIncidents.onWeb()
                                .setTitle("secret")
                                .setAsset(
                                        TestIncidents.onWeb().getAsset().toBuilder()
                                                .setScope(
                                                        TestService.TOKYO.toBuilder()
                                                                .setAccountId("444455556666"))));
        refused(request(elsewhere), "its host is in another one");
        assertThat(RESPONDER.plan(request(elsewhere)).getPlan().toString())
                .doesNotContain("secret");
        refused(request(TestIncidents.onWeb().build()), "incident");
        refused(
                TestResponder.request(
                        ActionKind.ACTION_KIND_IMPORT_FINDINGS, TestIncidents.findings()),
                "send the incident that becomes a finding");
        refused(
                TestResponder.request(
                                ActionKind.ACTION_KIND_IMPORT_FINDINGS,
                                ActionTarget.newBuilder().setScope(TestService.TOKYO).build())
                        .setIncident(merged.getName()),
                "target.findings");
    }

    @Test
    void needsSecurityHubAndItsPermissions() {
        Incident incident = published(TestIncidents.onWeb());
        SERVICE.sandbox().fail(IMPORT, "AccessDeniedException", 403);
        Action denied = RESPONDER.apply(request(incident));
        assertThat(denied.getStateReason()).contains("deploy/policies/import_findings.json");

        Action applied = succeeded(RESPONDER.apply(request(incident)));
        SERVICE.sandbox().enableSecurityHub(false);
        try {
            refused(
                    request(incident),
                    "not enabled in account 111122223333, region ap-northeast-1; enable it");
            assertThat(RESPONDER.undo(applied).getStateReason())
                    .contains("Security Hub is not enabled");
        } finally {
            SERVICE.sandbox().enableSecurityHub(true);
        }
    }

    private static Incident published(Incident.Builder incident) {
        SERVICE.publish(incident.build());
        return incident.build();
    }

    private static CreateActionRequest.Builder request(Incident incident) {
        return TestResponder.request(
                        ActionKind.ACTION_KIND_IMPORT_FINDINGS, TestIncidents.findings())
                .setIncident(incident.getName());
    }

    /** The only one of the incident. */
    private static AwsSecurityFinding finding(Incident incident) {
        var found =
                hub.getFindings(request ->
                                request.filters(f ->
                                        f.id(id ->
                                                id.value("yagura/" + incident.getName())
                                                        .comparison("EQUALS"))))
                        .findings();
        assertThat(found).hasSize(1);
        return found.getFirst();
    }

    private static Action succeeded(Action action) {
        assertThat(action.getState())
                .as(action.getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_SUCCEEDED);
        return action;
    }

    private static void refused(CreateActionRequest.Builder request, String text) {
        assertThatThrownBy(() -> RESPONDER.create(request))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining(text);
    }
}
