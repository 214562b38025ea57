package dev.yagura.detection.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.common.config.Settings;
import dev.yagura.common.persistence.DatabaseConfig;
import dev.yagura.common.tls.TlsFiles;
import dev.yagura.detection.Await;
import dev.yagura.detection.FakeIngest;
import dev.yagura.detection.TestEvents;
import dev.yagura.detection.canary.CanaryReport;
import dev.yagura.detection.canary.CanaryStage;
import dev.yagura.detection.canary.RunningCanaries;
import dev.yagura.detection.rule.LiveRules;
import dev.yagura.proto.telemetry.v1.Device;
import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.sigma.canary.Canaries;
import dev.yagura.testkit.TestCertificates;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Canaries through a log behind a real gRPC server, real rules and a real PostgreSQL. */
class CanariesTest {
    private static final Device HOST = TestEvents.host("i-000000000000000c");
    private static final String PROCESS = "canaries/linux.process_creation.auditd";
    private static final String FILE = "canaries/linux.file_event.auditd";
    private static final String CLOUDTRAIL = "canaries/aws.cloudtrail.cloudtrail";

    @TempDir static Path folder;

    private static FeedDatabase database;
    private static StoredDetections stored;
    private static TlsFiles detectionTls;
    private static TlsFiles ingestTls;

    private FakeIngest ingest;
    private LiveRules rules;
    private RunningCanaries canaries;
    private Replica reader;

    @BeforeAll
    static void startStores() throws Exception {
        database = FeedDatabase.start(8, Duration.ofSeconds(2));
        stored = new StoredDetections(database.transactions());
        TestCertificates certificates = new TestCertificates(folder, Clock.systemUTC());
        detectionTls = certificates.service("detection");
        ingestTls = certificates.service("ingest");
    }

    @AfterAll
    static void stopStores() throws Exception {
        database.close();
    }

    @BeforeEach
    void startAll() throws Exception {
        forgetEverything();
        ingest = new FakeIngest(ingestTls).start();
        use(LiveRules.start(database.transactions(), Clock.systemUTC()));
    }

    private void use(LiveRules live) {
        rules = live;
        canaries = new RunningCanaries(settings(), live.canaries(), database.transactions());
        reader = startReader();
    }

    @AfterEach
    void stopAll() throws Exception {
        canaries.close();
        reader.stop();
        rules.close();
        ingest.close();
    }

    @Test
    void logSourcesThatArriveAreProvenAndOthersAreNotSent() {
        assertThat(canaries.report(PROCESS).state()).isEqualTo(CanaryReport.State.IDLE);
        telemetryArrives();
        canaries.start();

        CanaryReport report = awaitState(PROCESS, CanaryReport.State.PROVEN);

        assertThat(report.lastProven()).isPresent();
        assertThat(report.delay()).isLessThan(Duration.ofMinutes(1));
        assertThat(report.entry().rules()).isGreaterThan(5);
        assertThat(report.entry().probe().fields()).containsKeys("Image", "CommandLine");
        awaitState(FILE, CanaryReport.State.PROVEN);
        assertThat(canaries.report(CLOUDTRAIL).state()).isEqualTo(CanaryReport.State.IDLE);
    }

    @Test
    void nothingOfThemIsLeftBehind() {
        telemetryArrives();
        Map<String, Long> before = traces();
        String arrived = stored.text("SELECT max(last_time)::text FROM arrived_kind");
        canaries.start();

        awaitRounds(5);
        rules.writeActivity();

        assertThat(traces()).isEqualTo(before);
        assertThat(before.get("alert")).isPositive();
        assertThat(stored.text("SELECT max(last_time)::text FROM arrived_kind")).isEqualTo(arrived);
    }

    @Test
    void eventsOfAnAgentProveNothingAndRaiseNothing() {
        List<Event> forged =
                Canaries.all().stream()
                        .filter(canary -> canary.name().equals(PROCESS))
                        .map(canary ->
                                rules.canaries()
                                        .canaries()
                                        .find(canary.name())
                                        .orElseThrow()
                                        .probe()
                                        .event())
                        .toList();
        telemetryArrives();
        long alerts = stored.count("SELECT count(*) FROM alert");
        assertThat(forged).hasSize(1);

        ingest.append(HOST, forged);
        Await.until(() -> stored.count("SELECT max(sequence) FROM agent_mark"), mark -> mark == 2);

        assertThat(stored.count("SELECT count(*) FROM canary_partition")).isZero();
        assertThat(
                        stored.count(
                                "SELECT count(*) FROM rule_statistics WHERE rule_name LIKE 'canaries/%'"))
                .isZero();
        assertThat(stored.count("SELECT count(*) FROM alert")).isEqualTo(alerts);
    }

    @Test
    void aReaderThatStoppedIsNoticed() throws Exception {
        telemetryArrives();
        canaries.start();
        awaitState(PROCESS, CanaryReport.State.PROVEN);

        reader.kill();

        CanaryReport report = awaitState(PROCESS, CanaryReport.State.FAILING);
        assertThat(report.lastStage()).isEqualTo(CanaryStage.APPENDED);
        assertThat(report.failingPartitions()).containsExactly(0, 1, 2, 3);
        assertThat(report.lastProven()).isPresent();
        reader = startReader();
        awaitState(PROCESS, CanaryReport.State.PROVEN);
    }

    @Test
    void onePartitionThatIsStuckIsNamed() {
        telemetryArrives();
        canaries.start();
        awaitState(PROCESS, CanaryReport.State.PROVEN);

        ingest.stick(2);

        CanaryReport report =
                Await.until(
                        () -> canaries.report(PROCESS),
                        found -> found.failingPartitions().equals(List.of(2)));
        assertThat(report.state()).isEqualTo(CanaryReport.State.FAILING);
        assertThat(report.lastStage()).isEqualTo(CanaryStage.APPENDED);
        ingest.stick(-1);
        awaitState(PROCESS, CanaryReport.State.PROVEN);
    }

    @Test
    void aLogThatTakesNothingIsNoticed() {
        telemetryArrives();
        canaries.start();
        awaitState(PROCESS, CanaryReport.State.PROVEN);

        ingest.fill(true);

        CanaryReport report = awaitState(PROCESS, CanaryReport.State.FAILING);
        assertThat(report.lastStage()).isEqualTo(CanaryStage.COMPILED);
        assertThat(report.problem()).contains("full");
    }

    @Test
    void aTableThatLooksElsewhereIsNoticedForItsLogSourceAlone(@TempDir Path tables)
            throws Exception {
        stopAll();
        ingest = new FakeIngest(ingestTls).start();
        Files.writeString(
                tables.resolve("moved.yaml"),
                """
                logsource: {product: linux, category: process_creation}
                fields:
                  CommandLine: process.working_directory
                """);
        use(
                LiveRules.start(
                        database.transactions(),
                        Clock.systemUTC(),
                        List.of(),
                        Optional.of(tables)));
        telemetryArrives();
        canaries.start();

        CanaryReport report = awaitState(PROCESS, CanaryReport.State.FAILING);

        assertThat(report.lastStage()).isEqualTo(CanaryStage.READ);
        assertThat(report.problem()).contains("did not match");
        assertThat(report.lastProven()).isEmpty();
        awaitState(FILE, CanaryReport.State.PROVEN);
    }

    @Test
    void alertsThatCannotBeWrittenAreNoticed() throws Exception {
        telemetryArrives();
        canaries.start();
        awaitState(PROCESS, CanaryReport.State.PROVEN);
        asOwner("ALTER TABLE alert ADD CONSTRAINT broken CHECK (false) NOT VALID");
        try {
            CanaryReport report = awaitState(PROCESS, CanaryReport.State.FAILING);
            assertThat(report.lastStage()).isEqualTo(CanaryStage.MATCHED);
            assertThat(report.problem()).contains("broken");
        } finally {
            asOwner("ALTER TABLE alert DROP CONSTRAINT broken");
        }
        awaitState(PROCESS, CanaryReport.State.PROVEN);
    }

    @Test
    void replicasSendOneRoundBetweenThem() throws Exception {
        telemetryArrives();
        try (RunningCanaries other =
                new RunningCanaries(settings(), rules.canaries(), database.transactions())) {
            canaries.start();
            other.start();
            awaitRounds(5);
        }
        assertThat(
                        stored.count(
                                "SELECT count(DISTINCT appended_round) FROM canary_partition"
                                        + " WHERE appended_round > (SELECT round FROM canary_round)"))
                .isZero();
        assertThat(ingest.canaries(0)).doesNotHaveDuplicates().isSorted();
    }

    /** Commands and files of a host, matched, committed, and said to have arrived. */
    private void telemetryArrives() {
        ingest.append(
                HOST,
                new TestEvents()
                        .exec(1, 0, "/usr/lib/systemd/systemd", "/sbin/init", "root")
                        .exec(700, 1, "/usr/bin/dash", "sh", "root")
                        .write(700, "/etc/cron.d/sysupd")
                        .exec(701, 700, "/usr/bin/chmod", "chmod u+s /tmp/x", "root")
                        .all());
        Await.until(() -> stored.count("SELECT count(*) FROM alert"), alerts -> alerts > 0);
        rules.writeActivity();
    }

    private CanaryReport awaitState(String name, CanaryReport.State state) {
        return Await.until(() -> canaries.report(name), report -> report.state() == state);
    }

    private void awaitRounds(int rounds) {
        Await.until(
                () -> stored.count("SELECT coalesce(min(read_round), 0) FROM canary_partition"),
                read -> read >= rounds);
    }

    /** Rows of what analysts, agents and counts have. */
    private static Map<String, Long> traces() {
        return Map.of(
                "alert", stored.count("SELECT count(*) FROM alert"),
                "incident", stored.count("SELECT count(*) FROM incident"),
                "key", stored.count("SELECT count(*) FROM incident_key"),
                "gap", stored.count("SELECT count(*) FROM visibility_gap"),
                "mark", stored.count("SELECT count(*) FROM agent_mark"),
                "change", stored.count("SELECT coalesce(sum(head), 0) FROM feed_head"),
                "statistics",
                        stored.count(
                                "SELECT coalesce(sum(evaluated_events + matches + shadow_matches), 0)"
                                        + " FROM rule_statistics"),
                "canary",
                        stored.count(
                                "SELECT count(*) FROM rule_statistics WHERE rule_name LIKE 'canar%'"));
    }

    private Replica startReader() {
        return new Replica(database.transactions(), settings(), rules.rules(), Clock.systemUTC())
                .start();
    }

    private Settings settings() {
        return Replica.settings(ingest, detectionTls);
    }

    private static void asOwner(String sql) throws Exception {
        DatabaseConfig config = database.config();
        try (var connection =
                        DriverManager.getConnection(
                                config.url(),
                                config.migration().user(),
                                config.migration().password());
                Statement statement = connection.createStatement()) {
            statement.execute("SET search_path TO " + config.schema());
            statement.execute(sql);
        }
    }

    private static void forgetEverything() {
        database.transactions()
                .run(transaction -> {
                    try (Statement statement = transaction.connection().createStatement()) {
                        for (String table :
                                Set.of(
                                        "alert",
                                        "incident",
                                        "incident_key",
                                        "visibility_gap",
                                        "log_partition",
                                        "agent_mark",
                                        "host_process",
                                        "detector",
                                        "rule_statistics",
                                        "arrived_kind",
                                        "canary",
                                        "canary_partition",
                                        "canary_failure")) {
                            statement.execute("DELETE FROM " + table);
                        }
                        statement.execute(
                                "UPDATE canary_round SET round = 0, sent_time = '-infinity',"
                                        + " resumed_time = '-infinity'");
                    }
                });
    }
}
