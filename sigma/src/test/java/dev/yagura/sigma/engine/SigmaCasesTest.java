package dev.yagura.sigma.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.proto.telemetry.v1.Event;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;

/**
 * What the specification says, as data: cases/sigma/{topic}.yaml. A case has a detection and events
 * (maps of fields, or lists of such maps: records of one event) that must match or must not.
 */
class SigmaCasesTest {
    private static final Path CASES = Path.of("src/test/resources/cases/sigma");
    private static final String ID = "7d3a3b1e-0000-4000-8000-000000000001";

    record Case(String name, String detection, List<?> match, List<?> pass) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Case> cases() throws IOException {
        try (Stream<Path> files = Files.list(CASES)) {
            return files.sorted().flatMap(file -> read(file).stream()).toList();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void holds(Case each) {
        EventMatcher matcher =
                RuleSetCompiler.compile(
                        1,
                        List.of(
                                AuditEvents.input(
                                        AuditEvents.rule(
                                                AuditEvents.ruleText(ID, each.detection())))));
        for (Object event : each.match()) {
            assertThat(matcher.match(AuditEvents.DEVICE, event(event))).as("%s", event).hasSize(1);
        }
        for (Object event : each.pass()) {
            assertThat(matcher.match(AuditEvents.DEVICE, event(event))).as("%s", event).isEmpty();
        }
    }

    @Test
    void everyCaseHasBothKinds() throws IOException {
        assertThat(cases())
                .hasSizeGreaterThanOrEqualTo(80)
                .allSatisfy(each -> assertThat(each.match()).isNotEmpty())
                .allSatisfy(each -> assertThat(each.pass()).isNotEmpty());
    }

    private static List<Case> read(Path file) {
        List<Case> cases = new ArrayList<>();
        try {
            for (Object each : (List<?>) new Yaml().load(Files.readString(file))) {
                Map<?, ?> fields = (Map<?, ?>) each;
                cases.add(
                        new Case(
                                file.getFileName() + ": " + fields.get("name"),
                                Objects.requireNonNull((String) fields.get("detection")),
                                Objects.requireNonNull((List<?>) fields.get("match")),
                                Objects.requireNonNull((List<?>) fields.get("pass"))));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return cases;
    }

    private static Event event(Object written) {
        List<?> records = written instanceof List<?> list ? list : List.of(written);
        List<Map<String, String>> all = new ArrayList<>();
        for (Object each : records) {
            Map<String, String> fields = new LinkedHashMap<>();
            ((Map<?, ?>) each)
                    .forEach((name, value) -> fields.put(name.toString(), value.toString()));
            all.add(fields);
        }
        return AuditEvents.event(all);
    }
}
