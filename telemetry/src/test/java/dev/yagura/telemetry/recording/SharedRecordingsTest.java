package dev.yagura.telemetry.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.yagura.proto.telemetry.v1.Event;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/**
 * Public recordings, where they are beside the repository, read twice: here and by a plain tree.
 */
class SharedRecordingsTest {
    private static final Path DATA = Path.of("../../shared/data");

    /** Every event is counted, the values of one in so many are compared. */
    private static final int SAMPLE = 20;

    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void everyWindowsRecordArrivesWithItsValues() throws IOException {
        for (Path file : files("telemetry", "windows")) {
            List<JsonNode> trees = new ArrayList<>();
            try (BufferedReader lines =
                    new BufferedReader(
                            new InputStreamReader(
                                    new GZIPInputStream(Files.newInputStream(file)),
                                    StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    trees.add(JSON.readTree(line));
                }
            }
            List<Event> events = events(file);
            assertThat(events).as("%s", file).hasSameSizeAs(trees);
            Map<String, Integer> expected = new TreeMap<>();
            Map<String, Integer> counted = new TreeMap<>();
            for (int i = 0; i < trees.size(); i++) {
                JsonNode tree = trees.get(i);
                Event event = events.get(i);
                expected.merge(
                        kind(tree.path("Channel").asText(), tree.path("EventID").asText()),
                        1,
                        Integer::sum);
                counted.merge(
                        kind(
                                event.getUnmappedOrThrow("Channel"),
                                event.getUnmappedOrThrow("EventID")),
                        1,
                        Integer::sum);
                if (i % SAMPLE == 0) {
                    assertThat(event.getTimeNs()).isPositive();
                    String text = text(event);
                    for (String field : List.of("Image", "SubjectUserName", "TargetObject")) {
                        assertThat(text).contains(tree.path(field).asText());
                    }
                }
            }
            assertThat(counted).as("%s", file).isEqualTo(expected);
        }
    }

    @Test
    void everyRecordOfCloudTrailArrives() throws IOException {
        for (Path file : files("cloudtrail", "CloudTrail")) {
            JsonNode records;
            try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(file))) {
                records = JSON.readTree(in).path("Records");
            }
            List<Event> events = events(file);
            assertThat(events).as("%s", file).hasSize(records.size());
            for (int i = 0; i < records.size(); i++) {
                assertThat(events.get(i).getApi().getOperation())
                        .isEqualTo(records.get(i).path("eventName").asText());
                assertThat(events.get(i).getSourceRecordId())
                        .isEqualTo(records.get(i).path("eventID").asText());
                assertThat(events.get(i).getUnmappedMap())
                        .containsEntry("awsRegion", records.get(i).path("awsRegion").asText());
            }
        }
    }

    private static String kind(String channel, String eventId) {
        return channel + ' ' + eventId;
    }

    private static String text(Event event) {
        return event.getActor().getPath()
                + '\n'
                + event.getProcess().getPath()
                + '\n'
                + String.join("\n", event.getUnmappedMap().values());
    }

    private static List<Event> events(Path file) throws IOException {
        List<Event> events = new ArrayList<>();
        Recording.detect(file)
                .orElseThrow()
                .read(
                        Clock.systemUTC(),
                        (line, reason) -> {
                            throw new AssertionError(file + ": " + reason);
                        },
                        events::add);
        return events;
    }

    private static List<Path> files(String folder, String part) throws IOException {
        Path data = DATA.resolve(folder);
        assumeTrue(
                Files.isDirectory(data),
                () -> "no public recordings at " + data.toAbsolutePath().normalize());
        try (Stream<Path> files = Files.list(data)) {
            return files.filter(file -> file.getFileName().toString().contains(part))
                    .sorted()
                    .toList();
        }
    }
}
