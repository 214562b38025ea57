package dev.yagura.agent.spool;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.yagura.agent.event.AgentCounters;
import dev.yagura.agent.event.Problems;
import dev.yagura.proto.ingest.v1.TelemetryBatch;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that writes the spool in a loop is killed again and again (SIGKILL). */
class SpoolKillTest {
    private static final int KILLS = 20;
    private static final SpoolConfig CONFIG = new SpoolConfig(256 * 1024, 1L << 30, 0);

    @TempDir Path folder;

    /** Writes until it is killed; says which batch is on the disk. */
    static final class Writer {
        public static void main(String[] args) throws IOException {
            Random random = new Random(1);
            try (Spool spool =
                    new Spool(
                            Path.of(args[0]),
                            CONFIG,
                            Clock.systemUTC(),
                            new AgentCounters(),
                            new Problems())) {
                while (true) {
                    long sequence = spool.nextSequence();
                    byte[] blob = new byte[1 + random.nextInt(20_000)];
                    spool.append(
                            TelemetryBatch.newBuilder()
                                    .setEventCount(1)
                                    .setFirstEventTimeNs(sequence)
                                    .setEvents(ByteString.copyFrom(blob)));
                    spool.force();
                    System.out.println(sequence);
                }
            }
        }
    }

    @Test
    void losesNoBatchThatWasForced() throws Exception {
        Random random = new Random(7);
        long forced = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            forced = Math.max(forced, writeAndKill(5 + random.nextInt(40)));
            try (Spool spool =
                    new Spool(
                            folder,
                            CONFIG,
                            Clock.systemUTC(),
                            new AgentCounters(),
                            new Problems())) {
                assertThat(spool.nextSequence()).isGreaterThan(forced);
            }
        }
        try (Spool spool =
                new Spool(folder, CONFIG, Clock.systemUTC(), new AgentCounters(), new Problems())) {
            long next = 1;
            while (next < spool.nextSequence()) {
                SpoolEntry entry = spool.read(next).orElseThrow();
                assertThat(entry.firstSequence()).isEqualTo(next);
                if (entry instanceof SpoolEntry.Batch batch) {
                    assertThat(batch.batch().getFirstEventTimeNs()).isEqualTo(next);
                } else {
                    assertThat(((SpoolEntry.Gap) entry).reason())
                            .isEqualTo("a damaged end of a spool segment");
                }
                next = entry.lastSequence() + 1;
            }
        }
    }

    /** Kills after some batches; returns the last one that was said to be on the disk. */
    private long writeAndKill(int batches) throws Exception {
        Process writer =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx64m",
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Writer.class.getName(),
                                folder.toString())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        long last = 0;
        try (BufferedReader out = writer.inputReader(StandardCharsets.UTF_8)) {
            for (int i = 0; i < batches; i++) {
                String line = out.readLine();
                assertThat(line).as("the writer ended by itself").isNotNull();
                last = line.matches("\\d+") ? Long.parseLong(line) : last;
            }
            writer.destroyForcibly().waitFor();
        }
        return last;
    }
}
