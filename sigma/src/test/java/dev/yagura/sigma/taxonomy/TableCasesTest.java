package dev.yagura.sigma.taxonomy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.sigma.LogSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;

/** Records as sensors write them, and what the fields of a log source are in them. */
class TableCasesTest {
    private static final Path CASES = Path.of("src/test/resources/cases/taxonomy/records.yaml");

    @TempDir private Path folder = Path.of("");

    record Case(LogSource logSource, String record, boolean accepted, Map<String, Object> fields) {
        @Override
        public String toString() {
            return logSource
                    + (accepted ? "" : " not")
                    + ": "
                    + record.lines().findFirst().orElse("");
        }
    }

    @SuppressWarnings("unchecked")
    static List<Case> cases() throws IOException {
        List<Map<String, Object>> all = new Yaml().load(Files.readString(CASES));
        return all.stream()
                .map(each -> {
                    String[] parts =
                            ((String) Objects.requireNonNull(each.get("logsource"))).split("/", -1);
                    return new Case(
                            new LogSource(parts[0], parts[1], parts[2]),
                            (String) Objects.requireNonNull(each.get("record")),
                            !Boolean.FALSE.equals(each.get("accepted")),
                            (Map<String, Object>) each.getOrDefault("fields", Map.of()));
                })
                .toList();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void holds(Case each) {
        EventSource source = Recorded.source(Mappings.standard(), each.logSource());
        List<Event> events =
                Recorded.events(folder, each.record(), "json").stream()
                        .filter(event -> Recorded.accepts(source, event))
                        .toList();
        assertThat(events).hasSize(each.accepted() ? 1 : 0);
        each.fields()
                .forEach((name, expected) ->
                        assertThat(
                                        Recorded.read(source, events.getFirst(), name)
                                                .orElse("(missing)"))
                                .as(name)
                                .isEqualTo(expected == null ? "(missing)" : expected.toString()));
    }

    @Test
    void everyTableHasARecord() throws IOException {
        Set<LogSource> tested = cases().stream().map(Case::logSource).collect(Collectors.toSet());
        tested.addAll(WindowsTablesTest.tables());
        assertThat(Mappings.standard().all())
                .extracting(EventSource::logSource)
                .allSatisfy(logSource -> assertThat(tested).contains(logSource));
    }
}
