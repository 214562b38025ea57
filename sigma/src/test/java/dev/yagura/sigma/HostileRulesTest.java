package dev.yagura.sigma;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Rules that would take all memory, or never come to an end, are refused with a reason that the
 * author understands. Small ones are kept inputs of the fuzz test of rule texts.
 */
class HostileRulesTest {
    static Stream<Arguments> rules() {
        String manyRegexes =
                IntStream.range(0, 900)
                        .mapToObj(i -> "      - 'x" + i + ".{1000}'\n")
                        .collect(Collectors.joining());
        return Stream.of(
                Arguments.of("  s: {f|re: '((a{1000}){1000}){1000}'}\n", "too large with its"),
                Arguments.of("  s: {f|re|i: '[r-\uFFFD]x'}\n", "U+1C80"),
                Arguments.of("  s: {f|re: 'a(?i:[^]\\x{80}-\\x{10FFFF}])'}\n", "U+1C80"),
                Arguments.of("  s: {f|re: '(?si)\\x{1C85}'}\n", "U+1C80"),
                Arguments.of("  s: {f|re: '(((){1000}){1000}){1000}'}\n", "too large with its"),
                Arguments.of(
                        "  s: {f|re: '" + "(".repeat(300) + "a" + ")".repeat(300) + "'}\n",
                        "nests deeper"),
                Arguments.of("  s:\n    f|re:\n" + manyRegexes, "too large together"),
                Arguments.of(
                        "  s:\n    ? f" + "|wide".repeat(60) + "\n    : abc\n", "modifiers make"),
                Arguments.of(
                        "  s:\n    ? f" + "|base64offset".repeat(60) + "\n    : abcdef\n",
                        "modifiers make"),
                Arguments.of(
                        "  s: {f|windash: ' -a -b -c -d -e " + "x".repeat(300_000) + "'}\n",
                        "modifiers make"),
                Arguments.of(
                        "  s:\n    f:\n      - &v '"
                                + "v".repeat(300_000)
                                + "'\n"
                                + "      - *v\n".repeat(15_000),
                        "with aliases and modifiers"));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void areRefusedWithAReason(String selections, String reason) {
        assertThat(parse(selections + "  condition: s\n"))
                .isInstanceOfSatisfying(
                        SigmaDocument.Invalid.class,
                        invalid ->
                                assertThat(invalid.diagnostics().getFirst().message())
                                        .contains(reason));
    }

    @ParameterizedTest
    @MethodSource("harmless")
    void areReadAllTheSame(String selections) {
        assertThat(parse(selections)).isInstanceOf(SigmaDocument.Valid.class);
    }

    /** What took exponential time once. */
    static Stream<String> harmless() {
        return Stream.of(
                "  " + "a".repeat(200) + "c: {f: x}\n  condition: 1 of " + "a*".repeat(200) + "c\n",
                "  s: {f|re: '" + "(a".repeat(90) + "b" + "c)+".repeat(90) + "'}\n  condition: s\n",
                "  s: {f|re: '[\\x80-\\x{FFFF}]'}\n  condition: s\n",
                "  s: {f|re|i: '[^a]-\uFFFD[a-z\u0400-\u0500]'}\n  condition: s\n",
                "  s: {f|re: 'x{1000}y{999,}'}\n  condition: s\n");
    }

    private static SigmaDocument parse(String detection) {
        return new SigmaParser()
                .parse(
                        "title: T\nlogsource: {product: linux, service: auditd}\ndetection:\n"
                                + detection)
                .getFirst();
    }
}
