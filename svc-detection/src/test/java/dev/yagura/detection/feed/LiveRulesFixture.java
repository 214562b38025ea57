package dev.yagura.detection.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.yagura.common.config.Settings;
import dev.yagura.common.grpc.RemoteErrors;
import dev.yagura.common.tls.TlsFiles;
import dev.yagura.detection.Await;
import dev.yagura.detection.FakeIngest;
import dev.yagura.detection.TestEvents;
import dev.yagura.detection.alert.Nanos;
import dev.yagura.detection.rule.LiveRules;
import dev.yagura.detection.rule.MatchOutcome;
import dev.yagura.detection.rule.RuleServer;
import dev.yagura.proto.detection.v1.Alert;
import dev.yagura.proto.detection.v1.CreateRuleExceptionRequest;
import dev.yagura.proto.detection.v1.CreateRuleRequest;
import dev.yagura.proto.detection.v1.DeploymentState;
import dev.yagura.proto.detection.v1.GetRuleRequest;
import dev.yagura.proto.detection.v1.ImportRulePackHeader;
import dev.yagura.proto.detection.v1.ImportRulePackRequest;
import dev.yagura.proto.detection.v1.ImportRulePackResponse;
import dev.yagura.proto.detection.v1.ListRuleExceptionsRequest;
import dev.yagura.proto.detection.v1.ListRulePacksRequest;
import dev.yagura.proto.detection.v1.Rule;
import dev.yagura.proto.detection.v1.RuleException;
import dev.yagura.proto.detection.v1.RuleStatistics;
import dev.yagura.proto.detection.v1.UpdateRuleDeploymentRequest;
import dev.yagura.proto.telemetry.v1.Device;
import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.sigma.engine.RuleMatch;
import dev.yagura.sigma.taxonomy.SensorEvent;
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
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Two replicas on a real PostgreSQL between a log and RuleService, each on a real gRPC server. */
abstract class LiveRulesFixture {
    static final Device HOST = TestEvents.host("i-000000000000000a");
    static final Device OTHER = TestEvents.host("i-000000000000000b");
    static final Instant NOW = Instant.parse("2026-11-24T04:20:00Z");
    static final String ID = "5b4a52ba-0000-4000-8000-0000000000a1";
    static final String STEADY = "5b4a52ba-0000-4000-8000-0000000000a2";
    static final String NAME = "rules/custom/" + ID;

    @RegisterExtension static final PostgresFixture POSTGRES = PostgresFixture.of("detection");
    @TempDir static Path folder;

    static TlsFiles detectionTls;
    static TlsFiles ingestTls;

    final SettableClock clock = new SettableClock(NOW);
    final List<Replica> readers = new ArrayList<>();
    FakeIngest ingest;
    LiveRules first;
    LiveRules second;
    RuleServer server;

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
                        + " feed_change, correlation_inbox, correlation_group,"
                        + " correlation_evidence");
        ingest = new FakeIngest(ingestTls).start();
        first = replica();
        second = replica();
        server =
                new RuleServer(
                        first.endpoint(new LogScan(new GrpcEventFeed(settings()), 1 << 20)),
                        detectionTls);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        for (Replica reader : readers) {
            reader.stop();
        }
        first.close();
        second.close();
        ingest.close();
    }

    /** A replica's rules, which follow the changes of all. */
    LiveRules replica() throws Exception {
        return LiveRules.start(POSTGRES.transactions(), clock);
    }

    void read(LiveRules rules) {
        readers.add(new Replica(POSTGRES.transactions(), settings(), rules.rules(), clock).start());
    }

    Settings settings() {
        return Replica.settings(ingest, detectionTls);
    }

    Rule create(String text, DeploymentState state) {
        return server.stub()
                .createRule(
                        CreateRuleRequest.newBuilder()
                                .setText(text)
                                .setDeploymentState(state)
                                .setRequestId(newId())
                                .build());
    }

    void deploy(DeploymentState state) {
        server.stub()
                .updateRuleDeployment(
                        UpdateRuleDeploymentRequest.newBuilder()
                                .setDeployment(
                                        get(NAME).getDeployment().toBuilder().setState(state))
                                .setRequestId(newId())
                                .build());
    }

    RuleException except(String text, Instant end) {
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

    List<RuleException> exceptions() {
        return server.stub()
                .listRuleExceptions(ListRuleExceptionsRequest.newBuilder().setParent(NAME).build())
                .getExceptionsList();
    }

    Rule get(String name) {
        return server.stub().getRule(GetRuleRequest.newBuilder().setName(name).build());
    }

    RuleStatistics statistics() {
        return get(NAME).getStatistics();
    }

    List<String> packs() {
        return server
                .stub()
                .listRulePacks(ListRulePacksRequest.getDefaultInstance())
                .getPacksList()
                .stream()
                .map(pack -> pack.getName())
                .toList();
    }

    ImportRulePackResponse send(ImportRulePackHeader header, byte[] archive) {
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

    static void awaitInForce(LiveRules rules, String word) {
        Await.until(() -> matches(rules, exec(1, word)), matches -> !matches.isEmpty());
    }

    static List<RuleMatch> matches(LiveRules rules, Event event) {
        return rules.rules().current().match(HOST, SensorEvent.of(event));
    }

    void awaitExcepted(String command) {
        awaitExcepted(exec(1, command));
    }

    void awaitExcepted(Event event) {
        Await.until(
                () -> {
                    var current = first.rules().current();
                    SensorEvent sensed = SensorEvent.of(event);
                    return current.match(HOST, sensed).stream()
                            .map(match -> current.outcome(match, HOST, sensed, clock.instant()))
                            .toList();
                },
                outcomes -> outcomes.stream().anyMatch(MatchOutcome.Excepted.class::isInstance));
    }

    static void assertRefused(ThrowingCallable call, Status.Code code, String reason) {
        assertThatThrownBy(call)
                .isInstanceOf(StatusRuntimeException.class)
                .satisfies(error -> {
                    assertThat(code(error)).isEqualTo(code);
                    assertThat(RemoteErrors.reason((StatusRuntimeException) error))
                            .contains(reason);
                });
    }

    static Status.Code code(Throwable error) {
        return ((StatusRuntimeException) error).getStatus().getCode();
    }

    static List<Alert> alerts() {
        return new StoredDetections(POSTGRES.transactions()).alerts();
    }

    static long matchesOfAlerts() {
        return new StoredDetections(POSTGRES.transactions()).matches();
    }

    static byte[] zip(Map<String, String> files) throws IOException {
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

    static String newId() {
        return UUID.randomUUID().toString();
    }

    static Event exec(int pid, String command) {
        return new TestEvents().exec(pid, 1, "/usr/bin/tool", command, "www-data").all().getFirst();
    }

    static Event network() {
        return new TestEvents().connect(5, "203.0.113.66", 443).all().getFirst();
    }

    static String rule(String id, String word) {
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
