package dev.yagura.sigma.regex;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgramSizeTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "abc 5",
                "a{1000} 2002",
                "(a{10}){10} 232",
                "\\Q(a{9}\\E{2} 10",
                "\\x{1000}\\pL\\p{Greek} 6",
                "[]{9}a]{3} 8",
                "[[:alpha:]{9}]b 4",
                "a{,9} 7",
                "a|b 5",
                ")a 3"
            })
    void countsWhatIsWrittenOut(String expression, long size) {
        assertThat(ProgramSize.of(expression)).isEqualTo(size);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {"a 0", "(a)(b) 1", "((a)b) 2", "[((]\\(\\Q((\\E 0", "((( 3"})
    void seesHowDeepGroupsAre(String expression, int depth) {
        assertThat(ProgramSize.depth(expression)).isEqualTo(depth);
    }
}
