package dev.yagura.sigma.pack;

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
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * What the specification says, as data: cases/{topic}/*.yaml. Each file is a list of sentences of
 * the specification with their cases.
 */
final class SpecificationCases {
    static final Path SPECIFICATION = Path.of("src/test/resources/specification");
    private static final Path CASES = Path.of("src/test/resources/cases");
    private static final List<String> TOPICS =
            List.of("detection", "documents", "correlations", "filters");

    /** Where a quotation is from. */
    private static final Map<String, String> SOURCES =
            Map.of(
                    "rules", "sigma-rules-specification.md",
                    "modifiers", "sigma-appendix-modifiers.md",
                    "correlations", "sigma-correlation-rules-specification.md",
                    "filters", "sigma-filters-specification.md",
                    "rule-schema", "sigma-detection-rule-schema.json",
                    "correlation-schema", "sigma-correlation-rules-schema.json",
                    "filter-schema", "sigma-filters-schema.json");

    private static final List<Case> ALL = readAll();

    private SpecificationCases() {}

    /**
     * One case.
     *
     * @param says the sentence that it tests
     * @param source file that the sentence is in
     */
    record Case(
            String topic, String name, String says, String source, Map<String, Object> content) {
        boolean has(String key) {
            return content.containsKey(key);
        }

        String text(String key) {
            return String.valueOf(content.get(key));
        }

        Map<String, Object> map(String key) {
            return fields(content.getOrDefault(key, Map.of()));
        }

        List<?> list(String key) {
            return (List<?>) content.getOrDefault(key, List.of());
        }

        /** The document: as it is written, or a rule around the detection. */
        String file() {
            return has("file")
                    ? text("file")
                    : """
                    title: Case
                    id: 7d3a3b1e-0000-4000-8000-000000000001
                    logsource:
                        product: linux
                        service: auditd
                    detection:
                    """
                            + text("detection").stripTrailing().indent(4);
        }

        @Override
        public String toString() {
            return topic + ": " + name;
        }
    }

    static List<Case> all() {
        return ALL;
    }

    private static List<Case> readAll() {
        return TOPICS.stream()
                .flatMap(topic ->
                        files(CASES.resolve(topic)).stream()
                                .flatMap(file -> read(topic, file).stream()))
                .toList();
    }

    static Map<String, Object> fields(Object written) {
        Map<String, Object> fields = new LinkedHashMap<>();
        ((Map<?, ?>) written).forEach((key, value) -> fields.put(key.toString(), value));
        return fields;
    }

    /** YAML as plain maps, lists and values. */
    static Object yaml(String text) {
        return new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
    }

    private static List<Path> files(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Case> read(String topic, Path file) {
        List<Case> cases = new ArrayList<>();
        try {
            for (Object group : (List<?>) yaml(Files.readString(file))) {
                Map<String, Object> sentence = fields(group);
                String source = Objects.requireNonNull(SOURCES.get(sentence.get("in")));
                for (Object each : (List<?>) Objects.requireNonNull(sentence.get("cases"))) {
                    Map<String, Object> content = fields(each);
                    cases.add(
                            new Case(
                                    topic + "/" + file.getFileName(),
                                    String.valueOf(content.get("name")),
                                    String.valueOf(sentence.get("says")),
                                    source,
                                    content));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return cases;
    }
}
