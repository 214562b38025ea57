package dev.yagura.detection;

import static dev.yagura.detection.TestCaller.as;
import static dev.yagura.detection.TestCaller.code;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.common.config.Settings;
import dev.yagura.proto.detection.v1.Alert;
import dev.yagura.proto.detection.v1.AlertFilter;
import dev.yagura.proto.detection.v1.AlertServiceGrpc;
import dev.yagura.proto.detection.v1.Canary;
import dev.yagura.proto.detection.v1.CoverageServiceGrpc;
import dev.yagura.proto.detection.v1.CreateRuleRequest;
import dev.yagura.proto.detection.v1.DeploymentState;
import dev.yagura.proto.detection.v1.GetAlertRequest;
import dev.yagura.proto.detection.v1.GetAttackCoverageRequest;
import dev.yagura.proto.detection.v1.GetIncidentRequest;
import dev.yagura.proto.detection.v1.GetRuleRequest;
import dev.yagura.proto.detection.v1.Incident;
import dev.yagura.proto.detection.v1.IncidentServiceGrpc;
import dev.yagura.proto.detection.v1.IncidentState;
import dev.yagura.proto.detection.v1.ListAlertsRequest;
import dev.yagura.proto.detection.v1.ListAlertsResponse;
import dev.yagura.proto.detection.v1.ListCanariesRequest;
import dev.yagura.proto.detection.v1.ListIncidentsRequest;
import dev.yagura.proto.detection.v1.Rule;
import dev.yagura.proto.detection.v1.RuleServiceGrpc;
import dev.yagura.proto.detection.v1.Severity;
import dev.yagura.proto.detection.v1.UpdateIncidentRequest;
import dev.yagura.proto.detection.v1.VerdictKind;
import dev.yagura.proto.detection.v1.VerifyRuleRequest;
import dev.yagura.proto.detection.v1.WatchAlertsRequest;
import dev.yagura.proto.detection.v1.WatchAlertsResponse;
import dev.yagura.proto.telemetry.v1.Device;
import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.proto.type.v1.Role;
import dev.yagura.testkit.ConfigurationPage;
import dev.yagura.testkit.PostgresFixture;
import io.grpc.Status;
import jakarta.enterprise.inject.spi.CDI;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The whole service between a log and its clients; inventory is away all the time. */
class DetectionServiceTest {
    private static final Device HOST = TestEvents.host("i-0000000000000001");

    @RegisterExtension static final PostgresFixture POSTGRES = PostgresFixture.of("detection");
    @TempDir static Path folder;

    private static RunningDetection detection;

    @BeforeAll
    static void startService() throws Exception {
        detection = new RunningDetection(folder, POSTGRES, Map.of());
        detection.ingest().append(HOST, TestEvents.scenario().all());
    }

    @AfterAll
    static void stopService() {
        detection.close();
    }

    @Test
    void recordedAttackIsOneCriticalIncident() {
        Incident incident = attack();
        assertThat(incident.getSeverity()).isEqualTo(Severity.SEVERITY_CRITICAL);
        assertThat(incident.getRootCause().getLabel()).startsWith("python3.11 (756)");
        assertThat(incident.getTacticsList())
                .extracting(tactic -> tactic.getTactic())
                .containsExactly(
                        "execution", "persistence", "credential-access", "command-and-control");
        assertThat(incident.getMembersList())
                .extracting(member -> member.getReason())
                .anyMatch(
                        reason -> reason.contains("runs /var/tmp/.sysupd, written by dash (898)"));
        assertThat(incident.getReach().getAddressesList())
                .extracting(address -> address.getId())
                .contains("203.0.113.66");
        assertThat(incident.getAsset().getKnown()).isFalse();
    }

    @Test
    void listsAlertsInPagesAndByTechnique() {
        Incident incident = attack();
        AlertFilter filter =
                AlertFilter.newBuilder()
                        .setIncident(incident.getName())
                        .setTechnique("T1059")
                        .build();
        ListAlertsResponse first =
                alerts("")
                        .listAlerts(
                                ListAlertsRequest.newBuilder()
                                        .setPageSize(2)
                                        .setFilter(filter)
                                        .build());
        ListAlertsResponse second =
                alerts("")
                        .listAlerts(
                                ListAlertsRequest.newBuilder()
                                        .setPageSize(100)
                                        .setPageToken(first.getNextPageToken())
                                        .setFilter(filter)
                                        .build());
        assertThat(first.getAlertsList()).hasSize(2);
        assertThat(second.getAlertsList())
                .isNotEmpty()
                .doesNotContainAnyElementsOf(first.getAlertsList())
                .allMatch(alert -> alert.getRule().getTechniquesList().contains("T1059.004"));
        assertThatThrownBy(() ->
                        alerts("")
                                .listAlerts(
                                        ListAlertsRequest.newBuilder()
                                                .setPageToken(first.getNextPageToken())
                                                .build()))
                .satisfies(
                        error -> assertThat(code(error)).isEqualTo(Status.Code.INVALID_ARGUMENT));
    }

    @Test
    void callerOfAnotherAccountSeesNothing() {
        Incident incident = attack();
        assertThat(
                        alerts("999999999999")
                                .listAlerts(ListAlertsRequest.getDefaultInstance())
                                .getAlertsList())
                .isEmpty();
        assertThatThrownBy(() ->
                        incidents("999999999999")
                                .getIncident(
                                        GetIncidentRequest.newBuilder()
                                                .setName(incident.getName())
                                                .build()))
                .satisfies(error -> assertThat(code(error)).isEqualTo(Status.Code.NOT_FOUND));
        assertThatThrownBy(() ->
                        alerts("999999999999")
                                .getAlert(
                                        GetAlertRequest.newBuilder()
                                                .setName(incident.getMembers(0).getAlert())
                                                .build()))
                .satisfies(error -> assertThat(code(error)).isEqualTo(Status.Code.NOT_FOUND));
    }

    @Test
    void watchHearsOfANewAlert() {
        attack();
        Device other = TestEvents.host("i-0000000000000002");
        AlertFilter filter = AlertFilter.newBuilder().setHostId(other.getHostId()).build();
        Iterator<WatchAlertsResponse> watch =
                alerts("")
                        .withDeadlineAfter(20, TimeUnit.SECONDS)
                        .watchAlerts(WatchAlertsRequest.newBuilder().setFilter(filter).build());
        assertThat(watch.next().getCursor()).isNotEmpty();
        detection.ingest().append(other, List.of(shell(77)));
        Alert alert = watch.next().getAlert();
        assertThat(alert.getRule().getId()).isEqualTo("shell");
        assertThat(alert.getIncident()).startsWith("incidents/");
        assertThat(alert.getAsset().getHostId()).isEqualTo(other.getHostId());
    }

    @Test
    void closedIncidentIsContinuedByANewOne() {
        Device other = TestEvents.host("i-0000000000000003");
        detection.ingest().append(other, List.of(shell(77)));
        Incident first =
                Await.until(() -> incidentOf(other), incident -> !incident.getName().isEmpty());
        UpdateIncidentRequest close =
                UpdateIncidentRequest.newBuilder()
                        .setName(first.getName())
                        .setEtag(first.getEtag())
                        .setRequestId(UUID.randomUUID().toString())
                        .setVerdict(VerdictKind.VERDICT_KIND_TRUE_POSITIVE)
                        .setReason("seen on the host")
                        .setState(IncidentState.INCIDENT_STATE_CLOSED)
                        .build();
        Incident closed = incidents("").updateIncident(close);
        assertThat(incidents("").updateIncident(close)).isEqualTo(closed);
        assertThat(closed.getVerdictsList()).hasSize(1);
        assertThat(closed.getVerdicts(0).getAuthor()).isEqualTo("token-1");
        assertThatThrownBy(() ->
                        incidents("")
                                .updateIncident(
                                        close.toBuilder()
                                                .setRequestId(UUID.randomUUID().toString())
                                                .build()))
                .satisfies(error -> assertThat(code(error)).isEqualTo(Status.Code.ABORTED));
        detection.ingest().append(other, List.of(shell(77)));
        Incident next =
                Await.until(
                        () -> incidentOf(other),
                        incident -> !incident.getName().equals(first.getName()));
        assertThat(next.getContinues()).isEqualTo(first.getName());
        assertThat(next.getState()).isEqualTo(IncidentState.INCIDENT_STATE_OPEN);
    }

    @Test
    void configurationPageIsCurrent() throws Exception {
        ConfigurationPage.of("detection", "svc-detection")
                .check(CDI.current().select(Settings.class).get());
    }

    @Test
    void verdictNeedsAReason() {
        Incident incident = attack();
        assertThatThrownBy(() ->
                        incidents("")
                                .updateIncident(
                                        UpdateIncidentRequest.newBuilder()
                                                .setName(incident.getName())
                                                .setEtag(incident.getEtag())
                                                .setRequestId(UUID.randomUUID().toString())
                                                .setVerdict(VerdictKind.VERDICT_KIND_FALSE_POSITIVE)
                                                .build()))
                .hasMessageContaining("reason")
                .satisfies(
                        error -> assertThat(code(error)).isEqualTo(Status.Code.INVALID_ARGUMENT));
    }

    @Test
    void filterThatNoAlertCanMeetNamesItsField() {
        AlertFilter filter = AlertFilter.newBuilder().setRuleId("a\0b").build();
        assertThatThrownBy(() ->
                        alerts("")
                                .listAlerts(
                                        ListAlertsRequest.newBuilder().setFilter(filter).build()))
                .hasMessageContaining("filter.rule_id")
                .satisfies(
                        error -> assertThat(code(error)).isEqualTo(Status.Code.INVALID_ARGUMENT));
    }

    @Test
    void oldCursorIsRefused() {
        assertThatThrownBy(() ->
                        alerts("")
                                .withDeadlineAfter(10, TimeUnit.SECONDS)
                                .watchAlerts(WatchAlertsRequest.newBuilder().setCursor("x").build())
                                .next())
                .satisfies(
                        error -> assertThat(code(error)).isEqualTo(Status.Code.INVALID_ARGUMENT));
    }

    @Test
    void rulesAreTriedAndMadeThroughTheService() {
        attack();
        String text =
                """
                title: Download
                id: 5b4a52ba-0000-4000-8000-0000000000d1
                logsource:
                    product: linux
                    category: process_creation
                detection:
                    sel:
                        CommandLine|contains: /tmp/.payload
                    condition: sel
                """;
        RuleServiceGrpc.RuleServiceBlockingStub rules =
                as(Role.ROLE_ANALYST, "", RuleServiceGrpc.newBlockingStub(detection.channel()));
        assertThat(
                        rules.verifyRule(VerifyRuleRequest.newBuilder().setText(text).build())
                                .getBacktest()
                                .getMatches())
                .isEqualTo(1);
        String name =
                rules.createRule(
                                CreateRuleRequest.newBuilder()
                                        .setText(text)
                                        .setRequestId(UUID.randomUUID().toString())
                                        .build())
                        .getName();
        Rule made = rules.getRule(GetRuleRequest.newBuilder().setName(name).build());
        assertThat(made.getText()).isEqualTo(text);
        assertThat(made.getDeployment().getState())
                .isEqualTo(DeploymentState.DEPLOYMENT_STATE_SHADOW);
    }

    @Test
    void coverageIsServed() {
        CoverageServiceGrpc.CoverageServiceBlockingStub coverage =
                as(Role.ROLE_ANALYST, "", CoverageServiceGrpc.newBlockingStub(detection.channel()));
        assertThat(
                        coverage.listCanaries(ListCanariesRequest.getDefaultInstance())
                                .getCanariesList())
                .extracting(Canary::getName)
                .contains(
                        "canaries/linux.process_creation.auditd",
                        "canaries/aws.cloudtrail.cloudtrail");
        assertThat(
                        coverage.getAttackCoverage(GetAttackCoverageRequest.getDefaultInstance())
                                .getRuleSetVersion())
                .isPositive();
        assertThatThrownBy(() ->
                        coverage.getAttackCoverage(
                                GetAttackCoverageRequest.newBuilder()
                                        .setWindow(
                                                com.google.protobuf.Duration.newBuilder()
                                                        .setSeconds(60))
                                        .build()))
                .satisfies(
                        error -> assertThat(code(error)).isEqualTo(Status.Code.INVALID_ARGUMENT));
    }

    private static Incident attack() {
        return Await.until(
                () -> incidentOf(HOST),
                incident ->
                        incident.getMembersList().stream()
                                .anyMatch(member ->
                                        member.getEntity().getLabel().startsWith("bash (1298)")));
    }

    /** The newest one of the host; the default instance when there is none yet. */
    private static Incident incidentOf(Device host) {
        List<Incident> found =
                incidents("")
                        .listIncidents(
                                ListIncidentsRequest.newBuilder()
                                        .setFilter(
                                                dev.yagura.proto.detection.v1.IncidentFilter
                                                        .newBuilder()
                                                        .setHostId(host.getHostId()))
                                        .build())
                        .getIncidentsList();
        return found.isEmpty() ? Incident.getDefaultInstance() : found.getFirst();
    }

    private static Event shell(int pid) {
        return new TestEvents()
                .exec(pid, 1, "/usr/bin/dash", "/bin/sh -c id", "root")
                .all()
                .getFirst();
    }

    private static AlertServiceGrpc.AlertServiceBlockingStub alerts(String account) {
        return as(
                Role.ROLE_ANALYST, account, AlertServiceGrpc.newBlockingStub(detection.channel()));
    }

    private static IncidentServiceGrpc.IncidentServiceBlockingStub incidents(String account) {
        return as(
                Role.ROLE_ANALYST,
                account,
                IncidentServiceGrpc.newBlockingStub(detection.channel()));
    }
}
