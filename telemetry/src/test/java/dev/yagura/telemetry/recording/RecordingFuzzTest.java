package dev.yagura.telemetry.recording;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.telemetry.event.EventLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A file of any bytes is a recording of a known format, or of none; packed and damaged ones end in
 * the one exception that is declared. All the ways to read it tell the same events.
 */
class RecordingFuzzTest {
    private static Path file = Path.of("");

    @BeforeAll
    static void place(@TempDir Path folder) {
        file = folder.resolve("recording");
    }

    @FuzzTest(maxDuration = "90s")
    @Timeout(20)
    void readsAnyFile(byte[] input) throws Exception {
        Files.write(file, input);
        List<Event> events = new ArrayList<>();
        List<Long> numbers = new ArrayList<>();
        boolean whole = true;
        try {
            Optional<Recording> recording = Recording.detect(file);
            if (recording.isEmpty()) {
                return;
            }
            recording.get().read(Clock.systemUTC(), (line, reason) -> {}, events::add);
            recording
                    .get()
                    .pieces(
                            Clock.systemUTC(),
                            (line, reason) -> {},
                            piece ->
                                    piece.decode(
                                            (line, reason) -> {},
                                            (number, event) -> numbers.add(number)));
        } catch (IOException e) {
            whole = false;
        }
        for (Event event : events) {
            assertThat(event.toByteArray().length).isLessThanOrEqualTo(EventLimits.MAX_EVENT_BYTES);
        }
        if (whole) {
            assertThat(numbers).hasSameSizeAs(events).isSorted();
        }
    }
}
