package dev.yagura.sigma.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequiredLiteralsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "abc~abc",
                "ABC.*def!~def!",
                "abcd?~abc",
                "abcd*ef~abc",
                "abcd+ef~abcd",
                "abc{0,2}defg~defg",
                "(?:curl|wget)\\s~curl wget",
                "(?:curl|wg)\\s~",
                "(curl)?abc~abc",
                "(curl)+~curl",
                "curl|wget~curl wget",
                "curl|x~",
                "[abc]defg~defg",
                "[]abc]xyz~xyz",
                "[[:alpha:]]xyz~xyz",
                "\\.\\.\\./~.../",
                "\\d\\d\\dabc~abc",
                "\\x41bcd~",
                "\\Qabc\\E~",
                "(?i)Curl~curl",
                "(?P<tool>curl) x~curl",
                "a.b.c~",
                "^abc$~abc"
            })
    void promisesOnlyWhatMustBeThere(String expression, String literals) {
        String expected = literals == null ? "" : literals;
        assertThat(String.join(" ", RequiredLiterals.of(expression))).isEqualTo(expected);
    }
}
