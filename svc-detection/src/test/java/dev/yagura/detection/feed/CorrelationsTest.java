package dev.yagura.detection.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.common.tls.TlsFiles;
import dev.yagura.detection.Await;
import dev.yagura.detection.FakeIngest;
import dev.yagura.detection.TestEvents;
import dev.yagura.detection.rule.LiveRules;
import dev.yagura.proto.detection.v1.Alert;
import dev.yagura.proto.detection.v1.AlertCorrelation;
import dev.yagura.proto.detection.v1.AssetSnapshot;
import dev.yagura.proto.detection.v1.Entity;
import dev.yagura.proto.detection.v1.EntityKind;
import dev.yagura.proto.detection.v1.Incident;
import dev.yagura.proto.telemetry.v1.Device;
import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.testkit.PostgresFixture;
import dev.yagura.testkit.TestCertificates;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Both stages on a real PostgreSQL and a log behind a real gRPC server. */
class CorrelationsTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long HOUR = 3_600 * SECOND;
    private static final String FAILED = "c0000000-0000-4000-8000-000000000001";
    private static final String SUCCEEDED = "c0000000-0000-4000-8000-000000000002";
    private static final String MANY = "c0000000-0000-4000-8000-000000000003";
    private static final String GUESSED = "c0000000-0000-4000-8000-000000000004";

    @RegisterExtension static final PostgresFixture POSTGRES = PostgresFixture.of("detection");
    @TempDir static Path certificates;
    @TempDir Path pack;

    private static TlsFiles detectionTls;
    private static TlsFiles ingestTls;

    private final List<Replica> replicas = new ArrayList<>();
    private FakeIngest ingest;
    private @Nullable LiveRules rules;

    @BeforeAll
    static void prepare() throws Exception {
        POSTGRES.migrate();
        TestCertificates made = new TestCertificates(certificates, Clock.systemUTC());
        detectionTls = made.service("detection");
        ingestTls = made.service("ingest");
    }

    @BeforeEach
    void openLog() throws Exception {
        forgetEverything();
        ingest = new FakeIngest(ingestTls).start();
        write("failed", rule(FAILED, "Failed logon", "logon-failed"));
        write("succeeded", rule(SUCCEEDED, "Logon", "logon-ok"));
    }

    @AfterEach
    void stop() throws Exception {
        for (Replica replica : replicas) {
            replica.stop();
        }
        ingest.close();
        if (rules != null) {
            rules.close();
        }
    }

    @Test
    void eventsOfSeveralHostsMakeOneAlert() throws Exception {
        write("many", correlation(MANY, "event_count", FAILED, "gte: 5"));
        start();
        for (int second = 0; second < 7; second++) {
            append(host(second % 3), logon("logon-failed", "Alice", second));
            append(host(second % 3), logon("logon-failed", "bob" + second, second));
        }
        Alert alert = Await.until(stored()::alerts, all -> matches(all) == 7).getFirst();
        assertThat(stored().alerts()).hasSize(1);
        assertThat(alert.getRule().getId()).isEqualTo(MANY);
        assertThat(alert.getEntity().getKind()).isEqualTo(EntityKind.ENTITY_KIND_CORRELATION_GROUP);
        assertThat(alert.getEntity().getLabel()).isEqualTo("User=alice");
        assertThat(alert.getFirstMatchesList()).hasSize(7);
        assertThat(alert.getFirstMatches(0).getEvent().getProcess().getCmdLine())
                .isEqualTo("logon-failed");
        AlertCorrelation correlation = alert.getCorrelation();
        assertThat(correlation.getGroup(0).getField()).isEqualTo("User");
        assertThat(correlation.getGroup(0).getValue()).isEqualTo("alice");
        assertThat(correlation.getHostsList()).hasSize(3);
        assertThat(correlation.getFirstHeld().getSeconds() - correlation.getEarliest().getSeconds())
                .isEqualTo(4);
        Incident incident = stored().incidents().getFirst();
        assertThat(stored().incidents()).hasSize(1);
        assertThat(incident.getMembers(0).getTitle()).isEqualTo("Case " + MANY);
        assertThat(incident.getReach().getHostsList()).hasSize(3);
        assertThat(incident.getReach().getAssetsList())
                .extracting(AssetSnapshot::getHostId)
                .containsExactlyElementsOf(
                        incident.getReach().getHostsList().stream().map(Entity::getId).toList());
        assertThat(incident.getProcessesList()).isNotEmpty();
    }

    @Test
    void bruteForceThenSuccessIsOneCorrelatedAlert() throws Exception {
        write("many", correlation(MANY, "event_count", FAILED, "gte: 5") + "name: many\n");
        write(
                "guessed",
                """
                title: Guessed password
                id: %s
                level: critical
                tags: [attack.t1110]
                correlation:
                    type: temporal_ordered
                    rules: [many, %s]
                    group-by: [User]
                    timespan: 10m
                """
                        .formatted(GUESSED, SUCCEEDED));
        start();
        for (int second = 0; second < 6; second++) {
            append(host(0), logon("logon-failed", "alice", second));
            append(host(1), logon("logon-failed", "carol", second));
        }
        append(host(2), logon("logon-ok", "alice", 60));
        append(host(2), logon("logon-ok", "dave", 60));
        Alert alert = Await.until(stored()::alerts, all -> !all.isEmpty()).getFirst();
        awaitQuiet();
        assertThat(stored().alerts()).extracting(Alert::getName).containsExactly(alert.getName());
        assertThat(alert.getRule().getId()).isEqualTo(GUESSED);
        assertThat(alert.getRule().getTechniquesList()).containsExactly("T1110");
        assertThat(alert.getEntity().getLabel()).isEqualTo("User=alice");
        assertThat(stored().alerts().getFirst().getCorrelation().getHostsList()).hasSize(2);
    }

    @Test
    void lateShuffledSkewedAndKilledIsAsInOrder() throws Exception {
        write("many", correlation(MANY, "event_count", FAILED, "gte: 4") + "name: many\n");
        write(
                "guessed",
                """
                title: Guessed password
                id: %s
                correlation:
                    type: temporal
                    rules: [many, %s]
                    group-by: [User]
                    timespan: 5m
                    generate: true
                """
                        .formatted(GUESSED, SUCCEEDED));
        write(
                "spread",
                """
                title: Logons with few hosts
                id: c0000000-0000-4000-8000-000000000005
                correlation:
                    type: value_count
                    rules: [%s, %s]
                    group-by: [User]
                    timespan: 20m
                    condition: {field: CommandLine, eq: 2}
                """
                        .formatted(FAILED, SUCCEEDED));
        Random random = new Random(11);
        List<Logon> logons = new ArrayList<>();
        for (int i = 0; i < 240; i++) {
            long second = random.nextInt(3 * 3_600);
            logons.add(
                    new Logon(
                            random.nextInt(3),
                            random.nextInt(6) == 0 ? "logon-ok" : "logon-failed",
                            "user" + random.nextInt(4),
                            second,
                            second + (random.nextInt(4) == 0 ? random.nextInt(3_600) : 0)));
        }
        logons.sort(Comparator.comparingLong(Logon::second));
        start();
        logons.forEach(logon -> append(host(logon.host()), 0, logon.event(0)));
        Map<String, String> calm = settled(logons.size());
        assertThat(calm).hasSizeGreaterThan(20);
        assertThat(calm.values()).anyMatch(text -> text.contains("Guessed"));
        for (Replica replica : replicas) {
            replica.stop();
        }
        replicas.clear();
        forgetEverything();
        ingest.close();
        ingest = new FakeIngest(ingestTls).start();
        logons.sort(Comparator.comparingLong(Logon::arrival));
        ingest.entriesAPage(1);
        start();
        start();
        for (Logon logon : logons) {
            // The clock of one host is an hour behind, which its agent's hello has shown.
            long behind = logon.host() == 1 ? HOUR : 0;
            append(host(logon.host()), behind, logon.event(behind));
            if (random.nextInt(20) == 0) {
                replicas.remove(random.nextInt(replicas.size())).kill();
                start();
            }
        }
        assertThat(settled(logons.size())).isEqualTo(calm);
    }

    @Test
    void whatALateEventMakesAPartOfAnotherIsWithdrawn() throws Exception {
        write("two", correlation(MANY, "event_count", FAILED, "gte: 2"));
        start();
        append(host(0), logon("logon-failed", "alice", 605));
        append(host(0), logon("logon-failed", "alice", 610));
        Alert raised = Await.until(stored()::alerts, all -> !all.isEmpty()).getFirst();
        // Began in the period before: another id.
        append(host(1), logon("logon-failed", "alice", 590));
        append(host(1), logon("logon-failed", "alice", 594));
        List<Alert> after =
                Await.until(stored()::alerts, all -> all.stream().anyMatch(Alert::hasWithdrawTime));
        assertThat(after)
                .filteredOn(Alert::hasWithdrawTime)
                .extracting(Alert::getName)
                .containsExactly(raised.getName());
        assertThat(after)
                .filteredOn(alert -> !alert.hasWithdrawTime())
                .singleElement()
                .satisfies(alert -> assertThat(alert.getMatchCount()).isEqualTo(4));
    }

    private record Logon(int host, String command, String user, long second, long arrival) {
        Event event(long behindNs) {
            Event event = logon(command, user, second);
            return event.toBuilder()
                    .setTimeNs(event.getTimeNs() - behindNs)
                    .setObservedTimeNs(event.getObservedTimeNs() - behindNs)
                    .build();
        }
    }

    private void start() {
        if (rules == null) {
            rules =
                    LiveRules.start(
                            POSTGRES.transactions(),
                            Clock.systemUTC(),
                            List.of(pack),
                            Optional.empty());
        }
        replicas.add(
                new Replica(
                                POSTGRES.transactions(),
                                Replica.settings(ingest, detectionTls),
                                rules.rules(),
                                Clock.systemUTC())
                        .start());
    }

    private void append(Device host, Event event) {
        append(host, 0, event);
    }

    private void append(Device host, long clockOffsetNs, Event event) {
        ingest.append(host, clockOffsetNs, List.of(event));
    }

    /** Alerts that hold, when every event was matched and every member is in its group. */
    private Map<String, String> settled(int events) {
        Await.until(
                () ->
                        stored().count(
                                        "SELECT coalesce(sum(matches), 0) FROM rule_statistics WHERE rule_name LIKE '%"
                                                + FAILED
                                                + "' OR rule_name LIKE '%"
                                                + SUCCEEDED
                                                + "'"),
                matched -> matched == events);
        awaitQuiet();
        Map<String, String> settled = new TreeMap<>();
        for (Alert alert : stored().alerts()) {
            if (!alert.hasWithdrawTime()) {
                AlertCorrelation correlation = alert.getCorrelation();
                settled.put(
                        alert.getName(),
                        "%s of %s: %d on %s, earliest %d, held from %d to %d"
                                .formatted(
                                        alert.getRule().getTitle(),
                                        alert.getEntity().getLabel(),
                                        alert.getMatchCount(),
                                        correlation.getHostsList().stream()
                                                .map(AssetSnapshot::getHostname)
                                                .toList(),
                                        correlation.getEarliest().getSeconds(),
                                        correlation.getFirstHeld().getSeconds(),
                                        correlation.getLastHeld().getSeconds()));
                assertThat(alert.getIncident()).isNotEmpty();
            }
        }
        return settled;
    }

    private void awaitQuiet() {
        Await.until(
                () -> stored().count("SELECT count(*) FROM correlation_inbox"), left -> left == 0);
    }

    private static StoredDetections stored() {
        return new StoredDetections(POSTGRES.transactions());
    }

    private static long matches(List<Alert> alerts) {
        return alerts.stream().mapToLong(Alert::getMatchCount).sum();
    }

    private static void forgetEverything() {
        POSTGRES.execute(
                "TRUNCATE rule_statistics, rule_hour, log_partition, detector, agent_mark,"
                        + " host_process, alert, incident, incident_key, visibility_gap,"
                        + " feed_change, correlation_inbox, correlation_group, correlation_evidence");
    }

    private static Device host(int number) {
        return TestEvents.host("i-00000000000000c" + number);
    }

    private static Event logon(String command, String user, long second) {
        Event event = new TestEvents().exec(7, 1, "/usr/bin/login", command, user).all().getFirst();
        long time = event.getTimeNs() + second * SECOND;
        return event.toBuilder().setTimeNs(time).setObservedTimeNs(time).build();
    }

    private void write(String name, String text) throws Exception {
        Files.writeString(pack.resolve(name + ".yml"), text);
    }

    private static String rule(String id, String title, String word) {
        return """
        title: %s
        id: %s
        logsource: {product: linux, category: process_creation}
        level: low
        detection:
            sel:
                CommandLine|contains: %s
            condition: sel
        """
                .formatted(title, id, word);
    }

    private static String correlation(String id, String type, String rule, String condition) {
        return """
        title: Case %s
        id: %s
        level: high
        correlation:
            type: %s
            rules: [%s]
            group-by: [User]
            timespan: 10m
            condition: {%s}
        """
                .formatted(id, id, type, rule, condition);
    }
}
