package dev.yagura.sigma.regex;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequiredLiteralsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "abc~abc",
                "ABC.*def!~def!",
                "abcd?~abc;abcd",
                "abcd*ef~abc",
                "abcd+ef~abcd",
                "abc{0,2}defg~defg",
                "(?:curl|wget)\\.exe~curl.exe;wget.exe",
                "(?:curl|wg)\\d~curl;wg",
                "(curl)?abcd~abcd;curlabcd",
                "(curl)+~curl",
                "curl|wget~curl;wget",
                "curl|x~",
                "[abc]defg~adefg;bdefg;cdefg",
                "[]abc]xyz~]xyz;axyz;bxyz;cxyz",
                "[[:alpha:]]xyz~",
                "[a-z]xyz~xyz",
                "\\.\\.\\./~.../",
                "\\d\\d\\dabc~abc",
                "\\x41bcd~abcd",
                "\\Qabc\\E~abc",
                "(?i)Curl~curl",
                "(?P<tool>curl) x~curl x",
                "a.b.c~",
                "^abc$~abc",
                "(ab){2}~abab",
                "\"(\\{\\d\\}){2,}~\"{",
                "\\w+`\\w~`",
                "\\w+-\\w~",
                "(ab){2,}c~abab"
            })
    void promisesOnlyWhatMustBeThere(String expression, String literals) {
        Set<String> expected = literals == null ? Set.of() : Set.of(literals.split(";", -1));
        assertThat(Regex.compile(expression, 0).requiredLiterals()).isEqualTo(expected);
    }
}
