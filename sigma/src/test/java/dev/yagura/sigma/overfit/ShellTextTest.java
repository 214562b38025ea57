package dev.yagura.sigma.overfit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A real shell does the same with every other writing. */
class ShellTextTest {
    private static final int SEEDS = 8;
    private static final String TEXT =
            "printf 'label %s\\n' A-1; echo hello | tr a-z A-Z; N=$(printf \"in quotes\"); echo $N; test -d /tmp && pwd";

    static Stream<Named<BiFunction<String, SplittableRandom, String>>> ways() {
        return Stream.of(
                Named.of("quotes", ShellText::quotesInWords),
                Named.of("backslashes", ShellText::backslashesInWords),
                Named.of("separator", ShellText::separatorForBlanks),
                Named.of("variables", ShellText::namesFromVariables));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void theShellDoesTheSame(BiFunction<String, SplittableRandom, String> way) throws Exception {
        String expected = shell(TEXT);
        assertThat(expected).contains("label A-1", "HELLO", "in quotes");
        Set<String> writings = new HashSet<>();
        for (long seed = 0; seed < SEEDS; seed++) {
            String text = way.apply(TEXT, new SplittableRandom(seed));
            assertThat(text).isNotEqualTo(TEXT);
            assertThat(shell(text)).as(text).isEqualTo(expected);
            writings.add(text);
        }
        assertThat(writings).hasSizeGreaterThan(1);
    }

    @Test
    void base64HoldsTheText() {
        Pattern encoded = Pattern.compile("[A-Za-z0-9+/]{40,}={0,2}");
        for (long seed = 0; seed < SEEDS; seed++) {
            String text = ShellText.base64(TEXT, new SplittableRandom(seed));
            var found = encoded.matcher(text);
            assertThat(found.find()).as(text).isTrue();
            assertThat(
                            new String(
                                    Base64.getDecoder().decode(found.group()),
                                    StandardCharsets.UTF_8))
                    .isEqualTo(TEXT);
        }
    }

    private static String shell(String text) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder("/bin/sh", "-c", text).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        return output;
    }
}
