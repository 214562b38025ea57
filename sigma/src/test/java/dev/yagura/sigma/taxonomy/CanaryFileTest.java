package dev.yagura.sigma.taxonomy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.sigma.LogSource;
import dev.yagura.sigma.canary.Canaries;
import dev.yagura.sigma.canary.Canary;
import dev.yagura.sigma.canary.CanaryProbe;
import dev.yagura.sigma.engine.EventMatcher;
import dev.yagura.sigma.engine.RuleMatch;
import dev.yagura.sigma.engine.RuleSetCompiler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The file of canaries repeats what the tables say; a change of a table that is meant needs {@code
 * -Dyagura.docs.write=true} and a look at what changed in the file.
 */
class CanaryFileTest {
    private static final String WRITE = "yagura.docs.write";
    private static final Path FILE = Path.of("src/main/resources/canaries.yaml");

    private static final String HEAD =
            """
            # For each log source and sensor: of which kinds of events a canary stands for, and where the fields are that are
            # not found under their own names. Made from the tables under taxonomy/, on purpose not read from them: a table
            # that is changed without this file is noticed by CanaryFileTest, one that is changed elsewhere by the running
            # canaries.
            """;

    @Test
    void theFileIsCurrent() throws IOException {
        String expected = file();
        if (Boolean.getBoolean(WRITE)) {
            Files.writeString(FILE, expected);
        }
        assertThat(FILE)
                .as("a table says something else now; with -D%s=true the file follows", WRITE)
                .hasContent(expected);
    }

    @Test
    void namesAreUnique() {
        assertThat(Canaries.all()).hasSizeGreaterThan(50);
        assertThat(Canaries.all().stream().map(Canary::name).toList()).doesNotHaveDuplicates();
    }

    @Test
    void everyCanaryIsMetByItsRuleInTheWholeSet() {
        List<CanaryProbe> probes =
                Canaries.all().stream().map(canary -> canary.probe(Set.of())).toList();
        assertAllFire(probes, Mappings.standard());
    }

    @Test
    void fieldsUnderTheirOwnNamesAreCarriedToo() {
        List<CanaryProbe> probes =
                Canaries.all().stream()
                        .map(canary ->
                                canary.probe(List.of("", "EventID", "key", "User", "Odd.Name")))
                        .map(probe -> new CanaryProbe(probe.canary(), probe.event(), mapped(probe)))
                        .filter(probe -> !probe.fields().isEmpty())
                        .toList();
        assertThat(probes).hasSizeGreaterThan(50);
        assertAllFire(probes, Mappings.standard());
    }

    /** A probe asks for what the table has. */
    private static TreeMap<String, String> mapped(CanaryProbe probe) {
        TreeMap<String, String> fields = new TreeMap<>(probe.fields());
        List<EventSource> sources = Mappings.standard().sources(probe.canary().logSource());
        fields.keySet()
                .removeIf(field ->
                        sources.stream().noneMatch(source -> source.field(field).isPresent()));
        return fields;
    }

    @Test
    void aPlaceThatMovedIsNoticed(@TempDir Path folder) throws IOException {
        Files.writeString(
                folder.resolve("moved.yaml"),
                """
                logsource: {product: linux, category: process_creation}
                fields:
                  CommandLine: process.working_directory
                """);
        Set<String> silent = silent(probesOf("linux/process_creation/*"), Mappings.with(folder));
        assertThat(silent)
                .containsExactlyInAnyOrder(
                        "canaries/linux.process_creation.auditd",
                        "canaries/linux.process_creation.sysmon_linux");
    }

    private static List<CanaryProbe> probesOf(String logSource) {
        return Canaries.all().stream()
                .filter(canary -> canary.logSource().toString().equals(logSource))
                .map(canary -> canary.probe(Set.of("Image", "CommandLine")))
                .toList();
    }

    private static void assertAllFire(List<CanaryProbe> probes, Mappings mappings) {
        assertThat(silent(probes, mappings)).isEmpty();
    }

    private static Set<String> silent(List<CanaryProbe> probes, Mappings mappings) {
        EventMatcher matcher =
                RuleSetCompiler.compile(
                        1, probes.stream().map(probe -> probe.input(1)).toList(), mappings);
        Set<String> silent = new TreeSet<>();
        for (CanaryProbe probe : probes) {
            Event event = probe.event();
            boolean fires =
                    matcher.match(probe.canary().device(), event).stream()
                            .map(RuleMatch::rule)
                            .anyMatch(rule -> rule.getName().equals(probe.canary().name()));
            if (!fires) {
                silent.add(probe.canary().name());
            }
        }
        return silent;
    }

    private static String file() {
        StringBuilder file = new StringBuilder(HEAD);
        Map<String, Integer> used = new TreeMap<>();
        for (EventSource source : Mappings.standard().all()) {
            for (MappingTable table : Mappings.standard().tables(source.logSource())) {
                for (EventFilter filter : table.events()) {
                    sensors(filter)
                            .forEach(sensor -> entry(file, used, source, table, filter, sensor));
                }
            }
        }
        return file.toString();
    }

    /** JSON objects without a source come in no log. */
    private static List<String> sensors(EventFilter filter) {
        return filter.sources().isEmpty()
                ? List.of("")
                : filter.sources().stream().filter(name -> !name.isEmpty()).sorted().toList();
    }

    private static void entry(
            StringBuilder file,
            Map<String, Integer> used,
            EventSource source,
            MappingTable table,
            EventFilter filter,
            String sensor) {
        LogSource logSource = source.logSource();
        String id =
                List.of(logSource.product(), logSource.category(), logSource.service(), sensor)
                        .stream()
                        .filter(part -> !part.isEmpty())
                        .collect(Collectors.joining("."));
        int number = used.merge(id, 1, Integer::sum);
        file.append("- id: ").append(number == 1 ? id : id + "." + number).append('\n');
        text(file, "product", logSource.product());
        text(file, "category", logSource.category());
        text(file, "service", logSource.service());
        text(file, "sensor", sensor);
        text(file, "os", filter.systems().stream().sorted().findFirst().orElse(""));
        if (table.perRecord()) {
            file.append("  per_record: true\n");
        }
        list(file, "class_uid", filter.classes().stream().sorted().map(String::valueOf).toList());
        list(
                file,
                "activity_id",
                filter.activities().stream().sorted().map(String::valueOf).toList());
        list(file, "channel", filter.channels());
        list(
                file,
                "event_id",
                filter.eventIds().stream()
                        .sorted(Comparator.comparingInt(String::length).thenComparing(x -> x))
                        .toList());
        fields(file, logSource, table);
    }

    private static void fields(StringBuilder file, LogSource logSource, MappingTable table) {
        List<String> lines = new ArrayList<>();
        new TreeMap<>(Mappings.standard().fields(logSource))
                .forEach((field, places) -> {
                    boolean isOfRecord = places.getFirst().startsWith(Places.RECORD);
                    if (!places.getFirst().equals(Places.UNMAPPED + field)
                            && isOfRecord == table.perRecord()) {
                        lines.add("    %s: %s%n".formatted(field, places.getFirst()));
                    }
                });
        if (!lines.isEmpty()) {
            file.append("  fields:\n");
            lines.forEach(file::append);
        }
    }

    private static void text(StringBuilder file, String key, String value) {
        if (!value.isEmpty()) {
            file.append("  ").append(key).append(": ").append(value).append('\n');
        }
    }

    private static void list(StringBuilder file, String key, List<String> values) {
        if (!values.isEmpty()) {
            file.append("  ").append(key).append(": [");
            file.append(String.join(", ", values.stream().map(v -> "'" + v + "'").toList()));
            file.append("]\n");
        }
    }
}
