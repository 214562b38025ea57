package dev.yagura.detection.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.detection.Await;
import dev.yagura.detection.TestEvents;
import dev.yagura.proto.detection.v1.Alert;
import dev.yagura.proto.detection.v1.CreateRuleRequest;
import dev.yagura.proto.detection.v1.DeleteRuleRequest;
import dev.yagura.proto.detection.v1.DeploymentState;
import dev.yagura.proto.detection.v1.ImportRulePackHeader;
import dev.yagura.proto.detection.v1.ListRulesRequest;
import dev.yagura.proto.detection.v1.Rule;
import dev.yagura.proto.detection.v1.RuleDeployment;
import dev.yagura.proto.detection.v1.RuleState;
import dev.yagura.proto.detection.v1.UpdateRuleDeploymentRequest;
import dev.yagura.proto.detection.v1.UpdateRuleRequest;
import dev.yagura.proto.telemetry.v1.Device;
import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.proto.telemetry.v1.RawRecord;
import io.grpc.Status;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Rules are made, changed and deployed while events come. */
class LiveRulesTest extends LiveRulesFixture {
    private static final String RULE_ON_RECORDS =
            """
            title: File of a name
            id: %s
            logsource:
                product: linux
                service: auditd
            level: high
            detection:
                sel:
                    type: PATH
                    name: tmpfs
                condition: sel
            """
                    .formatted(ID);

    @Test
    void aRuleMadeLiveFiresOnTheNextEventsInEveryReplica() {
        read(first);
        read(second);
        Await.until(
                () -> readers.stream().map(Replica::owned).toList(),
                owned -> owned.equals(List.of(2, 2)));
        Rule made = create(rule(ID, "needle"), DeploymentState.DEPLOYMENT_STATE_ALERTING);
        assertThat(made.getName()).isEqualTo(NAME);
        assertThat(made.getState()).isEqualTo(RuleState.RULE_STATE_ACTIVE);
        awaitInForce(first, "needle");
        awaitInForce(second, "needle");
        // Hosts of all partitions, so that each replica has some.
        for (int i = 0; i < 8; i++) {
            ingest.append(TestEvents.host("i-00000000000000c" + i), List.of(exec(7, "x needle")));
        }
        List<Alert> alerts = Await.until(LiveRulesFixture::alerts, all -> all.size() == 8);
        assertThat(alerts)
                .allSatisfy(alert -> {
                    assertThat(alert.getRule().getName()).isEqualTo(NAME);
                    assertThat(alert.getRule().getRuleSetVersion())
                            .isEqualTo(first.rules().current().ruleSetVersion())
                            .isEqualTo(second.rules().current().ruleSetVersion());
                });
        assertThat(statistics().getMatches()).isEqualTo(8);
        assertThat(statistics().getAlerts()).isEqualTo(8);
        assertThat(statistics().getAlertsLastDay()).isEqualTo(8);
    }

    @Test
    void aNewRuleIsInShadowAndRaisesNothing() {
        read(first);
        Rule made = create(rule(ID, "needle"), DeploymentState.DEPLOYMENT_STATE_UNSPECIFIED);
        assertThat(made.getDeployment().getState())
                .isEqualTo(DeploymentState.DEPLOYMENT_STATE_SHADOW);
        awaitInForce(first, "needle");
        ingest.append(HOST, List.of(exec(7, "needle"), exec(8, "needle"), exec(8, "needle")));
        Await.until(this::statistics, one -> one.getShadowMatches() == 3);
        assertThat(statistics().getShadowAlertsLastDay()).isEqualTo(2);
        assertThat(statistics().getMatches()).isZero();
        assertThat(alerts()).isEmpty();
        deploy(DeploymentState.DEPLOYMENT_STATE_ALERTING);
        Await.until(
                () -> {
                    ingest.append(HOST, List.of(exec(9, "needle")));
                    return alerts();
                },
                all -> !all.isEmpty());
    }

    @Test
    void aDisabledRuleIsNotEvaluated() {
        read(first);
        create(rule(ID, "needle"), DeploymentState.DEPLOYMENT_STATE_ALERTING);
        awaitInForce(first, "needle");
        deploy(DeploymentState.DEPLOYMENT_STATE_DISABLED);
        Await.until(() -> matches(first, exec(1, "needle")), List::isEmpty);
        create(rule(STEADY, "straw"), DeploymentState.DEPLOYMENT_STATE_ALERTING);
        awaitInForce(first, "straw");
        ingest.append(HOST, List.of(exec(7, "needle"), exec(8, "straw")));
        assertThat(Await.until(LiveRulesFixture::alerts, all -> !all.isEmpty()))
                .extracting(alert -> alert.getRule().getId())
                .containsExactly(STEADY);
    }

    @Test
    void anEventThatIsTooMuchToMatchIsAGapAndTheNextIsMatched() {
        read(first);
        create(RULE_ON_RECORDS, DeploymentState.DEPLOYMENT_STATE_ALERTING);
        RawRecord mount = RawRecord.newBuilder().setType("PATH").putFields("name", "tmpfs").build();
        Event met = exec(7, "straw").toBuilder().addRawRecords(mount).build();
        Event hostile =
                met.toBuilder().addAllRawRecords(Collections.nCopies(20_000, mount)).build();
        Await.until(() -> matches(first, met), matches -> !matches.isEmpty());
        ingest.append(HOST, List.of(hostile, met));
        assertThat(Await.until(LiveRulesFixture::alerts, all -> !all.isEmpty()))
                .singleElement()
                .satisfies(alert -> assertThat(alert.getMatchCount()).isEqualTo(1));
        assertThat(gaps()).containsExactly("events could not be matched");
    }

    private static List<String> gaps() {
        return POSTGRES.transactions()
                .query(connection -> {
                    List<String> reasons = new ArrayList<>();
                    try (Statement statement = connection.createStatement();
                            ResultSet rows =
                                    statement.executeQuery("SELECT reason FROM visibility_gap")) {
                        while (rows.next()) {
                            reasons.add(rows.getString(1));
                        }
                    }
                    return reasons;
                });
    }

    @Test
    void changesWithAnOldEtagAreRefused() {
        Rule made = create(rule(ID, "needle"), DeploymentState.DEPLOYMENT_STATE_ALERTING);
        UpdateRuleRequest update =
                UpdateRuleRequest.newBuilder()
                        .setRule(
                                Rule.newBuilder()
                                        .setName(NAME)
                                        .setText(rule(ID, "thread"))
                                        .setEtag(made.getEtag()))
                        .setRequestId(newId())
                        .build();
        Rule updated = server.stub().updateRule(update);
        assertThat(updated.getText()).contains("thread");
        assertThat(server.stub().updateRule(update).getEtag()).isEqualTo(updated.getEtag());
        assertRefused(
                () -> server.stub().updateRule(update.toBuilder().setRequestId(newId()).build()),
                Status.Code.ABORTED,
                "STALE_ETAG");
        assertRefused(
                () ->
                        server.stub()
                                .deleteRule(
                                        DeleteRuleRequest.newBuilder()
                                                .setName(NAME)
                                                .setEtag(made.getEtag())
                                                .setRequestId(newId())
                                                .build()),
                Status.Code.ABORTED,
                "STALE_ETAG");
        RuleDeployment deployment = updated.getDeployment();
        deploy(DeploymentState.DEPLOYMENT_STATE_SHADOW);
        assertRefused(
                () ->
                        server.stub()
                                .updateRuleDeployment(
                                        UpdateRuleDeploymentRequest.newBuilder()
                                                .setDeployment(deployment)
                                                .setRequestId(newId())
                                                .build()),
                Status.Code.ABORTED,
                "STALE_ETAG");
    }

    @Test
    void aRuleIsMadeOnceAndNamesWhatIsWrong() {
        CreateRuleRequest request =
                CreateRuleRequest.newBuilder()
                        .setText(rule(ID, "needle"))
                        .setRequestId(newId())
                        .build();
        assertThat(
                        server.stub()
                                .createRule(request.toBuilder().setValidateOnly(true).build())
                                .getName())
                .isEqualTo(NAME);
        assertRefused(() -> get(NAME), Status.Code.NOT_FOUND, "NOT_FOUND");
        assertThat(server.stub().createRule(request)).isEqualTo(server.stub().createRule(request));
        assertRefused(
                () -> server.stub().createRule(request.toBuilder().setRequestId(newId()).build()),
                Status.Code.ALREADY_EXISTS,
                "ALREADY_EXISTS");
        assertRefused(
                () ->
                        server.stub()
                                .createRule(request.toBuilder().setText(rule(STEADY, "x")).build()),
                Status.Code.ALREADY_EXISTS,
                "ALREADY_EXISTS");
        assertThatThrownBy(() ->
                        create(
                                rule(STEADY, "x").replace("condition: sel", "condition: cell"),
                                DeploymentState.DEPLOYMENT_STATE_SHADOW))
                .hasMessageContaining("line 10, column 16: condition: there is no selection 'cell'")
                .satisfies(
                        error -> assertThat(code(error)).isEqualTo(Status.Code.INVALID_ARGUMENT));
    }

    @Test
    void eventsDuringChangesAreEachMatchedOnce() {
        ingest.entriesAPage(1);
        read(first);
        read(second);
        create(rule(STEADY, "straw"), DeploymentState.DEPLOYMENT_STATE_ALERTING);
        awaitInForce(first, "straw");
        awaitInForce(second, "straw");
        Rule changing = create(rule(ID, "needle"), DeploymentState.DEPLOYMENT_STATE_SHADOW);
        int events = 0;
        for (int change = 0; change < 20; change++) {
            changing =
                    server.stub()
                            .updateRule(
                                    UpdateRuleRequest.newBuilder()
                                            .setRule(
                                                    Rule.newBuilder()
                                                            .setName(NAME)
                                                            .setEtag(changing.getEtag())
                                                            .setText(rule(ID, "needle" + change)))
                                            .setRequestId(newId())
                                            .build());
            for (Device host : List.of(HOST, OTHER)) {
                for (int i = 0; i < 10; i++) {
                    ingest.append(host, List.of(exec(events++, "straw")));
                }
            }
        }
        int expected = events;
        Await.until(LiveRulesFixture::matchesOfAlerts, count -> count >= expected);
        assertThat(matchesOfAlerts()).isEqualTo(expected);
        assertThat(get("rules/custom/" + STEADY).getStatistics().getMatches()).isEqualTo(expected);
        awaitInForce(first, "needle19");
        awaitInForce(second, "needle19");
        assertThat(alerts().stream().map(alert -> alert.getRule().getRuleSetVersion()).distinct())
                .hasSizeGreaterThan(1);
    }

    @Test
    void whoSeesSomeAccountsOnlyChangesNothing() throws Exception {
        server.callAs(Set.of("111122223333"));
        assertRefused(
                () -> create(rule(ID, "needle"), DeploymentState.DEPLOYMENT_STATE_ALERTING),
                Status.Code.PERMISSION_DENIED,
                "PERMISSION_DENIED");
        assertRefused(
                () ->
                        send(
                                ImportRulePackHeader.newBuilder()
                                        .setPack("x")
                                        .setRequestId(newId())
                                        .build(),
                                zip(Map.of("a.yml", rule(ID, "needle")))),
                Status.Code.PERMISSION_DENIED,
                "PERMISSION_DENIED");
    }

    @Test
    void aRuleOfAnotherPackIsDeployedButNotChanged() {
        Rule own =
                server.stub()
                        .listRules(
                                ListRulesRequest.newBuilder()
                                        .setPack("yagura")
                                        .setPageSize(1)
                                        .build())
                        .getRules(0);
        assertRefused(
                () ->
                        server.stub()
                                .updateRule(
                                        UpdateRuleRequest.newBuilder()
                                                .setRule(own.toBuilder().setEtag("1").setText("x"))
                                                .setRequestId(newId())
                                                .build()),
                Status.Code.FAILED_PRECONDITION,
                "PRECONDITION_FAILED");
        assertThat(own.getDeployment().getState())
                .isEqualTo(DeploymentState.DEPLOYMENT_STATE_ALERTING);
        RuleDeployment deployed =
                server.stub()
                        .updateRuleDeployment(
                                UpdateRuleDeploymentRequest.newBuilder()
                                        .setDeployment(
                                                own.getDeployment().toBuilder()
                                                        .setState(
                                                                DeploymentState
                                                                        .DEPLOYMENT_STATE_DISABLED)
                                                        .setReason("noisy"))
                                        .setRequestId(newId())
                                        .build());
        assertThat(deployed.getState()).isEqualTo(DeploymentState.DEPLOYMENT_STATE_DISABLED);
        assertThat(deployed.getUpdater()).isEqualTo("token-1");
        assertThat(get(own.getName()).getDeployment()).isEqualTo(deployed);
    }
}
