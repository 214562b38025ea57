package dev.yagura.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** `rules scan` and `rules verify`: no service is there. */
class OfflineRulesTest {
    private static final String RULE =
            """
            title: Registry query
            id: 5f0d9a4e-0000-4000-8000-000000000003
            tags: [attack.discovery, attack.t1012]
            logsource: {product: windows, category: process_creation}
            detection:
              selection:
                Image|endswith: '\\reg.exe'
                CommandLine|contains: query
              condition: selection
            level: high
            """;

    private static final String EVENT =
            "{\"Channel\":\"Microsoft-Windows-Sysmon/Operational\",\"EventID\":1,\"EventRecordID\":%d,\"Computer\":\"ws1\",\"UtcTime\":\"2025-10-25 13:44:33.433\",\"Image\":\"C:\\\\Windows\\\\reg.exe\",\"CommandLine\":\"reg %s \\u202e\"}\n";

    @TempDir private Path folder = Path.of("");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path rules = Path.of("");

    @BeforeEach
    void writesARule() throws IOException {
        rules = Files.createDirectory(folder.resolve("rules"));
        Files.writeString(rules.resolve("reg.yml"), RULE);
    }

    @Test
    void scanPrintsALineForEachMatchInOrder() throws IOException {
        StringBuilder events = new StringBuilder();
        for (int i = 1; i <= 5000; i++) {
            events.append(EVENT.formatted(i, i % 2 == 0 ? "query" : "add"));
        }
        Path file = Files.writeString(folder.resolve("events.json"), events + "{broken\n");
        assertThat(
                        run(
                                "rules",
                                "scan",
                                "--threads",
                                "3",
                                "--rules",
                                rules.toString(),
                                file.toString()))
                .isZero();
        List<String> lines = out.toString().lines().toList();
        assertThat(lines).hasSize(2500);
        JsonNode match = new ObjectMapper().readTree(lines.get(9));
        assertThat(match.path("rule_id").asText())
                .isEqualTo("5f0d9a4e-0000-4000-8000-000000000003");
        assertThat(match.path("title").asText()).isEqualTo("Registry query");
        assertThat(match.path("level").asText()).isEqualTo("high");
        assertThat(match.path("techniques").get(0).asText()).isEqualTo("T1012");
        assertThat(match.path("file").asText()).isEqualTo(file.toString());
        assertThat(match.path("record").asInt()).isEqualTo(20);
        assertThat(match.path("record_id").asText()).isEqualTo("20");
        assertThat(match.path("time").asText()).isEqualTo("2025-10-25T13:44:33.433Z");
        assertThat(match.path("host").asText()).isEqualTo("ws1");
        assertThat(match.path("event_id").asText()).isEqualTo("1");
        assertThat(match.path("fields").findValuesAsText("field")).contains("Image", "CommandLine");
        assertThat(lines.get(9)).contains("\\u202E");
        assertThat(err.toString())
                .contains("rules: 1 active, 0 cannot fire, 0 invalid")
                .contains("5000 events")
                .contains("2500 matches, 1 lines not understood");
    }

    @Test
    void scanCorrelatesOverFilesAndFolders() throws IOException {
        Path more = Files.createDirectory(folder.resolve("more"));
        Files.writeString(
                more.resolve("many.yml"),
                """
                title: Many registry queries
                id: 5f0d9a4e-0000-4000-8000-000000000004
                correlation:
                  type: event_count
                  rules: [5f0d9a4e-0000-4000-8000-000000000003]
                  group-by: [Computer]
                  timespan: 1m
                  condition: {gte: 3}
                level: critical
                """);
        Path recordings = Files.createDirectory(folder.resolve("recordings"));
        Files.writeString(
                recordings.resolve("a.json"),
                EVENT.formatted(1, "query") + EVENT.formatted(2, "query"));
        Files.writeString(recordings.resolve("b.json"), EVENT.formatted(3, "query"));
        assertThat(
                        run(
                                "rules",
                                "scan",
                                "--rules",
                                rules.toString(),
                                "--rules",
                                more.toString(),
                                recordings.toString()))
                .isZero();
        List<String> lines = out.toString().lines().toList();
        assertThat(lines).as("the correlation alone: it does not generate").hasSize(1);
        JsonNode match = new ObjectMapper().readTree(lines.getFirst());
        assertThat(match.path("rule_id").asText())
                .isEqualTo("5f0d9a4e-0000-4000-8000-000000000004");
        assertThat(match.path("level").asText()).isEqualTo("critical");
        assertThat(match.path("time").asText()).isEqualTo("2025-10-25T13:44:33.433Z");
        JsonNode correlation = match.path("correlation");
        assertThat(correlation.path("type").asText()).isEqualTo("event_count");
        assertThat(correlation.path("group").path("Computer").asText()).isEqualTo("ws1");
        assertThat(correlation.path("events").asLong()).isEqualTo(3);
        assertThat(correlation.path("first_events").get(2).asText())
                .isEqualTo(recordings.resolve("b.json") + "#1");
        assertThat(err.toString()).contains("rules: 2 active").contains("1 matches");
    }

    @Test
    void scanUsesTheOwnPackAndReadsFolders() throws IOException {
        Path recordings = Files.createDirectory(folder.resolve("recordings"));
        Files.writeString(recordings.resolve("a.json"), EVENT.formatted(1, "query"));
        Files.writeString(recordings.resolve("b.txt"), "no known format\n");
        assertThat(run("rules", "scan", recordings.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("b.txt is of no known format").contains("1 events");
    }

    @Test
    void scanSaysWhatIsWrongWithItsArguments() throws IOException {
        assertThat(
                        run(
                                "rules",
                                "scan",
                                "--rules",
                                folder.resolve("none").toString(),
                                rules.toString()))
                .isEqualTo(2);
        assertThat(run("rules", "scan", folder.resolve("none").toString())).isEqualTo(2);
        assertThat(run("rules", "scan", "--threads", "0", rules.toString())).isEqualTo(2);
        Path empty = Files.createDirectory(folder.resolve("empty"));
        assertThat(run("rules", "scan", "--rules", empty.toString(), rules.toString()))
                .isEqualTo(2);
        assertThat(err.toString())
                .contains("is no readable folder")
                .contains("does not exist")
                .contains("--threads: expected 1 to 1024")
                .contains("has no rule");
    }

    @Test
    void aFilterOfOneFolderGoesWithARuleOfAnotherOfTheSameName() throws IOException {
        Path filters = Files.createDirectories(folder.resolve("mine/rules"));
        Files.writeString(
                filters.resolve("filter.yml"),
                """
                title: Not the inventory
                id: 5f0d9a4e-0000-4000-8000-0000000000f1
                logsource: {product: windows, category: process_creation}
                filter:
                  rules: [5f0d9a4e-0000-4000-8000-000000000003]
                  selection: {CommandLine|contains: 'query HKLM'}
                  condition: not selection
                """);
        Path file =
                Files.writeString(
                        folder.resolve("events.json"),
                        EVENT.formatted(1, "query HKLM") + EVENT.formatted(2, "query HKCU"));
        assertThat(
                        run(
                                "rules",
                                "scan",
                                "--rules",
                                filters.toString(),
                                "--rules",
                                rules.toString(),
                                file.toString()))
                .isZero();
        assertThat(out.toString().lines()).singleElement().asString().contains("query HKCU");
    }

    @Test
    void verifyReportsWhatLoadsAndWhatDoesNot() throws IOException {
        Files.writeString(
                rules.resolve("typo.yml"), RULE.replace("Image", "Imgae").replace("0003", "0004"));
        Files.writeString(
                rules.resolve("mac.yml"), RULE.replace("windows", "macos").replace("0003", "0005"));
        assertThat(run("rules", "verify", rules.toString())).isZero();
        assertThat(out.toString())
                .contains(
                        "typo.yml: no sensor delivers Imgae in the log source windows/process_creation/*")
                .contains("mac.yml: no sensor delivers the log source macos/process_creation/*")
                .contains("3 rules: 1 active, 2 cannot fire, 0 invalid");
        Files.writeString(
                rules.resolve("bad.yml"),
                RULE.replace("endswith", "endwith").replace("0003", "0006"));
        out.getBuffer().setLength(0);
        assertThat(run("rules", "verify", "--format", "json", rules.toString())).isEqualTo(1);
        JsonNode report = new ObjectMapper().readTree(out.toString());
        assertThat(report.path("invalid").asInt()).isEqualTo(1);
        JsonNode finding = report.path("findings").get(0);
        assertThat(finding.path("path").asText()).isEqualTo("bad.yml");
        assertThat(finding.path("state").asText()).isEqualTo("invalid");
        assertThat(finding.path("line").asInt()).isEqualTo(7);
        assertThat(finding.path("column").asInt()).isPositive();
    }

    @Test
    void verifyCountsCorrelations() throws IOException {
        Files.writeString(
                rules.resolve("many.yml"),
                """
                title: Many
                id: 0c3f9b1e-0000-4000-8000-000000000009
                correlation:
                    type: event_count
                    rules: [0c3f9b1e-0000-4000-8000-000000000003]
                    group-by: [User]
                    timespan: 5m
                    condition:
                        gte: 10
                """
                        .replace("0c3f9b1e-0000-4000-8000-000000000003", id()));
        assertThat(run("rules", "verify", rules.toString())).isZero();
        assertThat(out.toString())
                .contains("which does not generate")
                .contains("2 rules: 2 active, 0 cannot fire, 0 invalid");
    }

    private static String id() {
        return RULE.lines()
                .filter(line -> line.strip().startsWith("id: "))
                .map(line -> line.strip().substring("id: ".length()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void mappingsAndPlaceholdersOfAFolderMakeARuleFire() throws IOException {
        Files.writeString(
                rules.resolve("reg.yml"),
                """
                title: Session
                id: 5f0d9a4e-0000-4000-8000-000000000007
                logsource: {product: okta, service: okta}
                detection: {selection: {eventType: user.session.start, actor.id|expand: '%admins%'}, condition: selection}
                level: low
                """);
        Path mappings = Files.createDirectory(folder.resolve("mappings"));
        Files.writeString(
                mappings.resolve("okta.yaml"),
                "logsource: {product: okta, service: okta}\nevents: {source: okta}\nunmapped: [eventType, actor.id]\n---\nplaceholders: {admins: [u0, 'u1*']}\n");
        Path file =
                Files.writeString(
                        folder.resolve("okta.json"),
                        "[{\"eventType\":\"user.session.start\",\"actor\":{\"id\":\"u1\"}}]");
        assertThat(
                        run(
                                "rules",
                                "scan",
                                "--rules",
                                rules.toString(),
                                "--mappings",
                                mappings.toString(),
                                "--json-source",
                                "okta",
                                file.toString()))
                .isZero();
        assertThat(out.toString().lines()).hasSize(1);
        Files.writeString(mappings.resolve("okta.yaml"), "logsorce: {}\n");
        assertThat(run("rules", "verify", "--mappings", mappings.toString(), rules.toString()))
                .isEqualTo(2);
        assertThat(err.toString()).contains("okta.yaml:1: unknown key 'logsorce'");
    }

    private int run(String... args) {
        CommandLine commandLine = YaguraCommand.commandLine();
        commandLine.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return commandLine.execute(args);
    }
}
