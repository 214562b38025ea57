package dev.yagura.sigma.taxonomy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.yagura.proto.telemetry.v1.Event;
import dev.yagura.sigma.LogSource;
import dev.yagura.sigma.SigmaDocument;
import dev.yagura.sigma.SigmaParser;
import dev.yagura.sigma.SigmaRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MappingsTest {
    private static final Path TABLES = Path.of("src/main/resources/taxonomy");

    private static final String OKTA =
            """
            logsource: {product: okta, service: okta}
            events: {source: okta}
            fields:
              actor.id: unmapped.actor.id
            unmapped: [eventType]
            ---
            logsource: {product: windows, category: file_event}
            unmapped: [CommandLine]
            """;

    @TempDir private Path folder = Path.of("");

    @Test
    void theIndexNamesEveryTable() throws IOException {
        try (Stream<Path> files = Files.walk(TABLES)) {
            List<String> tables =
                    files.filter(file -> file.toString().endsWith(".yaml"))
                            .map(file -> TABLES.relativize(file).toString().replace('\\', '/'))
                            .sorted()
                            .toList();
            assertThat(Files.readAllLines(TABLES.resolve("index.txt"))).isEqualTo(tables);
        }
    }

    @Test
    void aFolderAddsLogSourcesAndFields() throws IOException {
        Files.writeString(folder.resolve("okta.yaml"), OKTA);
        Mappings mappings = Mappings.with(folder);
        EventSource okta = Recorded.source(mappings, new LogSource("okta", "", "okta"));
        Event event =
                Recorded.events(
                                folder,
                                "{\"eventType\":\"user.session.start\",\"actor\":{\"id\":\"u1\"}}",
                                "okta")
                        .getFirst();
        assertThat(Recorded.accepts(okta, event)).isTrue();
        assertThat(Recorded.read(okta, event, "actor.id")).contains("u1");
        SigmaRule rule = rule("okta", "", "okta", "sel: {eventType: user.session.start}", "sel");
        assertThat(Taxonomy.coverage(rule).canFire()).isFalse();
        assertThat(Taxonomy.coverage(rule, mappings).canFire()).isTrue();
        EventSource files = Recorded.source(mappings, new LogSource("windows", "file_event", ""));
        assertThat(files.field("CommandLine")).isPresent();
        assertThat(files.field("TargetFilename")).isPresent();
    }

    @Test
    void oneFileIsEnough() throws IOException {
        Path file = Files.writeString(folder.resolve("okta.tables"), OKTA);
        Mappings mappings = Mappings.with(file);
        assertThat(mappings.sources(new LogSource("okta", "", "okta"))).hasSize(1);
        assertThat(mappings.addedText()).startsWith("okta.tables\n");
        Files.writeString(file, "fields: [A]");
        assertThatThrownBy(() -> Mappings.with(file))
                .hasMessageStartingWith("okta.tables:1: expected keys and values");
    }

    @Test
    void placeholdersOfAllFilesHaveTheirValues() throws IOException {
        Files.writeString(
                folder.resolve("a.yaml"), OKTA + "---\nplaceholders:\n  admins: [root, 'ops-*']\n");
        Files.writeString(folder.resolve("b.yaml"), "placeholders: {ports: 22}\n");
        assertThat(Mappings.with(folder).placeholders().values())
                .containsOnly(
                        entry("admins", List.of("root", "ops-*")), entry("ports", List.of("22")));
        Files.writeString(folder.resolve("b.yaml"), "placeholders:\n  ports: 22\n  admins: x\n");
        assertThatThrownBy(() -> Mappings.with(folder))
                .isInstanceOf(MappingException.class)
                .hasMessage(
                        "b.yaml:3: placeholders.admins has values in a.yaml:11 already; write all of"
                                + " them in one place");
    }

    @Test
    void saysThatThereIsNothingToRead() throws IOException {
        assertThatThrownBy(() -> Mappings.with(folder.resolve("none")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("none' is no readable file or folder");
        assertThatThrownBy(() -> Mappings.with(folder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has no mapping: expected *.yml or *.yaml");
        Files.write(folder.resolve("x.yaml"), new byte[] {'a', (byte) 0xE9});
        assertThatThrownBy(() -> Mappings.with(folder))
                .isInstanceOf(MappingException.class)
                .hasMessage("x.yaml: the file is not UTF-8");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    logsource: {product: x} | x.yaml:1: events: say which events x/*/* has
                    logsource: {produkt: x} | x.yaml:1: unknown key 'produkt'; known are category, product, service
                    fields: {A: process.pfad} | x.yaml:1: fields.A: no place 'process.pfad'
                    fields: [A] | x.yaml:1: expected keys and values
                    events: {channel: x} | x.yaml:1: events: name a source or a class_uid
                    events: {source: x, class_uid: y} | x.yaml:1: class_uid: 'y' is no number
                    views: both | x.yaml:1: views: 'both' is not event or record
                    patterns: '(' | x.yaml:1: patterns: '(' is no regular expression
                    'a: [' | x.yaml:1: no YAML
                    {placeholders: {a: b}, fields: {}} | x.yaml:1: unknown key 'fields'; known are description, placeholders
                    {placeholders: {'%a%': b}} | x.yaml:1: placeholders: '%a%' is no name
                    {placeholders: {a: []}} | x.yaml:1: placeholders.a has no value
                    {placeholders: {a: b, a: c}} | x.yaml:1: placeholders.a is there twice
                    {placeholders: {a: {b: c}}} | x.yaml:1: expected a single value
                    placeholders: x | x.yaml:1: expected keys and values
                    """)
    void namesWhatIsWrongAndWhere(String text, String message) throws IOException {
        String unquoted = text.startsWith("'") ? text.substring(1, text.length() - 1) : text;
        Files.writeString(folder.resolve("x.yaml"), unquoted);
        assertThatThrownBy(() -> Mappings.with(folder))
                .isInstanceOf(MappingException.class)
                .hasMessageContaining(message);
    }

    @Test
    void anUnknownIncludeIsNamed() throws IOException {
        Files.writeString(
                folder.resolve("x.yaml"),
                "logsource: {product: x}\nevents: {source: x}\ninclude: no/such\n");
        assertThatThrownBy(() -> Mappings.with(folder)).hasMessageContaining("no/such");
    }

    @Test
    void aMisspeltFieldIsReported() {
        Taxonomy.Coverage coverage =
                Taxonomy.coverage(
                        rule("windows", "process_creation", "", "sel: {ComandLine: x}", "sel"));
        assertThat(coverage.canFire()).isFalse();
        assertThat(coverage.reasons())
                .containsExactly(
                        "no sensor delivers ComandLine in the log source windows/process_creation/*");
    }

    @Test
    void anExclusionByAFieldThatNeverComesIsAWarning() {
        Taxonomy.Coverage coverage =
                Taxonomy.coverage(
                        rule(
                                "windows",
                                "file_event",
                                "",
                                "sel: {Image: x}, filter: {CommandLine: y}",
                                "sel and not filter"));
        assertThat(coverage.canFire()).isTrue();
        assertThat(coverage.reasons()).isEmpty();
        assertThat(coverage.warnings())
                .singleElement()
                .asString()
                .contains("CommandLine", "excludes none");
    }

    @Test
    void twoNegationsAreNoExclusion() {
        Taxonomy.Coverage coverage =
                Taxonomy.coverage(
                        rule(
                                "windows",
                                "file_event",
                                "",
                                "sel: {Image: x}, other: {CommandLine: y}",
                                "sel or not (not other)"));
        assertThat(coverage.warnings()).isEmpty();
        assertThat(coverage.reasons()).hasSize(1);
    }

    private static SigmaRule rule(
            String product, String category, String service, String detection, String condition) {
        StringBuilder logSource = new StringBuilder("{product: " + product);
        logSource.append(category.isEmpty() ? "" : ", category: " + category);
        logSource.append(service.isEmpty() ? "" : ", service: " + service).append('}');
        String text =
                "title: t\nid: 5f0d9a4e-0000-4000-8000-000000000001\nlogsource: %s\ndetection: {%s, condition: %s}\nlevel: low\n"
                        .formatted(logSource, detection, condition);
        return ((SigmaDocument.Valid) new SigmaParser().parse(text).getFirst()).rule();
    }
}
