package dev.yagura.sigma.canary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.sigma.engine.EventMatcher;
import dev.yagura.sigma.engine.RuleMatch;
import dev.yagura.sigma.engine.RuleSetCompiler;
import dev.yagura.sigma.taxonomy.EventSource;
import dev.yagura.sigma.taxonomy.Mappings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
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
                        .map(probe ->
                                new CanaryProbe(
                                        probe.canary(),
                                        probe.event(),
                                        mapped(probe, Mappings.standard())))
                        .filter(probe -> !probe.fields().isEmpty())
                        .toList();
        assertThat(probes).hasSizeGreaterThan(50);
        assertAllFire(probes, Mappings.standard());
    }

    /** A probe asks for what the table has. */
    private static TreeMap<String, String> mapped(CanaryProbe probe, Mappings mappings) {
        TreeMap<String, String> fields = new TreeMap<>(probe.fields());
        List<EventSource> sources = mappings.sources(probe.canary().logSource());
        fields.keySet()
                .removeIf(field ->
                        sources.stream().noneMatch(source -> source.field(field).isPresent()));
        return fields;
    }

    @Test
    void tablesOfAnInstallationHaveCanariesThatAreMet(@TempDir Path folder) throws IOException {
        Files.writeString(
                folder.resolve("own.yaml"),
                """
                logsource: {product: okta, service: okta}
                events: {source: okta}
                unmapped: [eventType]
                fields:
                  actor: user.name
                  details: object.detail
                ---
                logsource: {product: linux, category: process_creation}
                events: {source: own_sensor}
                """);
        Mappings mappings = Mappings.with(folder);
        List<CanaryProbe> probes =
                Canaries.of(mappings).stream()
                        .map(canary -> canary.probe(Set.of("eventType", "CommandLine")))
                        .map(probe ->
                                new CanaryProbe(
                                        probe.canary(), probe.event(), mapped(probe, mappings)))
                        .filter(probe -> !probe.fields().isEmpty())
                        .toList();
        assertThat(probes)
                .extracting(probe -> probe.canary().name())
                .doesNotHaveDuplicates()
                .contains(
                        "canaries/okta.okta.okta",
                        "canaries/linux.process_creation.own_sensor",
                        "canaries/linux.process_creation.auditd");
        assertAllFire(probes, mappings);
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
        Canaries.made(Mappings.standard(), delivery -> true).forEach(canary -> entry(file, canary));
        return file.toString();
    }

    private static void entry(StringBuilder file, Canary canary) {
        file.append("- id: ").append(canary.id()).append('\n');
        text(file, "product", canary.logSource().product());
        text(file, "category", canary.logSource().category());
        text(file, "service", canary.logSource().service());
        text(file, "sensor", canary.kinds().sensor());
        text(file, "os", canary.kinds().os());
        if (canary.perRecord()) {
            file.append("  per_record: true\n");
        }
        list(file, "class_uid", canary.kinds().classes().stream().map(String::valueOf).toList());
        list(
                file,
                "activity_id",
                canary.kinds().activities().stream().map(String::valueOf).toList());
        list(file, "channel", canary.kinds().channels());
        list(file, "event_id", canary.kinds().eventIds());
        if (!canary.places().isEmpty()) {
            file.append("  fields:\n");
            new TreeMap<>(canary.places())
                    .forEach((field, place) -> file.append("    %s: %s%n".formatted(field, place)));
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
