package dev.yagura.agent.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.yagura.agent.event.AgentCounters;
import dev.yagura.agent.event.Problems;
import dev.yagura.proto.ingest.v1.TelemetryBatch;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolTest {
    private static final int EVENTS = 10;
    private static final SpoolConfig CONFIG = new SpoolConfig(64 * 1024, 1024 * 1024, 0);

    @TempDir Path folder;

    private final AgentCounters counters = new AgentCounters();
    private final Problems problems = new Problems();

    @Test
    void givesBackWhatWasSpooledAfterARestart() throws IOException {
        UUID id;
        try (Spool spool = open(CONFIG)) {
            id = spool.id();
            append(spool, 30, 10_000);
            spool.acknowledge(7);
        }
        try (Spool spool = open(CONFIG)) {
            assertThat(spool.id()).isEqualTo(id);
            assertThat(spool.oldestSequence()).isEqualTo(8);
            assertThat(spool.nextSequence()).isEqualTo(31);
            assertThat(readFrom(spool, 8)).hasSize(23).allMatch(SpoolEntry.Batch.class::isInstance);
        }
    }

    @Test
    void neverChangesABatch() throws IOException {
        SpoolEntry before;
        try (Spool spool = open(CONFIG)) {
            append(spool, 3, 5_000);
            before = spool.read(2).orElseThrow();
        }
        try (Spool spool = open(CONFIG)) {
            assertThat(spool.read(2)).contains(before);
        }
    }

    @Test
    void deletesAcknowledgedSegmentsAndKeepsCounting() throws IOException {
        try (Spool spool = open(CONFIG)) {
            append(spool, 30, 10_000);
            spool.acknowledge(30);
        }
        assertThat(segments()).isEmpty();
        try (Spool spool = open(CONFIG)) {
            assertThat(spool.nextSequence()).isEqualTo(31);
            append(spool, 1, 100);
            assertThat(spool.read(31)).get().isInstanceOf(SpoolEntry.Batch.class);
        }
    }

    @Test
    void cutsATornTailAndDoesNotUseItsNumbersAgain() throws IOException {
        try (Spool spool = open(CONFIG)) {
            append(spool, 5, 10_000);
        }
        Path last = segments().getLast();
        truncate(last, Files.size(last) - 17);

        try (Spool spool = open(CONFIG)) {
            assertThat(readFrom(spool, 1).subList(0, 4))
                    .allMatch(SpoolEntry.Batch.class::isInstance);
            SpoolEntry gap = spool.read(5).orElseThrow();
            assertThat(gap).isInstanceOf(SpoolEntry.Gap.class);
            assertThat(spool.nextSequence()).isEqualTo(gap.lastSequence() + 1).isGreaterThan(5);
            append(spool, 1, 100);
            assertThat(spool.read(gap.lastSequence() + 1))
                    .get()
                    .isInstanceOf(SpoolEntry.Batch.class);
        }
    }

    @Test
    void declaresADamagedSegmentAndKeepsTheOthers() throws IOException {
        try (Spool spool = open(CONFIG)) {
            append(spool, 20, 10_000);
        }
        flipByte(segments().getFirst(), 15_000);

        try (Spool spool = open(CONFIG)) {
            List<SpoolEntry> entries = readFrom(spool, 1);
            assertThat(entries).filteredOn(SpoolEntry.Gap.class::isInstance).hasSize(1);
            assertThat(entries.get(1)).isInstanceOf(SpoolEntry.Gap.class);
            assertThat(entries.getLast().lastSequence()).isEqualTo(20);
            assertThat(entries)
                    .isSortedAccordingTo(
                            (a, b) -> Long.compare(a.firstSequence(), b.firstSequence()));
        }
        assertThat(folder.resolve("damaged")).isNotEmptyDirectory();
    }

    @Test
    void declaresDamageThatHappensWhileItIsOpen() throws IOException {
        try (Spool spool = open(CONFIG)) {
            append(spool, 20, 10_000);
            spool.force();
            flipByte(segments().getFirst(), 15_000);

            SpoolEntry gap = spool.read(2).orElseThrow();

            assertThat(gap).isInstanceOf(SpoolEntry.Gap.class);
            assertThat(spool.read(gap.lastSequence() + 1))
                    .get()
                    .isInstanceOf(SpoolEntry.Batch.class);
            assertThat(problems.current()).anyMatch(text -> text.contains("damaged"));
        }
    }

    @Test
    void evictsTheOldestBeyondItsSizeAndDeclaresTheLoss() throws IOException {
        SpoolConfig small = new SpoolConfig(64 * 1024, 256 * 1024, 0);
        try (Spool spool = open(small)) {
            append(spool, 60, 10_000);

            assertThat(spool.bytes()).isLessThanOrEqualTo(small.maxBytes());
            List<SpoolEntry> entries = readFrom(spool, 1);
            long lost =
                    entries.stream()
                            .filter(SpoolEntry.Gap.class::isInstance)
                            .mapToLong(SpoolEntry::events)
                            .sum();
            long kept = entries.stream().filter(SpoolEntry.Batch.class::isInstance).count();
            assertThat(lost + kept * EVENTS).isEqualTo(60 * EVENTS);
            assertThat(counters.eventsLost()).isEqualTo(lost).isPositive();
        }
        try (Spool spool = open(small)) {
            assertThat(spool.read(1)).get().isInstanceOf(SpoolEntry.Gap.class);
        }
    }

    @Test
    void refusesBatchesBelowTheFloorOfFreeDiskSpaceWithoutFailing() throws IOException {
        try (Spool spool = open(new SpoolConfig(64 * 1024, 1024 * 1024, Long.MAX_VALUE / 2))) {
            assertThat(spool.append(batch(100))).isFalse();
            assertThat(problems.current()).singleElement().asString().contains("free disk space");
            assertThat(spool.nextSequence()).isEqualTo(1);
        }
    }

    @Test
    void skipsNumbersThatTheLogKnowsAlready() throws IOException {
        try (Spool spool = open(CONFIG)) {
            append(spool, 2, 100);
            spool.skipTo(9);
            append(spool, 1, 100);
            assertThat(spool.read(3)).get().isInstanceOf(SpoolEntry.Gap.class);
            assertThat(spool.read(9)).get().isInstanceOf(SpoolEntry.Batch.class);
        }
    }

    @Test
    void takesANewIdWhenItsLedgerIsDamaged() throws IOException {
        UUID before;
        try (Spool spool = open(CONFIG)) {
            before = spool.id();
            append(spool, 3, 100);
        }
        Files.writeString(folder.resolve("ledger"), "garbage");
        try (Spool spool = open(CONFIG)) {
            assertThat(spool.id()).isNotEqualTo(before);
            assertThat(readFrom(spool, 1)).hasSize(3);
        }
    }

    @Test
    void isForOneProcessAtATime() throws IOException {
        try (Spool spool = open(CONFIG)) {
            assertThat(spool.nextSequence()).isEqualTo(1);
            assertThatThrownBy(() -> open(CONFIG))
                    .isInstanceOf(SpoolInUseException.class)
                    .hasMessageContaining("stop it");
        }
    }

    private Spool open(SpoolConfig config) throws IOException {
        return new Spool(folder, config, Clock.systemUTC(), counters, problems);
    }

    private static void append(Spool spool, int batches, int bytes) {
        for (int i = 0; i < batches; i++) {
            assertThat(spool.append(batch(bytes))).isTrue();
        }
    }

    private static TelemetryBatch.Builder batch(int bytes) {
        byte[] blob = new byte[bytes];
        new Random(bytes).nextBytes(blob);
        return TelemetryBatch.newBuilder()
                .setEventCount(EVENTS)
                .setFirstEventTimeNs(1)
                .setEvents(ByteString.copyFrom(blob));
    }

    private static List<SpoolEntry> readFrom(Spool spool, long sequence) throws IOException {
        List<SpoolEntry> entries = new ArrayList<>();
        for (var next = spool.read(sequence);
                next.isPresent();
                next = spool.read(entries.getLast().lastSequence() + 1)) {
            entries.add(next.get());
        }
        return entries;
    }

    private List<Path> segments() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(Segment.SUFFIX)).sorted().toList();
        }
    }

    private static void truncate(Path file, long size) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.setLength(size);
        }
    }

    private static void flipByte(Path file, long position) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.seek(position);
            int value = open.read();
            open.seek(position);
            open.write(~value);
        }
    }
}
