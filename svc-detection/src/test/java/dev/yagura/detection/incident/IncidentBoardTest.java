package dev.yagura.detection.incident;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.detection.TestEvents;
import dev.yagura.detection.TestRules;
import dev.yagura.detection.alert.AlertConfig;
import dev.yagura.detection.alert.LogRecord;
import dev.yagura.detection.alert.Sighting;
import dev.yagura.detection.alert.Sightings;
import dev.yagura.detection.asset.AssetReadModel;
import dev.yagura.detection.process.HostProcesses;
import dev.yagura.proto.detection.v1.EdgeKind;
import dev.yagura.proto.detection.v1.Incident;
import dev.yagura.proto.detection.v1.IncidentState;
import dev.yagura.proto.detection.v1.ScoreContribution;
import dev.yagura.proto.detection.v1.ScoreKind;
import dev.yagura.proto.detection.v1.Severity;
import dev.yagura.proto.ingest.v1.LogEntry;
import dev.yagura.proto.ingest.v1.Position;
import dev.yagura.proto.telemetry.v1.Device;
import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.sigma.engine.RuleMatch;
import dev.yagura.sigma.taxonomy.SensorEvent;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class IncidentBoardTest {
    private static final Device HOST = TestEvents.host("i-000000000000000a");
    private static final Instant NOW = Instant.parse("2026-11-24T05:00:00Z");
    private static final IncidentConfig CONFIG =
            new IncidentConfig(Duration.ofHours(1), 1_000, 2_000);

    private MemoryBoard board = new MemoryBoard(CONFIG, NOW);

    @Test
    void recordedAttackIsOneIncidentThroughTheFileThatCronRuns() {
        run(sightings(TestEvents.scenario()));
        Incident incident = only();
        assertThat(incident.getSeverity()).isEqualTo(Severity.SEVERITY_CRITICAL);
        assertThat(incident.getRootCause().getLabel()).isEqualTo("python3.11 (756)");
        assertThat(incident.getRootCauseReason())
                .contains("systemd (1)")
                .contains("through a file");
        assertThat(incident.getEdgesList())
                .anyMatch(edge ->
                        edge.getKind() == EdgeKind.EDGE_KIND_WROTE
                                && edge.getTo().getId().equals("/var/tmp/.sysupd"));
        assertThat(incident.getEdgesList())
                .anyMatch(edge ->
                        edge.getKind() == EdgeKind.EDGE_KIND_CONNECTED
                                && edge.getTo().getId().equals("203.0.113.66")
                                && edge.getConfidence() == 100);
        assertThat(incident.getProcessesList())
                .anyMatch(node -> node.getPath().endsWith("/systemd"))
                .anyMatch(node -> node.getPath().endsWith("/cron"));
        int severity =
                incident.getContributionsList().stream()
                        .filter(part -> part.getKind() == ScoreKind.SCORE_KIND_SEVERITY)
                        .mapToInt(part -> part.getPoints())
                        .sum();
        assertThat(severity).isGreaterThanOrEqualTo(90);
    }

    @Test
    void howTheLogIsCutChangesNothing() {
        List<Sighting> all = sightings(TestEvents.scenario());
        run(all);
        Incident together = only();
        board = new MemoryBoard(CONFIG, NOW);
        all.forEach(sighting -> run(List.of(sighting)));
        assertThat(only()).isEqualTo(together);
    }

    @Test
    void shuffledMatchesEndInOneIncidentWithTheSameMembers() {
        List<Sighting> all = new ArrayList<>(sightings(TestEvents.scenario()));
        run(all);
        Set<String> members = members(only());
        for (int seed = 0; seed < 20; seed++) {
            board = new MemoryBoard(CONFIG, NOW);
            Collections.shuffle(all, new Random(seed));
            all.forEach(sighting -> run(List.of(sighting)));
            List<Incident> open = in(IncidentState.INCIDENT_STATE_OPEN);
            assertThat(open).as("seed %d", seed).hasSize(1);
            assertThat(members(open.getFirst())).isEqualTo(members);
            assertThat(open.getFirst().getSeverity()).isEqualTo(Severity.SEVERITY_CRITICAL);
            assertThat(open.getFirst().getRootCause().getLabel()).isEqualTo("python3.11 (756)");
        }
    }

    private static Set<String> members(Incident incident) {
        return incident.getMembersList().stream()
                .map(member -> member.getAlert())
                .collect(Collectors.toSet());
    }

    @Test
    void treesBelowAProcessThatAllShareStayApart() {
        run(
                sightings(
                        new TestEvents()
                                .exec(1, 0, "/usr/lib/systemd/systemd", "init", "root")
                                .exec(10, 1, "/usr/sbin/sshd", "sshd", "root")
                                .exec(100, 10, "/usr/bin/dash", "/bin/sh -c id", "a")
                                .exec(200, 10, "/usr/bin/dash", "/bin/sh -c id", "b")));
        assertThat(board.stored()).hasSize(2);
    }

    @Test
    void sameAddressJoinsWithinTheWindowAndMergesWhatWasApart() {
        TestEvents events =
                new TestEvents()
                        .exec(1, 0, "/usr/lib/systemd/systemd", "init", "root")
                        .exec(100, 1, "/usr/bin/dash", "/bin/sh -c a", "a")
                        .exec(200, 1, "/usr/bin/dash", "/bin/sh -c b", "b")
                        .connect(100, "203.0.113.66", 8443)
                        .connect(200, "203.0.113.66", 8443);
        List<Sighting> all = sightings(events);
        all.forEach(sighting -> run(List.of(sighting)));
        List<Incident> open = in(IncidentState.INCIDENT_STATE_OPEN);
        List<Incident> merged = in(IncidentState.INCIDENT_STATE_MERGED);
        assertThat(open).hasSize(1);
        assertThat(merged).hasSize(1);
        assertThat(merged.getFirst().getMergedInto()).isEqualTo(open.getFirst().getName());
        assertThat(open.getFirst().getMergedFromList())
                .containsExactly(merged.getFirst().getName());
        assertThat(open.getFirst().getMembersCount()).isEqualTo(4);
        assertThat(open.getFirst().getName()).endsWith(all.getFirst().alertId().toString());
        assertThat(board.alerts())
                .allMatch(alert ->
                        open.getFirst().getName().endsWith(String.valueOf(alert.incidentId())));
    }

    @Test
    void metadataServiceJoinsNothing() {
        run(
                sightings(
                        new TestEvents()
                                .exec(1, 0, "/usr/lib/systemd/systemd", "init", "root")
                                .exec(100, 1, "/usr/bin/a", "a", "a")
                                .exec(200, 1, "/usr/bin/b", "b", "b")
                                .connect(100, "169.254.169.254", 8443)
                                .connect(200, "169.254.169.254", 8443)));
        assertThat(board.stored()).hasSize(2);
    }

    @Test
    void matchOnAClosedIncidentOpensOneThatContinuesIt() {
        List<Sighting> all = sightings(TestEvents.scenario());
        run(all.subList(0, 2));
        Incident first = only();
        StoredIncident before = board.stored().values().iterator().next();
        board.stored()
                .put(
                        before.id(),
                        new StoredIncident(
                                before.id(),
                                before.hostId(),
                                before.version(),
                                first.toBuilder()
                                        .setState(IncidentState.INCIDENT_STATE_CLOSED)
                                        .build()));
        run(all.subList(2, all.size()));
        Incident next = in(IncidentState.INCIDENT_STATE_OPEN).getFirst();
        assertThat(board.stored()).hasSize(2);
        assertThat(next.getContinues()).isEqualTo(first.getName());
    }

    @Test
    void oneLowAlertStaysLow() {
        run(
                sightings(
                        new TestEvents()
                                .exec(1, 0, "/usr/lib/systemd/systemd", "init", "root")
                                .exec(5, 1, "/usr/bin/curl", "curl -o /tmp/x", "a")));
        assertThat(only().getSeverity()).isEqualTo(Severity.SEVERITY_MEDIUM);
        assertThat(only().getConfidence()).isEqualTo(20);
    }

    @Test
    void priorityFollowsTheHostThatMattersMost() {
        run(sightings(TestEvents.scenario()));
        Incident unknown = assessed("");
        assertThat(criticality(unknown).getPoints()).isZero();
        assertThat(criticality(unknown).getLabel()).contains("unknown");

        Incident low = assessed("low");
        assertThat(low.getPriority()).isEqualTo(unknown.getPriority() - 10);
        assertThat(low.getSeverity()).isEqualTo(unknown.getSeverity());
        assertThat(assessed("medium").getPriority()).isEqualTo(unknown.getPriority());
        assertThat(assessed("low", "").getPriority())
                .as("what is unknown is not low")
                .isEqualTo(unknown.getPriority());
        assertThat(criticality(assessed("low", "High", "")).getPoints()).isEqualTo(10);
        assertThat(criticality(assessed("tier 1")).getLabel())
                .contains("unknown", "\"tier 1\" is no level");

        Incident critical = assessed("low", "CRITICAL");
        assertThat(criticality(critical).getLabel()).isEqualTo("criticality of host-1: critical");
        assertThat(critical.getPriority()).isEqualTo(100);
        assertThat(
                        critical.getContributionsList().stream()
                                .filter(part -> part.getKind() == ScoreKind.SCORE_KIND_PRIORITY)
                                .mapToInt(ScoreContribution::getPoints)
                                .sum())
                .isEqualTo(100);
    }

    /** The incident, had its hosts these tags. */
    private Incident assessed(String... levels) {
        Incident.Builder incident = only().toBuilder();
        incident.getAssetBuilder().setInstanceProfileArn("arn:aws:iam::1:instance-profile/a");
        incident.getReachBuilder().clearAssets();
        for (int i = 0; i < levels.length; i++) {
            incident.getReachBuilder()
                    .addAssets(
                            incident.getAsset().toBuilder()
                                    .setHostId(
                                            i == 0 ? incident.getAsset().getHostId() : "host-" + i)
                                    .setHostname("host-" + i)
                                    .setCriticality(levels[i]));
        }
        Assessment.assess(incident);
        return incident.build();
    }

    private static ScoreContribution criticality(Incident incident) {
        return incident.getContributionsList().stream()
                .filter(part -> part.getLabel().startsWith("criticality"))
                .findFirst()
                .orElseThrow();
    }

    private Incident only() {
        assertThat(board.stored()).hasSize(1);
        return board.stored().values().iterator().next().incident();
    }

    private List<Incident> in(IncidentState state) {
        return board.stored().values().stream()
                .map(StoredIncident::incident)
                .filter(incident -> incident.getState() == state)
                .toList();
    }

    /** One transaction. */
    private void run(List<Sighting> sightings) {
        board.write(sightings);
    }

    private static List<Sighting> sightings(TestEvents events) {
        Sightings maker =
                new Sightings(
                        new AlertConfig(Duration.ofHours(1)),
                        new AssetReadModel(),
                        Clock.systemUTC());
        HostProcesses processes = new HostProcesses(100);
        List<Sighting> all = new ArrayList<>();
        LogRecord record =
                new LogRecord(
                        Position.getDefaultInstance(),
                        LogEntry.newBuilder().setAgentId("agent").setDevice(HOST).build(),
                        UUID.fromString(HOST.getHostId()));
        int index = 0;
        for (Event event : events.all()) {
            processes.observe(event, event.getTimeNs(), 0);
            for (RuleMatch rule : new TestRules().match(HOST, event)) {
                all.add(
                        maker.of(
                                record,
                                index,
                                SensorEvent.of(event),
                                rule,
                                processes.lineage(event)));
            }
            index++;
        }
        return all;
    }
}
