package dev.yagura.indicator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.proto.detection.v1.Severity;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Cases of patterns in cases/stix-patterns.txt. */
class StixIndicatorsTest {
    private static final IndicatorEntry.Defaults DEFAULTS =
            new IndicatorEntry.Defaults(Severity.SEVERITY_HIGH, 50);
    private static final String ID = "indicator--8e2e2d2b-17d4-4cbf-938f-98ee46b3cd3f";

    @TestFactory
    Stream<DynamicTest> readsPatternsOrRefusesThemWhole() throws Exception {
        List<String> lines;
        try (InputStream in =
                StixIndicatorsTest.class.getResourceAsStream("/cases/stix-patterns.txt")) {
            lines = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
        return lines.stream()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split(" \\| ", 2))
                .map(parts -> DynamicTest.dynamicTest(parts[0], () -> check(parts[0], parts[1])));
    }

    private static void check(String pattern, String expected) throws Exception {
        if (expected.startsWith("! ")) {
            assertThatThrownBy(() -> StixPattern.keys(pattern))
                    .isInstanceOf(MalformedIndicatorException.class)
                    .hasMessageContaining(expected.substring(2));
        } else {
            assertThat(
                            StixPattern.keys(pattern).stream()
                                    .map(key -> key.kind().word() + " " + key.value())
                                    .collect(Collectors.joining(", ")))
                    .isEqualTo(expected);
        }
    }

    @Test
    void readsAnIndicatorWithItsValidity() throws Exception {
        CollectedEntries read =
                read(
                        bundle(
                                indicator(
                                        """
                                        "pattern": "[domain-name:value = 'evil.example']",
                                        "valid_from": "2026-01-01T00:00:00.000Z",
                                        "valid_until": "2026-06-01T00:00:00Z",
                                        "modified": "2026-01-02T00:00:00.000Z",
                                        "revoked": true, "confidence": 85, "name": "C2 of X",
                                        "labels": ["x"], "indicator_types": ["malicious-activity"],
                                        "kill_chain_phases": [
                                          {"kill_chain_name": "mitre-attack", "phase_name": "command-and-control"},
                                          {"kill_chain_name": "other", "phase_name": "no"}]
                                        """)));
        assertThat(read.entries)
                .containsExactly(
                        new IndicatorEntry(
                                new IndicatorKey(IndicatorKind.DOMAIN, "evil.example"),
                                ID,
                                Instant.parse("2026-01-01T00:00:00Z"),
                                Instant.parse("2026-06-01T00:00:00Z"),
                                true,
                                85,
                                Severity.SEVERITY_HIGH,
                                List.of("attack.command-and-control", "malicious-activity", "x"),
                                "C2 of X",
                                Instant.parse("2026-01-02T00:00:00Z")));
    }

    @Test
    void leavesOutWhatItCannotExpressAndSaysWhich() throws Exception {
        String valid = "\"valid_from\": \"2026-01-01T00:00:00Z\"";
        CollectedEntries read =
                read(
                        bundle(
                                "{\"type\": \"identity\", \"id\": \"identity--1\"}",
                                indicator(
                                        "\"pattern\": \"[domain-name:value = 'a.example' AND url:value = 'http://b.example/']\","
                                                + valid),
                                indicator(
                                        "\"pattern\": \"[domain-name:value = 'a.example' OR file:size = '1']\","
                                                + valid),
                                indicator("\"pattern\": \"[domain-name:value = 'a.example']\""),
                                indicator(
                                                "\"pattern\": \"[domain-name:value = 'a.example']\","
                                                        + valid)
                                        .replace("\"2.1\"", "\"2.0\""),
                                indicator("\"pattern\": \"alert tcp\"," + valid)
                                        .replace("\"stix\"", "\"snort\""),
                                indicator(
                                        "\"pattern\": \"[domain-name:value = 'ok.example']\","
                                                + valid)));
        assertThat(read.values()).containsExactly("domain ok.example");
        assertThat(read.ignored).isEqualTo(1);
        assertThat(read.rejected)
                .hasSize(5)
                .allSatisfy(problem -> assertThat(problem).contains(ID))
                .satisfiesExactly(
                        problem -> assertThat(problem).contains("only OR may join"),
                        problem -> assertThat(problem).contains("compares file:size"),
                        problem -> assertThat(problem).contains("valid_from is missing"),
                        problem -> assertThat(problem).contains("spec_version is '2.0'"),
                        problem -> assertThat(problem).contains("pattern_type is 'snort'"));
    }

    @Test
    void refusesWhatIsNoBundle() {
        assertThatThrownBy(() -> read("[]")).hasMessageContaining("is no STIX bundle");
        assertThatThrownBy(() -> read("{\"type\": \"report\"}"))
                .isInstanceOf(UnreadableImportException.class)
                .hasMessageContaining("is no STIX bundle");
        assertThatThrownBy(() -> read("<html>")).hasMessageContaining("is no JSON");
        assertThatThrownBy(() -> read("{\"type\": \"bundle\", \"objects\": [{"))
                .isInstanceOf(UnreadableImportException.class);
    }

    private static String bundle(String... objects) {
        return "{\"type\": \"bundle\", \"id\": \"bundle--1\",\n\"objects\": [\n"
                + String.join(",\n", objects)
                + "\n]}";
    }

    private static String indicator(String fields) {
        return "{\"type\": \"indicator\", \"spec_version\": \"2.1\", \"pattern_type\": \"stix\", \"id\": \""
                + ID
                + "\", "
                + fields
                + "}";
    }

    private static CollectedEntries read(String text) throws Exception {
        CollectedEntries collected = new CollectedEntries();
        StixIndicators.read(
                new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)),
                DEFAULTS,
                collected);
        return collected;
    }
}
