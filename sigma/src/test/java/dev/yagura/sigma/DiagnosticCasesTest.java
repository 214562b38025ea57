package dev.yagura.sigma;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;

/** What is said of broken rules: cases/diagnostics/rules.yaml. */
class DiagnosticCasesTest {
    private static final Path CASES = Path.of("src/test/resources/cases/diagnostics/rules.yaml");

    record Case(String at, String message, String text) {
        @Override
        public String toString() {
            return message;
        }
    }

    static List<Case> cases() throws IOException {
        List<Map<String, String>> cases = new Yaml().load(Files.readString(CASES));
        return cases.stream()
                .map(each ->
                        new Case(
                                each.getOrDefault("at", ""),
                                each.getOrDefault("says", ""),
                                each.getOrDefault("file", "")))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void namesLineAndColumn(Case each) {
        List<Diagnostic> diagnostics =
                new SigmaParser()
                        .parse(each.text()).stream()
                                .filter(SigmaDocument.Invalid.class::isInstance)
                                .flatMap(d -> ((SigmaDocument.Invalid) d).diagnostics().stream())
                                .toList();
        assertThat(diagnostics).hasSize(1);
        Diagnostic found = diagnostics.getFirst();
        assertThat(found.message()).contains(each.message());
        assertThat(found.line() + ":" + found.column()).isEqualTo(each.at());
    }

    @Test
    void theOthersOfAFileAreRead() {
        String good = rule("6a1f4a4e-0000-4000-8000-000000000001", "sel");
        String bad = rule("6a1f4a4e-0000-4000-8000-000000000002", "nothing");
        List<SigmaDocument> documents =
                new SigmaParser().parse(good + "---\n" + bad + "---\n" + good);
        assertThat(documents)
                .extracting(SigmaDocument::getClass)
                .extracting(Class::getSimpleName)
                .containsExactly("Valid", "Invalid", "Valid");
    }

    @Test
    void refusesAHugeFile() {
        List<SigmaDocument> documents =
                new SigmaParser().parse("#".repeat(SigmaParser.MAX_FILE_LENGTH + 1));
        assertThat(documents).singleElement().isInstanceOf(SigmaDocument.Invalid.class);
    }

    @Test
    void refusesTooManyValues() {
        String values = "            - v\n".repeat(20_001);
        String text =
                rule("6a1f4a4e-0000-4000-8000-000000000001", "sel")
                        .replace("        Image: x\n", "        Image:\n" + values);
        assertThat(new SigmaParser().parse(text))
                .singleElement()
                .isInstanceOfSatisfying(
                        SigmaDocument.Invalid.class,
                        invalid ->
                                assertThat(invalid.diagnostics().getFirst().message())
                                        .contains("more than 20000 values"));
    }

    private static String rule(String id, String condition) {
        return """
        title: One
        id: %s
        logsource:
            product: linux
        detection:
            sel:
                Image: x
            condition: %s
        """
                .formatted(id, condition);
    }
}
