package dev.yagura.detection.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.yagura.common.config.Settings;
import dev.yagura.common.grpc.RemoteErrors;
import dev.yagura.common.tls.TlsFiles;
import dev.yagura.common.watch.ChangeFeed;
import dev.yagura.detection.Await;
import dev.yagura.detection.FakeIngest;
import dev.yagura.detection.TestEvents;
import dev.yagura.detection.alert.AlertConfig;
import dev.yagura.detection.alert.Nanos;
import dev.yagura.detection.alert.Sightings;
import dev.yagura.detection.asset.AssetReadModel;
import dev.yagura.detection.incident.DetectionWriter;
import dev.yagura.detection.incident.IncidentConfig;
import dev.yagura.detection.indicator.TestIndicators;
import dev.yagura.detection.rule.LiveRules;
import dev.yagura.detection.rule.MatchOutcome;
import dev.yagura.detection.rule.RuleServer;
import dev.yagura.proto.detection.v1.Alert;
import dev.yagura.proto.detection.v1.Backtest;
import dev.yagura.proto.detection.v1.CreateRuleExceptionRequest;
import dev.yagura.proto.detection.v1.CreateRuleRequest;
import dev.yagura.proto.detection.v1.DeleteRulePackRequest;
import dev.yagura.proto.detection.v1.DeleteRuleRequest;
import dev.yagura.proto.detection.v1.DeploymentState;
import dev.yagura.proto.detection.v1.GetRuleRequest;
import dev.yagura.proto.detection.v1.ImportRulePackHeader;
import dev.yagura.proto.detection.v1.ImportRulePackRequest;
import dev.yagura.proto.detection.v1.ImportRulePackResponse;
import dev.yagura.proto.detection.v1.ListRuleExceptionsRequest;
import dev.yagura.proto.detection.v1.ListRulePacksRequest;
import dev.yagura.proto.detection.v1.ListRulesRequest;
import dev.yagura.proto.detection.v1.Rule;
import dev.yagura.proto.detection.v1.RuleDeployment;
import dev.yagura.proto.detection.v1.RuleException;
import dev.yagura.proto.detection.v1.RuleState;
import dev.yagura.proto.detection.v1.RuleStatistics;
import dev.yagura.proto.detection.v1.UpdateRuleDeploymentRequest;
import dev.yagura.proto.detection.v1.UpdateRuleRequest;
import dev.yagura.proto.detection.v1.VerifyRuleRequest;
import dev.yagura.proto.detection.v1.VerifyRuleResponse;
import dev.yagura.proto.ingest.v1.Position;
import dev.yagura.proto.telemetry.v1.Device;
import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.testkit.PostgresFixture;
import dev.yagura.testkit.SettableClock;
import dev.yagura.testkit.TestCertificates;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Two replicas on a real PostgreSQL between a log and RuleService, each on a real gRPC server. */
class LiveRulesTest {
    private static final Device HOST = TestEvents.host("i-000000000000000a");
    private static final Device OTHER = TestEvents.host("i-000000000000000b");
    private static final Instant NOW = Instant.parse("2026-11-24T04:20:00Z");
    private static final String ID = "5b4a52ba-0000-4000-8000-0000000000a1";
    private static final String STEADY = "5b4a52ba-0000-4000-8000-0000000000a2";
    private static final String NAME = "rules/custom/" + ID;

    @RegisterExtension static final PostgresFixture POSTGRES = PostgresFixture.of("detection");
    @TempDir static Path folder;

    private static TlsFiles detectionTls;
    private static TlsFiles ingestTls;

    private final SettableClock clock = new SettableClock(NOW);
    private final List<FeedReader> readers = new ArrayList<>();
    private FakeIngest ingest;
    private LiveRules first;
    private LiveRules second;
    private RuleServer server;

    @BeforeAll
    static void prepare() throws Exception {
        POSTGRES.migrate();
        TestCertificates certificates = new TestCertificates(folder, Clock.systemUTC());
        detectionTls = certificates.service("detection");
        ingestTls = certificates.service("ingest");
    }

    @BeforeEach
    void start() throws Exception {
        POSTGRES.execute(
                "TRUNCATE custom_rule, rule_pack, rule_deployment, rule_exception, rule_request,"
                        + " rule_statistics, rule_hour, log_partition, detector, agent_mark,"
                        + " host_process, alert, incident, incident_key, visibility_gap,"
                        + " feed_change");
        ingest = new FakeIngest(ingestTls).start();
        first = LiveRules.start(POSTGRES.transactions(), clock);
        second = LiveRules.start(POSTGRES.transactions(), clock);
        server =
                new RuleServer(
                        first.endpoint(new LogScan(new GrpcEventFeed(settings()), 1 << 20)),
                        detectionTls);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        for (FeedReader reader : readers) {
            reader.stop();
        }
        first.close();
        second.close();
        ingest.close();
    }

    @Test
    void aRuleMadeLiveFiresOnTheNextEventsInEveryReplica() {
        read(first);
        read(second);
        Await.until(
                () -> readers.stream().map(FeedReader::owned).toList(),
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
        List<Alert> alerts = Await.until(LiveRulesTest::alerts, all -> all.size() == 8);
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
        Await.until(() -> first.rules().current().match(HOST, exec(1, "needle")), List::isEmpty);
        create(rule(STEADY, "straw"), DeploymentState.DEPLOYMENT_STATE_ALERTING);
        awaitInForce(first, "straw");
        ingest.append(HOST, List.of(exec(7, "needle"), exec(8, "straw")));
        assertThat(Await.until(LiveRulesTest::alerts, all -> !all.isEmpty()))
                .extracting(alert -> alert.getRule().getId())
                .containsExactly(STEADY);
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
    void anExceptionCoversMatchesUntilItEnds() {
        read(first);
        create(rule(ID, "needle"), DeploymentState.DEPLOYMENT_STATE_ALERTING);
        RuleException exception =
                except("CommandLine|contains: trusted", NOW.plus(Duration.ofHours(1)));
        awaitExcepted("needle trusted");
        ingest.append(HOST, List.of(exec(7, "needle trusted"), exec(8, "needle")));
        assertThat(Await.until(LiveRulesTest::alerts, all -> !all.isEmpty())).hasSize(1);
        assertThat(statistics().getExceptedMatches()).isEqualTo(1);
        assertThat(exceptions())
                .singleElement()
                .satisfies(one -> {
                    assertThat(one.getName()).isEqualTo(exception.getName());
                    assertThat(one.getMatchCount()).isEqualTo(1);
                    assertThat(one.getExpired()).isFalse();
                    assertThat(one.getCreator()).isEqualTo("token-1");
                });
        clock.advance(Duration.ofHours(1));
        ingest.append(HOST, List.of(exec(9, "needle trusted")));
        assertThat(Await.until(LiveRulesTest::alerts, all -> all.size() > 1)).hasSize(2);
        assertThat(exceptions()).extracting(RuleException::getExpired).containsExactly(true);
        assertThat(statistics().getExceptedMatches()).isEqualTo(1);
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
        Await.until(LiveRulesTest::matchesOfAlerts, count -> count >= expected);
        assertThat(matchesOfAlerts()).isEqualTo(expected);
        assertThat(get("rules/custom/" + STEADY).getStatistics().getMatches()).isEqualTo(expected);
        awaitInForce(first, "needle19");
        awaitInForce(second, "needle19");
        assertThat(alerts().stream().map(alert -> alert.getRule().getRuleSetVersion()).distinct())
                .hasSizeGreaterThan(1);
    }

    @Test
    void aRuleIsTriedOnWhatTheLogKeeps() {
        ingest.append(HOST, List.of(exec(7, "needle"), exec(7, "needle"), exec(8, "straw")));
        ingest.append(OTHER, List.of(exec(7, "needle"), network()));
        VerifyRuleRequest request =
                VerifyRuleRequest.newBuilder().setText(rule(ID, "needle")).build();
        Map<Integer, Position> floors = Map.copyOf(ingest.floors());
        VerifyRuleResponse all = server.stub().verifyRule(request);
        assertThat(all.getState()).isEqualTo(RuleState.RULE_STATE_ACTIVE);
        Backtest test = all.getBacktest();
        assertThat(test.getBatches()).isEqualTo(2);
        assertThat(test.getKeptBatches()).isEqualTo(2);
        assertThat(test.getIncompleteReason()).isEmpty();
        assertThat(test.getEvents()).isEqualTo(5);
        assertThat(test.getLogsourceEvents()).isEqualTo(4);
        assertThat(test.getMatches()).isEqualTo(3);
        assertThat(test.getSamplesList())
                .allMatch(match -> match.getMatchedFields(0).getValue().contains("needle"));
        assertThat(test.getAlerts()).isEqualTo(2);
        assertThat(test.getAlertsPerDay()).isEqualTo(48.0);
        assertThat(test.getCostNs()).isPositive();
        assertThat(ingest.floors()).isEqualTo(floors);
        server.callAs(Set.of("999999999999"));
        assertThat(server.stub().verifyRule(request).getBacktest().getEvents()).isZero();
    }

    @Test
    void aTryCountsWhatExceptionsCoverAndSaysWhatItLeftOut() {
        create(rule(ID, "needle"), DeploymentState.DEPLOYMENT_STATE_SHADOW);
        except("CommandLine|contains: trusted", NOW.plus(Duration.ofHours(1)));
        for (int i = 0; i < 20; i++) {
            ingest.append(HOST, List.of(exec(i, "needle trusted")));
        }
        VerifyRuleRequest request = VerifyRuleRequest.newBuilder().setName(NAME).build();
        Backtest test = server.stub().verifyRule(request).getBacktest();
        assertThat(test.getExceptedMatches()).isEqualTo(20);
        assertThat(test.getMatches()).isZero();
        assertThat(test.getSamples(0).getException()).startsWith(NAME + "/exceptions/");
        Backtest less =
                server.stub()
                        .verifyRule(request.toBuilder().setMaxBytes(300).build())
                        .getBacktest();
        assertThat(less.getBatches()).isLessThan(20);
        assertThat(less.getKeptBatches()).isEqualTo(20);
        assertThat(less.getIncompleteReason()).contains("bytes");
        VerifyRuleResponse broken =
                server.stub()
                        .verifyRule(
                                VerifyRuleRequest.newBuilder()
                                        .setText("title: x\nid: y\n")
                                        .build());
        assertThat(broken.getState()).isEqualTo(RuleState.RULE_STATE_INVALID);
        assertThat(broken.getDiagnosticsList()).isNotEmpty();
        assertThat(broken.hasBacktest()).isFalse();
    }

    @Test
    void anArchiveIsImportedWithAReportAndDeleted() throws Exception {
        read(first);
        Map<String, String> files = new LinkedHashMap<>();
        files.put("rules/linux/good.yml", rule(ID, "needle"));
        files.put("rules/linux/bad.yml", "title: [");
        files.put("rules/linux/far.yml", rule(STEADY, "x").replace("linux", "zos"));
        files.put("../../evil.yml", rule(ID, "x"));
        files.put("LICENSE", "DRL");
        ImportRulePackHeader header =
                ImportRulePackHeader.newBuilder()
                        .setPack("sigma")
                        .setRequestId(newId())
                        .setDefaultState(DeploymentState.DEPLOYMENT_STATE_ALERTING)
                        .build();
        ImportRulePackResponse report = send(header, zip(files));
        assertThat(report.getPack().getActiveCount()).isEqualTo(1);
        assertThat(report.getPack().getCannotFireCount()).isEqualTo(1);
        assertThat(report.getPack().getInvalidCount()).isEqualTo(1);
        assertThat(report.getSkippedFiles()).isEqualTo(1);
        assertThat(report.getRefusedEntriesList())
                .singleElement()
                .satisfies(entry -> assertThat(entry.getPath()).isEqualTo("../../evil.yml"));
        assertThat(report.getRulesList())
                .extracting(Rule::getSourcePath)
                .containsExactly("rules/linux/bad.yml", "rules/linux/far.yml");
        awaitInForce(first, "needle");
        awaitInForce(second, "needle");
        ingest.append(HOST, List.of(exec(7, "needle")));
        assertThat(Await.until(LiveRulesTest::alerts, all -> !all.isEmpty()))
                .extracting(alert -> alert.getRule().getName())
                .containsExactly("rules/sigma/" + ID);
        assertThat(packs()).contains("rulePacks/custom", "rulePacks/sigma", "rulePacks/yagura");
        server.stub()
                .deleteRulePack(
                        DeleteRulePackRequest.newBuilder()
                                .setName("rulePacks/sigma")
                                .setRequestId(newId())
                                .build());
        assertThat(packs()).doesNotContain("rulePacks/sigma");
        Await.until(() -> second.rules().current().match(HOST, exec(1, "needle")), List::isEmpty);
    }

    @Test
    void archivesThatCannotBeTakenAreRefused() throws Exception {
        ImportRulePackHeader header =
                ImportRulePackHeader.newBuilder().setPack("sigma").setRequestId(newId()).build();
        byte[] good = zip(Map.of("a.yml", rule(ID, "needle")));
        assertRefused(
                () -> send(header, "no zip".getBytes(StandardCharsets.UTF_8)),
                Status.Code.INVALID_ARGUMENT,
                "INVALID_FIELD");
        assertRefused(
                () -> send(header, new byte[17 << 20]),
                Status.Code.INVALID_ARGUMENT,
                "INVALID_FIELD");
        assertRefused(
                () -> send(header.toBuilder().setPack("../x").build(), good),
                Status.Code.INVALID_ARGUMENT,
                "INVALID_FIELD");
        assertRefused(
                () -> send(header.toBuilder().setPack("yagura").build(), good),
                Status.Code.FAILED_PRECONDITION,
                "PRECONDITION_FAILED");
        // None of the refusals keeps the one place for imports.
        assertThat(send(header.toBuilder().setValidateOnly(true).build(), good).getPack())
                .satisfies(pack -> assertThat(pack.getActiveCount()).isEqualTo(1));
        assertThat(packs()).doesNotContain("rulePacks/sigma");
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

    @Test
    void evaluatedEventsAndCostAreCounted() {
        read(first);
        create(rule(ID, "needle"), DeploymentState.DEPLOYMENT_STATE_SHADOW);
        awaitInForce(first, "needle");
        first.writeActivity();
        long before = statistics().getEvaluatedEvents();
        for (int i = 0; i < 10; i++) {
            ingest.append(HOST, List.of(exec(i, "straw"), network(), exec(i, "needle")));
        }
        Await.until(this::statistics, one -> one.getShadowMatches() == 10);
        first.writeActivity();
        assertThat(statistics().getEvaluatedEvents() - before).isEqualTo(20);
        assertThat(statistics().getCostNs()).isPositive();
    }

    private void read(LiveRules rules) {
        FeedReader reader =
                new FeedReader(
                        UUID.randomUUID(),
                        new FeedReader.Parts(
                                new FeedConfig(
                                        Duration.ofMillis(600),
                                        Duration.ofMillis(50),
                                        Duration.ofMillis(100),
                                        1 << 20,
                                        1 << 20,
                                        2_000),
                                new GrpcEventFeed(settings()),
                                POSTGRES.transactions(),
                                new DetectionWriter(
                                        IncidentConfig.from(
                                                Settings.of("yagura.detection", Map.of())),
                                        ChangeFeed.of("alerts", POSTGRES.transactions()),
                                        ChangeFeed.of("incidents", POSTGRES.transactions()),
                                        clock),
                                rules.rules(),
                                new Sightings(
                                        new AlertConfig(Duration.ofHours(1)),
                                        new AssetReadModel(),
                                        clock),
                                new FeedMetrics(),
                                clock,
                                TestIndicators.none(),
                                () -> {}));
        reader.start();
        readers.add(reader);
    }

    private Settings settings() {
        return Settings.of(
                "yagura.detection",
                Map.of(
                        "yagura.detection.client.ingest.addresses", "127.0.0.1:" + ingest.port(),
                        "yagura.detection.tls.certificate", detectionTls.certificate().toString(),
                        "yagura.detection.tls.key", detectionTls.key().toString(),
                        "yagura.detection.tls.authorities",
                                detectionTls.authorities().getFirst().toString()));
    }

    private Rule create(String text, DeploymentState state) {
        return server.stub()
                .createRule(
                        CreateRuleRequest.newBuilder()
                                .setText(text)
                                .setDeploymentState(state)
                                .setRequestId(newId())
                                .build());
    }

    private void deploy(DeploymentState state) {
        server.stub()
                .updateRuleDeployment(
                        UpdateRuleDeploymentRequest.newBuilder()
                                .setDeployment(
                                        get(NAME).getDeployment().toBuilder().setState(state))
                                .setRequestId(newId())
                                .build());
    }

    private RuleException except(String text, Instant end) {
        return server.stub()
                .createRuleException(
                        CreateRuleExceptionRequest.newBuilder()
                                .setParent(NAME)
                                .setException(
                                        RuleException.newBuilder()
                                                .setText(text)
                                                .setReason("trusted tool")
                                                .setExpireTime(Nanos.timestamp(end)))
                                .setRequestId(newId())
                                .build());
    }

    private List<RuleException> exceptions() {
        return server.stub()
                .listRuleExceptions(ListRuleExceptionsRequest.newBuilder().setParent(NAME).build())
                .getExceptionsList();
    }

    private Rule get(String name) {
        return server.stub().getRule(GetRuleRequest.newBuilder().setName(name).build());
    }

    private RuleStatistics statistics() {
        return get(NAME).getStatistics();
    }

    private List<String> packs() {
        return server
                .stub()
                .listRulePacks(ListRulePacksRequest.getDefaultInstance())
                .getPacksList()
                .stream()
                .map(pack -> pack.getName())
                .toList();
    }

    private ImportRulePackResponse send(ImportRulePackHeader header, byte[] archive) {
        CompletableFuture<ImportRulePackResponse> answer = new CompletableFuture<>();
        StreamObserver<ImportRulePackRequest> upload =
                server.asyncStub()
                        .withDeadlineAfter(20, TimeUnit.SECONDS)
                        .importRulePack(
                                new StreamObserver<>() {
                                    @Override
                                    public void onNext(ImportRulePackResponse response) {
                                        answer.complete(response);
                                    }

                                    @Override
                                    public void onError(Throwable error) {
                                        answer.completeExceptionally(error);
                                    }

                                    @Override
                                    public void onCompleted() {}
                                });
        upload.onNext(ImportRulePackRequest.newBuilder().setHeader(header).build());
        int chunk = 128 << 10;
        for (int from = 0; from < archive.length; from += chunk) {
            upload.onNext(
                    ImportRulePackRequest.newBuilder()
                            .setChunk(
                                    ByteString.copyFrom(
                                            archive, from, Math.min(chunk, archive.length - from)))
                            .build());
        }
        upload.onCompleted();
        try {
            return answer.join();
        } catch (CompletionException e) {
            throw (StatusRuntimeException) e.getCause();
        }
    }

    private static void awaitInForce(LiveRules rules, String word) {
        Await.until(
                () -> rules.rules().current().match(HOST, exec(1, word)),
                matches -> !matches.isEmpty());
    }

    private void awaitExcepted(String command) {
        Await.until(
                () -> {
                    var current = first.rules().current();
                    return current.match(HOST, exec(1, command)).stream()
                            .map(match ->
                                    current.outcome(match, HOST, exec(1, command), clock.instant()))
                            .toList();
                },
                outcomes -> outcomes.stream().anyMatch(MatchOutcome.Excepted.class::isInstance));
    }

    private static void assertRefused(ThrowingCallable call, Status.Code code, String reason) {
        assertThatThrownBy(call)
                .isInstanceOf(StatusRuntimeException.class)
                .satisfies(error -> {
                    assertThat(code(error)).isEqualTo(code);
                    assertThat(RemoteErrors.reason((StatusRuntimeException) error))
                            .contains(reason);
                });
    }

    private static Status.Code code(Throwable error) {
        return ((StatusRuntimeException) error).getStatus().getCode();
    }

    private static List<Alert> alerts() {
        return POSTGRES.transactions()
                .query(connection -> {
                    List<Alert> alerts = new ArrayList<>();
                    try (Statement statement = connection.createStatement();
                            ResultSet rows = statement.executeQuery("SELECT body FROM alert")) {
                        while (rows.next()) {
                            alerts.add(parsed(rows.getBytes(1)));
                        }
                    }
                    return alerts;
                });
    }

    private static long matchesOfAlerts() {
        return alerts().stream().mapToLong(Alert::getMatchCount).sum();
    }

    private static Alert parsed(byte[] body) {
        try {
            return Alert.parseFrom(body);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] zip(Map<String, String> files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, String> file : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue().getBytes(StandardCharsets.UTF_8));
                zip.closeEntry();
            }
        }
        return bytes.toByteArray();
    }

    private static String newId() {
        return UUID.randomUUID().toString();
    }

    private static Event exec(int pid, String command) {
        return new TestEvents().exec(pid, 1, "/usr/bin/tool", command, "www-data").all().getFirst();
    }

    private static Event network() {
        return new TestEvents().connect(5, "203.0.113.66", 443).all().getFirst();
    }

    private static String rule(String id, String word) {
        return """
        title: Word in a command line
        id: %s
        logsource:
            product: linux
            category: process_creation
        level: high
        detection:
            sel:
                CommandLine|contains: %s
            condition: sel
        """
                .formatted(id, word);
    }
}
