package dev.yagura.detection.alert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.detection.TestEvents;
import dev.yagura.detection.asset.AssetReadModel;
import dev.yagura.detection.process.HostProcesses;
import dev.yagura.detection.process.Lineage;
import dev.yagura.proto.detection.v1.RuleReference;
import dev.yagura.proto.detection.v1.Severity;
import dev.yagura.proto.ingest.v1.LogEntry;
import dev.yagura.proto.ingest.v1.Position;
import dev.yagura.proto.telemetry.v1.Device;
import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.sigma.engine.RuleMatch;
import dev.yagura.sigma.taxonomy.SensorEvent;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SightingCodecTest {
    private static final Device HOST = TestEvents.host("i-000000000000000a");

    @Test
    void everySightingOfTheScenarioComesBack() {
        HostProcesses processes = new HostProcesses(1_000);
        Sightings sightings =
                new Sightings(
                        new AlertConfig(Duration.ofHours(1)),
                        new AssetReadModel(),
                        Clock.systemUTC());
        LogRecord record =
                new LogRecord(
                        Position.newBuilder().setPartition(3).setOffset(9).build(),
                        LogEntry.newBuilder()
                                .setAgentId("agent")
                                .setSpoolId("spool")
                                .setDevice(HOST)
                                .setClockOffsetNs(5)
                                .build(),
                        UUID.fromString(HOST.getHostId()));
        RuleMatch match =
                new RuleMatch(
                        RuleReference.newBuilder().setId("rule").setTitle("Ünïcode").build(),
                        Severity.SEVERITY_HIGH,
                        List.of(),
                        "selection");
        boolean crossesTrees = false;
        for (Event event : TestEvents.scenario().all()) {
            processes.observe(event, event.getTimeNs(), 0);
            Lineage lineage = processes.lineage(event);
            crossesTrees |= !lineage.origins().isEmpty();
            Sighting sighting = sightings.of(record, 1, SensorEvent.of(event), match, lineage);
            assertThat(SightingCodec.decode(SightingCodec.encode(sighting))).isEqualTo(sighting);
        }
        assertThat(crossesTrees).isTrue();
    }
}
