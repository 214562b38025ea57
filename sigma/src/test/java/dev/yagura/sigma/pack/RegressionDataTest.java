package dev.yagura.sigma.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.yagura.proto.telemetry.v1.Device;
import dev.yagura.sigma.engine.EventMatcher;
import dev.yagura.sigma.engine.RuleMatch;
import dev.yagura.sigma.engine.RuleSetCompiler;
import dev.yagura.telemetry.recording.Recording;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The events that were recorded for public rules, where they are beside the repository: each file
 * fires the rule that it is named after as often as it is expected to. What else fired is in
 * target/regression-report.md.
 */
class RegressionDataTest {
    private static final Path DATA = Path.of("../../shared/data/regression");
    private static final Path RULES = Path.of("../../shared/data/sigma");
    private static final Path REPORT = Path.of("target/regression-report.md");

    /**
     * Both events of this file meet the rule's text (AutoShareServer and AutoShareWks set to 0);
     * the data expect one.
     */
    private static final Map<String, String> COUNTED_DIFFERENTLY =
            Map.of("c7dcacd0-cc59-4004-b0a4-1d6cdebe6f3e", "2");

    private record Expected(String ruleId, String matches, String title) {
        boolean isMet(int count) {
            String wanted = COUNTED_DIFFERENTLY.getOrDefault(ruleId, matches);
            return wanted.startsWith(">=")
                    ? count >= Integer.parseInt(wanted.substring(2))
                    : count == Integer.parseInt(wanted);
        }
    }

    @Test
    void everyFileFiresItsRule() throws IOException {
        assumeTrue(
                Files.isDirectory(DATA) && Files.isDirectory(RULES),
                () -> "no regression data at " + DATA.toAbsolutePath().normalize());
        List<Rule> rules = new RuleLoader().load(RulePackReader.folder(RULES));
        EventMatcher matcher =
                RuleSetCompiler.compile(
                        1,
                        rules.stream()
                                .filter(rule -> rule.state() == Rule.State.ACTIVE)
                                .map(rule -> rule.input(1))
                                .toList());
        List<String> wrong = new ArrayList<>();
        StringBuilder report =
                new StringBuilder(
                        "# What else fired\n\n| file of | matches | others |\n|---|---|---|\n");
        for (Expected expected : expected()) {
            Map<String, Integer> fired = new TreeMap<>();
            int count = count(matcher, expected, fired);
            if (!expected.isMet(count)) {
                wrong.add(expected + ": fired " + count + " times");
            }
            report.append("| %s | %d | %s |%n".formatted(expected.title(), count, others(fired)));
        }
        Files.writeString(REPORT, report);
        assertThat(wrong).isEmpty();
    }

    private static int count(EventMatcher matcher, Expected expected, Map<String, Integer> others)
            throws IOException {
        int[] count = {0};
        Recording.detect(DATA.resolve(expected.ruleId() + ".json"))
                .orElseThrow()
                .read(
                        Clock.systemUTC(),
                        (line, reason) -> {
                            throw new AssertionError(expected + ": " + reason);
                        },
                        event -> {
                            for (RuleMatch match :
                                    matcher.match(Device.getDefaultInstance(), event)) {
                                if (match.rule().getId().equals(expected.ruleId())) {
                                    count[0]++;
                                } else {
                                    others.merge(match.rule().getTitle(), 1, Integer::sum);
                                }
                            }
                        });
        return count[0];
    }

    private static String others(Map<String, Integer> fired) {
        List<String> texts = new ArrayList<>();
        fired.forEach((title, times) -> texts.add(times == 1 ? title : title + " (" + times + ")"));
        return String.join("; ", texts);
    }

    private static List<Expected> expected() throws IOException {
        return Files.readAllLines(DATA.resolve("expected.tsv")).stream()
                .skip(1)
                .map(line -> line.split("\t"))
                .map(parts -> new Expected(parts[0], parts[1], parts[2]))
                .toList();
    }

    /** Files of the same kind that are not there: the same events in other forms fire the same. */
    @Test
    void otherFormsOfTheSameEventsFireToo(@TempDir Path folder) throws IOException {
        Path rule =
                Files.writeString(
                        folder.resolve("rule.yml"),
                        """
                        title: Logon of a service account
                        id: 5f0d9a4e-0000-4000-8000-000000000002
                        logsource: {product: windows, service: security}
                        detection:
                          selection:
                            EventID: 4624
                            LogonType: 3
                            TargetUserName|startswith: 'svc_ü'
                            IpAddress: null
                          condition: selection
                        level: low
                        """);
        assertThat(rule).exists();
        EventMatcher matcher =
                RuleSetCompiler.compile(
                        1,
                        new RuleLoader()
                                .load(RulePackReader.folder(folder)).stream()
                                        .map(each -> each.input(1))
                                        .toList());
        String system =
                "\"System\":{\"Provider\":{\"#attributes\":{\"Name\":\"P\"}},\"EventID\":%s,\"Channel\":\"Security\"}";
        List<String> records =
                List.of(
                        "{\"Event\":{%s,\"EventData\":{\"LogonType\":3,\"TargetUserName\":\"svc_Üx\",\"IpAddress\":null}}}"
                                .formatted(system.formatted("4624")),
                        "{\"Event\":{\"EventData\":{\"Data\":[{\"@Name\":\"LogonType\",\"#text\":\"3\"},{\"@Name\":\"TargetUserName\",\"#text\":\"svc_\\u00fcx\"}]},%s}}"
                                .formatted(system.formatted("{\"#text\":\"4624\"}")),
                        "{\"channel\":\"security\",\"EventID\":\"4624\",\"SourceName\":\"P\",\"LogonType\":\"3\",\"TargetUserName\":\"SVC_Ü\"}");
        Path file =
                Files.writeString(
                        folder.resolve("all.json"), "[" + String.join(",\n", records) + "]");
        int[] matches = {0};
        Recording.detect(file)
                .orElseThrow()
                .read(
                        Clock.systemUTC(),
                        (line, reason) -> {
                            throw new AssertionError(reason);
                        },
                        event ->
                                matches[0] +=
                                        matcher.match(Device.getDefaultInstance(), event).size());
        assertThat(matches[0]).isEqualTo(3);
    }
}
