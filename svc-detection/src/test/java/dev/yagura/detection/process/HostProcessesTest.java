package dev.yagura.detection.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.detection.TestEvents;
import dev.yagura.proto.telemetry.v1.Event;
import java.util.List;
import org.junit.jupiter.api.Test;

class HostProcessesTest {
    @Test
    void chainGoesUpToTheRootAndOwnEndsBelowTheFirstSharedOne() {
        Lineage lineage = lineage(table(100), "bash (855)");
        assertThat(lineage.chain())
                .extracting(ProcessFacts::label)
                .containsExactly("bash (855)", "dash (805)", "python3.11 (756)", "systemd (1)");
        assertThat(lineage.own()).hasSize(3);
    }

    @Test
    void payloadStartedByCronKnowsWhoWroteIt() {
        Lineage lineage = lineage(table(100), "bash (1298)");
        assertThat(lineage.origins())
                .anySatisfy(origin -> {
                    assertThat(origin.file()).isEqualTo("/var/tmp/.sysupd");
                    assertThat(origin.writer().getFirst().label()).isEqualTo("dash (898)");
                    assertThat(origin.inferred()).isFalse();
                });
    }

    @Test
    void scheduleIsTheOriginWhenTheFileItselfWasNotSeen() {
        HostProcesses table = new HostProcesses(100);
        TestEvents.scenario().all().stream()
                .filter(event -> !event.getFile().getPath().equals("/var/tmp/.sysupd"))
                .forEach(event -> observe(table, event));
        assertThat(lineage(table, "bash (1298)").origins())
                .anySatisfy(origin -> {
                    assertThat(origin.file()).isEqualTo("/etc/cron.d/sysupd");
                    assertThat(origin.inferred()).isTrue();
                });
    }

    @Test
    void storedTableIsTheSame() {
        HostProcesses table = table(100);
        HostProcesses restored = HostProcessesCodec.decode(HostProcessesCodec.encode(table), 100);
        assertThat(restored.processes()).containsExactlyElementsOf(table.processes().toList());
        assertThat(restored.writes()).containsExactlyElementsOf(table.writes().toList());
        assertThat(restored.takeChanged()).isFalse();
        assertThat(lineage(restored, "bash (1298)")).isEqualTo(lineage(table, "bash (1298)"));
    }

    @Test
    void keepsNoMoreThanAllowedAndForgetsTheOldest() {
        HostProcesses table = table(3);
        assertThat(table.processes()).hasSize(3);
        assertThat(table.processes().map(ProcessFacts::label)).contains("bash (1298)");
    }

    @Test
    void firstParentStaysWhenAProcessReplacesItsImage() {
        HostProcesses table = new HostProcesses(10);
        List<Event> events =
                new TestEvents()
                        .exec(1, 0, "/sbin/init", "init", "root")
                        .exec(7, 1, "/usr/bin/nohup", "nohup x", "root")
                        .all();
        events.forEach(event -> observe(table, event));
        Event again =
                events.getLast().toBuilder()
                        .setProcess(
                                events.getLast().getProcess().toBuilder()
                                        .setPath("/usr/bin/bash")
                                        .clearParentUid()
                                        .setParentPid(0))
                        .clearActor()
                        .build();
        observe(table, again);
        assertThat(table.lineage(again).chain())
                .extracting(ProcessFacts::label)
                .containsExactly("bash (7)", "init (1)");
    }

    private static HostProcesses table(int max) {
        HostProcesses table = new HostProcesses(max);
        TestEvents.scenario().all().forEach(event -> observe(table, event));
        return table;
    }

    private static void observe(HostProcesses table, Event event) {
        table.observe(event, event.getTimeNs(), 0);
    }

    private static Lineage lineage(HostProcesses table, String label) {
        return TestEvents.scenario().all().stream()
                .map(table::lineage)
                .filter(lineage ->
                        !lineage.chain().isEmpty()
                                && lineage.chain().getFirst().label().equals(label))
                .findFirst()
                .orElseThrow();
    }
}
