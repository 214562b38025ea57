package dev.yagura.detection.alert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.detection.TestEvents;
import dev.yagura.detection.TestRules;
import dev.yagura.detection.asset.AssetReadModel;
import dev.yagura.detection.process.Lineage;
import dev.yagura.proto.detection.v1.Alert;
import dev.yagura.proto.detection.v1.Match;
import dev.yagura.proto.ingest.v1.LogEntry;
import dev.yagura.proto.ingest.v1.Position;
import dev.yagura.proto.telemetry.v1.Device;
import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.proto.telemetry.v1.Process;
import dev.yagura.sigma.taxonomy.SensorEvent;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AlertGroupTest {
    private static final Device HOST = TestEvents.host("i-000000000000000a");
    private static final Instant NOW = Instant.parse("2026-11-24T05:00:00Z");
    private static final long SECOND = 1_000_000_000L;

    private final Sightings sightings =
            new Sightings(
                    new AlertConfig(Duration.ofHours(1)), new AssetReadModel(), Clock.systemUTC());

    @Test
    void keepsTheFirstAndTheLastTenAndCountsAll() {
        Alert alert = group(IntStream.range(0, 35).mapToObj(index -> sighting(index, 0)).toList());
        assertThat(alert.getMatchCount()).isEqualTo(35);
        assertThat(indexes(alert.getFirstMatchesList()))
                .containsExactlyElementsOf(IntStream.range(0, 10).boxed().toList());
        assertThat(indexes(alert.getLastMatchesList()))
                .containsExactlyElementsOf(IntStream.range(25, 35).boxed().toList());
    }

    @Test
    void lateEventsBelongToTheirOwnPeriod() {
        UUID now = sighting(1, 0).alertId();
        assertThat(sighting(2, 39 * 60).alertId()).isEqualTo(now);
        assertThat(sighting(3, 40 * 60).alertId()).isNotEqualTo(now);
        assertThat(sighting(4, -20 * 60).alertId()).isEqualTo(now);
        assertThat(sighting(5, -20 * 60 - 1).alertId()).isNotEqualTo(now);
    }

    @Test
    void newestOccurrenceIsKeptWhateverTheOrder() {
        Alert alert = group(List.of(sighting(0, 100), sighting(1, 300), sighting(2, 200)));
        assertThat(alert.getTimes().getLastOccurred())
                .isEqualTo(Nanos.timestamp(TestEvents.START_NS + 300 * SECOND));
        assertThat(alert.getTimes().getOccurred())
                .isEqualTo(Nanos.timestamp(TestEvents.START_NS + 100 * SECOND));
    }

    @Test
    void sameEventGivesTheSameIds() {
        assertThat(sighting(1, 0).match().getId()).isEqualTo(sighting(1, 0).match().getId());
        assertThat(sighting(1, 0).match().getId()).isNotEqualTo(sighting(2, 0).match().getId());
    }

    @Test
    void entityIsPartOfTheId() {
        UUID one = sighting(shell(1, "a"), 0).alertId();
        assertThat(sighting(shell(1, "b"), 0).alertId()).isNotEqualTo(one);
    }

    @Test
    void largeEventsAreCutToSixteenKibibytes() {
        Event large =
                shell(1, "a").toBuilder()
                        .putUnmapped("long", "\uD83D\uDE00".repeat(30_000))
                        .setProcess(Process.newBuilder().setUid("a").setCmdLine("x".repeat(50_000)))
                        .build();
        BoundedCopy copy = BoundedCopy.of(large);
        assertThat(copy.truncated()).isTrue();
        assertThat(copy.event().getSerializedSize()).isLessThanOrEqualTo(BoundedCopy.MAX_BYTES);
        assertThat(copy.event().getProcess().getCmdLine()).startsWith("xxx");
        assertThat(BoundedCopy.of(shell(1, "a")).truncated()).isFalse();
    }

    @Test
    void subTechniquesAreFoundByTheTechniqueAbove() {
        assertThat(AlertGroup.techniqueKeys(List.of("T1059.004", "T1105")))
                .containsExactlyInAnyOrder("T1059", "T1059.004", "T1105");
    }

    private static Alert group(List<Sighting> all) {
        AlertGroup group = AlertGroup.first(all.getFirst(), NOW);
        all.forEach(sighting -> group.add(sighting, NOW));
        return group.alert();
    }

    private static List<Integer> indexes(List<Match> matches) {
        return matches.stream().map(match -> match.getEvidence().getEventIndex()).toList();
    }

    private static Event shell(int pid, String uid) {
        return Event.newBuilder()
                .setClassUid(1007)
                .setActivityId(1)
                .setProcess(
                        Process.newBuilder().setUid(uid).setPid(pid).setCmdLine("/bin/sh -c id"))
                .build();
    }

    private Sighting sighting(int index, long seconds) {
        return sighting(index, shell(1, "a"), seconds);
    }

    private Sighting sighting(Event event, long seconds) {
        return sighting(0, event, seconds);
    }

    private Sighting sighting(int index, Event event, long seconds) {
        Event timed = event.toBuilder().setTimeNs(TestEvents.START_NS + seconds * SECOND).build();
        return sightings.of(
                new LogRecord(
                        Position.getDefaultInstance(),
                        LogEntry.newBuilder().setAgentId("agent").setDevice(HOST).build(),
                        UUID.fromString(HOST.getHostId())),
                index,
                SensorEvent.of(timed),
                new TestRules().match(HOST, timed).getFirst(),
                Lineage.NONE);
    }
}
