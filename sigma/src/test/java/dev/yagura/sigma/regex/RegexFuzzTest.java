package dev.yagura.sigma.regex;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.yagura.sigma.taxonomy.CaseFolding;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Timeout;

/**
 * Any expression and any text: RE2/J, the authority, and the automaton agree. The first byte of an
 * input has the flags, its first line is the expression.
 */
class RegexFuzzTest {
    private static final long MOST_INSTRUCTIONS = 20_000;
    private static final int DEEPEST = 200;
    private static final int FLAGS = Pattern.CASE_INSENSITIVE | Pattern.DOTALL | Pattern.MULTILINE;

    @FuzzTest(maxDuration = "80s")
    @Timeout(20)
    void findsWhatRe2Finds(byte[] input) {
        if (input.length == 0) {
            return;
        }
        String rest = new String(input, 1, input.length - 1, StandardCharsets.UTF_8);
        int end = rest.indexOf('\n');
        String expression = end < 0 ? rest : rest.substring(0, end);
        String text = rest.substring(end + 1);
        if (EndlessFolding.isIn(expression, input[0] & FLAGS)
                || ProgramSize.of(expression) > MOST_INSTRUCTIONS
                || ProgramSize.depth(expression) > DEEPEST) {
            return;
        }
        Pattern authority;
        try {
            authority = Pattern.compile(expression, input[0] & FLAGS);
        } catch (PatternSyntaxException e) {
            return;
        }
        Regex regex = Regex.compile(expression, input[0] & FLAGS);
        boolean found = authority.matcher(text).find();
        assertThat(regex.find(text.toCharArray(), text.length())).isEqualTo(found);
        if (found && !regex.requiredLiterals().isEmpty()) {
            assertThat(regex.requiredLiterals()).anyMatch(CaseFolding.fold(text)::contains);
        }
    }
}
