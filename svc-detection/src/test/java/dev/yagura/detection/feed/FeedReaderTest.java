package dev.yagura.detection.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.common.config.Settings;
import dev.yagura.common.error.DependencyUnavailableException;
import dev.yagura.common.tls.TlsFiles;
import dev.yagura.common.watch.ChangeFeed;
import dev.yagura.detection.Await;
import dev.yagura.detection.FakeIngest;
import dev.yagura.detection.TestEvents;
import dev.yagura.detection.TestRules;
import dev.yagura.detection.incident.DetectionWriter;
import dev.yagura.detection.incident.IncidentConfig;
import dev.yagura.proto.detection.v1.Alert;
import dev.yagura.proto.detection.v1.Incident;
import dev.yagura.proto.detection.v1.IncidentState;
import dev.yagura.proto.detection.v1.Match;
import dev.yagura.proto.telemetry.v1.Device;
import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.testkit.TestCertificates;
import java.nio.file.Path;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The reader on a real PostgreSQL and a log behind a real gRPC server, with everything failing. */
class FeedReaderTest {
    private static final Device FIRST = TestEvents.host("i-000000000000000a");
    private static final Device SECOND = TestEvents.host("i-000000000000000b");
    private static final int ROUNDS = 30;

    @TempDir static Path folder;

    private static FeedDatabase database;
    private static StoredDetections stored;
    private static TlsFiles detectionTls;
    private static TlsFiles ingestTls;

    private final List<Replica> readers = new ArrayList<>();
    private FakeIngest ingest;

    @BeforeAll
    static void startStores() throws Exception {
        database = FeedDatabase.start(6, Duration.ofSeconds(1));
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
    void openLog() throws Exception {
        forgetEverything();
        ingest = new FakeIngest(ingestTls).start();
    }

    @AfterEach
    void stopAll() throws Exception {
        for (Replica reader : readers) {
            reader.stop();
        }
        ingest.close();
    }

    @Test
    void killsAtAnyMomentLeaveTheAlertsOfACalmRun() throws Exception {
        ingest.entriesAPage(1);
        Random random = new Random(7);
        Replica reader = start();
        for (int round = 0; round < ROUNDS; round++) {
            append(round);
            if (random.nextInt(4) == 0) {
                kill(reader);
                reader = start();
            }
        }
        awaitMatches(expectedMatches());
        Map<String, String> afterKills = alerts();
        reader.stop();
        readers.remove(reader);
        forgetEverything();
        ingest.entriesAPage(64);
        start();
        awaitMatches(expectedMatches());
        assertThat(alerts()).isEqualTo(afterKills);
        assertThat(stored.incidents()).hasSize(2);
    }

    @Test
    void tableOfProcessesSurvivesAKill() throws Exception {
        TestEvents scenario = TestEvents.scenario();
        int cut = scenario.all().size() - 3;
        Replica reader = start();
        ingest.append(FIRST, scenario.all().subList(0, cut));
        awaitCommitted();
        kill(reader);
        start();
        ingest.append(FIRST, scenario.all().subList(cut, scenario.all().size()));
        List<Incident> found =
                Await.until(
                        stored::incidents,
                        all ->
                                all.stream()
                                        .flatMap(incident -> incident.getMembersList().stream())
                                        .anyMatch(member ->
                                                member.getEntity()
                                                        .getLabel()
                                                        .startsWith("bash (1298)")));
        assertThat(found).hasSize(1);
    }

    @Test
    void replicasShareThePartitionsAndTakeOver() throws Exception {
        Replica one = start();
        Await.until(one::owned, count -> count == FakeIngest.PARTITIONS);
        Replica two = start();
        Await.until(two::owned, count -> count == FakeIngest.PARTITIONS / 2);
        Await.until(one::owned, count -> count == FakeIngest.PARTITIONS / 2);
        for (int round = 0; round < ROUNDS / 2; round++) {
            append(round);
        }
        kill(one);
        for (int round = ROUNDS / 2; round < ROUNDS; round++) {
            append(round);
        }
        awaitMatches(expectedMatches());
        Await.until(two::owned, count -> count == FakeIngest.PARTITIONS);
        assertThat(stored.matches()).isEqualTo(expectedMatches());
    }

    @Test
    void postgresRestartedUnderLoadLosesAndDoublesNothing() throws Exception {
        start();
        for (int round = 0; round < ROUNDS; round++) {
            append(round);
            if (round == ROUNDS / 2) {
                database.postgres().server().kill();
                database.postgres().server().start();
                dropDeadConnections();
            }
        }
        awaitMatches(expectedMatches());
        assertThat(stored.matches()).isEqualTo(expectedMatches());
    }

    @Test
    void ingestAwayForAWhileDelaysOnly() throws Exception {
        start();
        append(0);
        awaitMatches(8);
        ingest.close();
        ingest.start();
        append(1);
        awaitMatches(16);
        assertThat(stored.matches()).isEqualTo(16);
    }

    @Test
    void anotherLogIsReadFromItsBeginningAndSaidToBeLost() throws Exception {
        start();
        append(0);
        awaitMatches(8);
        ingest.restored("second");
        append(1);
        awaitMatches(16);
        assertThat(stored.matches()).isEqualTo(16);
        assertThat(
                        stored.count(
                                "SELECT count(*) FROM visibility_gap WHERE reason LIKE 'the event log lost%'"))
                .isPositive();
        assertThat(stored.incidents())
                .allMatch(incident ->
                        incident.getVisibilityGapsList().stream()
                                .anyMatch(gap -> gap.getReason().contains("event log lost")));
    }

    @Test
    void missingAndUnreadableBatchesAreGapsOfTheIncident() throws Exception {
        start();
        append(0);
        ingest.skip(FIRST, 3);
        ingest.append(FIRST, 0, 5, new byte[] {1, 2, 3});
        append(1);
        awaitMatches(16);
        assertThat(stored.incidents())
                .anyMatch(incident -> incident.getVisibilityGapsCount() == 2)
                .allMatch(incident -> incident.getState() == IncidentState.INCIDENT_STATE_OPEN);
    }

    @Test
    void lossThatTheAgentDeclaredIsAGapOfTheIncident() throws Exception {
        start();
        append(0);
        ingest.declareLost(120);
        append(1);
        awaitMatches(16);
        assertThat(stored.incidents())
                .anyMatch(incident ->
                        incident.getVisibilityGapsList().stream()
                                .anyMatch(gap -> gap.getReason().contains("120 events lost")));
    }

    @Test
    void timesAreCorrectedByTheClockOffset() throws Exception {
        start();
        long hour = Duration.ofHours(1).toNanos();
        ingest.append(FIRST, hour, TestEvents.scenario().all());
        awaitMatches(8);
        Incident incident = stored.incidents().getFirst();
        assertThat(incident.getFirstOccurred().getSeconds())
                .isGreaterThanOrEqualTo((TestEvents.START_NS + hour) / 1_000_000_000L);
        assertThat(incident.getVisibilityGapsList())
                .anyMatch(gap -> gap.getReason().contains("clock is 3600 s behind"));
    }

    @Test
    void ingestIsToldWhereARestartWouldReadFrom() throws Exception {
        start();
        append(0);
        awaitMatches(8);
        Await.until(
                () -> ingest.floors().get(FakeIngest.partition(FIRST)),
                floor -> floor != null && floor.getOffset() >= 1);
    }

    private Replica start() {
        Replica reader =
                new Replica(
                                database.transactions(),
                                Replica.settings(ingest, detectionTls),
                                new TestRules(),
                                Clock.systemUTC())
                        .start();
        readers.add(reader);
        return reader;
    }

    private void kill(Replica reader) throws InterruptedException {
        readers.remove(reader);
        reader.kill();
    }

    @Test
    void ownerThatLostItsLeaseWritesNothing() {
        SqlPartitionStore store = new SqlPartitionStore(database.transactions());
        store.ensure(1);
        UUID old = UUID.randomUUID();
        Lease stale = store.round(old, Duration.ofMillis(1), 1).owned().getFirst();
        Lease current =
                Await.until(
                                () ->
                                        store.round(UUID.randomUUID(), Duration.ofMillis(1), 1)
                                                .owned(),
                                owned -> !owned.isEmpty())
                        .getFirst();
        assertThat(current.epoch()).isGreaterThan(stale.epoch());
        List<Lease> lost = new ArrayList<>();
        Committer committer =
                new Committer(
                        database.transactions(),
                        writer(),
                        FeedConfig.from(Settings.of("yagura.detection", Map.of())),
                        new FeedMetrics(),
                        Clock.systemUTC(),
                        new Committer.Listener() {
                            @Override
                            public void committed(Progress progress) {
                                throw new AssertionError("committed with a stale lease");
                            }

                            @Override
                            public void lost(Lease lease) {
                                lost.add(lease);
                            }
                        });
        committer.open(stale);
        Progress progress = new Progress(stale, new Place("", 0));
        progress.reached(new Place("first", 5));
        add(committer, progress);
        committer.close();
        committer.run();
        assertThat(lost).containsExactly(stale);
        assertThat(stored.count("SELECT max(cursor_offset) FROM log_partition")).isZero();
    }

    private static void add(Committer committer, Progress progress) {
        try {
            committer.add(progress);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static DetectionWriter writer() {
        return new DetectionWriter(
                IncidentConfig.from(Settings.of("yagura.detection", Map.of())),
                ChangeFeed.of("alerts", database.transactions()),
                ChangeFeed.of("incidents", database.transactions()),
                Clock.systemUTC());
    }

    /** Two hosts, four matches each. */
    private void append(int round) {
        for (Device host : List.of(FIRST, SECOND)) {
            ingest.append(host, events(round));
        }
    }

    private static List<Event> events(int round) {
        List<Event> events = new ArrayList<>();
        TestEvents one =
                new TestEvents()
                        .exec(1, 0, "/usr/lib/systemd/systemd", "/sbin/init", "root")
                        .exec(756, 1, "/usr/bin/python3.11", "python3 app.py", "www-data")
                        .exec(800 + round, 756, "/usr/bin/dash", "/bin/sh -c id", "www-data")
                        .exec(
                                900 + round,
                                800 + round,
                                "/usr/bin/curl",
                                "curl -o /tmp/x",
                                "www-data")
                        .connect(756, "203.0.113.66", 8443)
                        .write(756, "/etc/cron.d/x");
        events.addAll(one.all());
        return events;
    }

    private static long expectedMatches() {
        return 8L * ROUNDS;
    }

    private static void awaitMatches(long expected) {
        Await.until(stored::matches, count -> count >= expected);
    }

    private void awaitCommitted() {
        Await.until(
                () ->
                        stored.count(
                                "SELECT coalesce(max(cursor_offset), 0) FROM log_partition"
                                        + " WHERE incarnation <> ''"),
                offset -> offset >= 1);
    }

    /** What must be the same in every run. */
    private static Map<String, String> alerts() {
        Map<String, String> alerts = new TreeMap<>();
        for (Alert alert : stored.alerts()) {
            alerts.put(
                    alert.getName(),
                    alert.getMatchCount()
                            + " "
                            + alert.getFirstMatchesList().stream().map(Match::getId).toList()
                            + alert.getLastMatchesList().stream().map(Match::getId).toList());
        }
        return alerts;
    }

    /** The pool of this test's own questions has connections of before. */
    private static void dropDeadConnections() {
        Await.until(
                () -> {
                    try {
                        return !stored.alerts().isEmpty();
                    } catch (DependencyUnavailableException e) {
                        database.pool().getHikariPoolMXBean().softEvictConnections();
                        return false;
                    }
                },
                reachable -> reachable);
    }

    private static void forgetEverything() {
        database.transactions()
                .run(transaction -> {
                    try (Statement statement = transaction.connection().createStatement()) {
                        // The test's server commits in memory: a kill must not bring this back.
                        statement.execute("SET LOCAL synchronous_commit = on");
                        for (String table :
                                List.of(
                                        "alert",
                                        "incident",
                                        "incident_key",
                                        "visibility_gap",
                                        "log_partition",
                                        "agent_mark",
                                        "host_process",
                                        "detector")) {
                            statement.execute("DELETE FROM " + table);
                        }
                    }
                });
    }
}
