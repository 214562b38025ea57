package dev.yagura.indicator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Cases in cases/keys.txt. */
class IndicatorKeyTest {
    @TestFactory
    Stream<DynamicTest> readsValuesAsPeopleWriteThem() throws Exception {
        List<String> lines;
        try (InputStream in = IndicatorKeyTest.class.getResourceAsStream("/cases/keys.txt")) {
            lines = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
        return lines.stream()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split(" \\| ", 3))
                .map(parts ->
                        DynamicTest.dynamicTest(
                                parts[0] + " " + parts[1],
                                () -> check(parts[0], parts[1], parts[2])));
    }

    private static void check(String type, String written, String expected) throws Exception {
        IndicatorKind kind = IndicatorKind.ofWord(type).orElseThrow();
        if (expected.startsWith("! ")) {
            assertThatThrownBy(() -> IndicatorKey.parse(kind, written))
                    .isInstanceOf(MalformedIndicatorException.class)
                    .hasMessageContaining(expected.substring(2));
        } else {
            IndicatorKey key = IndicatorKey.parse(kind, written);
            assertThat(key.kind().word() + " " + key.value()).isEqualTo(expected);
            assertThat(IndicatorKey.parse(key.kind(), key.value()))
                    .as("the normal form of a normal form")
                    .isEqualTo(key);
        }
    }

    @Test
    void everyKindHasItsNumberAndWord() {
        for (IndicatorKind kind : IndicatorKind.values()) {
            assertThat(IndicatorKind.ofCode(kind.code())).isEqualTo(kind);
            assertThat(IndicatorKind.ofWord(kind.word())).contains(kind);
            assertThat(dev.yagura.proto.detection.v1.IndicatorKind.forNumber(kind.code()))
                    .hasToString("INDICATOR_KIND_" + kind.name());
        }
    }
}
