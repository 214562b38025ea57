package dev.yagura.bench.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RecordingTest {

    @TempDir private Path folder = Path.of("");

    @Test
    void cutsPausesAndKeepsRecordsOfOneEventTogether() throws Exception {
        Recording recording =
                read(
                        "type=SYSCALL msg=audit(100.500:7): a",
                        "type=PATH msg=audit(100.500:7): b",
                        "type=SYSCALL msg=audit(100.700:8): c",
                        "type=SYSCALL msg=audit(900.700:9): d");

        assertThat(recording.lines())
                .extracting(Recording.Line::offsetMillis)
                .containsExactly(0L, 0L, 200L, 700L);
        assertThat(recording.length()).isEqualTo(Duration.ofMillis(700));
    }

    @Test
    void givesEachRecordItsNewTimeAndLeavesTheRest() throws Exception {
        Recording recording = read("type=SYSCALL msg=audit(100.500:7): arch=c000003e success=yes");

        assertThat(recording.lines().getFirst().at(1_700_000_000_042L))
                .isEqualTo("type=SYSCALL msg=audit(1700000000.042:7): arch=c000003e success=yes");
    }

    @Test
    void keepsTheOrderOfTheFileWhereTimesStepBack() throws Exception {
        Recording recording =
                read(
                        "type=SYSCALL msg=audit(100.500:8): later",
                        "type=SYSCALL msg=audit(100.400:7): earlier");

        assertThat(recording.lines())
                .extracting(Recording.Line::offsetMillis)
                .containsExactly(100L, 0L);
    }

    @Test
    void playsEveryRecordIntoTheLog() throws Exception {
        Path log = folder.resolve("audit.log");
        List<String> played = new ArrayList<>();

        read(
                        "type=SYSCALL msg=audit(100.500:7): a",
                        "no record of the kernel",
                        "type=SYSCALL msg=audit(100.501:8): b")
                .play(log, played::add);

        assertThat(Files.readAllLines(log)).hasSize(2).isEqualTo(played);
    }

    private Recording read(String... lines) throws Exception {
        Path file = folder.resolve("recording.log");
        Files.write(file, List.of(lines));
        return Recording.read(file, Duration.ofMillis(500));
    }
}
