package dev.yagura.sigma.regex;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.yagura.sigma.taxonomy.CaseFolding;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegexTest {
    private static final long SEED = 20261126;
    private static final List<String> PIECES =
            List.of(
                    "a",
                    "b",
                    "k",
                    "S",
                    "\\d",
                    "\\w",
                    "\\s",
                    "\\S",
                    "\\W",
                    ".",
                    "[ab]",
                    "[^ab]",
                    "[a-c1-3]",
                    "[\\d_]",
                    "[^\\w]",
                    "x?",
                    "a*",
                    "b+",
                    "(ab)+",
                    "(a|b)",
                    "(?:ab|c)",
                    "a{2}",
                    "b{1,3}",
                    "(ab){2,}",
                    "^",
                    "$",
                    "\\b",
                    "\\B",
                    "(\\ba|\\B.)",
                    "(\\b|a)*",
                    "\\A",
                    "\\z",
                    "\\.",
                    "-",
                    "\\x61",
                    "(?i:k)",
                    "[]a]",
                    "[a-]",
                    "()",
                    "a{,2}",
                    "{",
                    "\\Qa.\\E",
                    "[\\-/]",
                    "\\t",
                    "c{0}",
                    "a*?",
                    "b+?",
                    "|");
    private static final String ALPHABET = "abcABCkKsS123 _-.\n\tx{}é\u017F\u212A";

    /** RE2/J is the authority. */
    @Test
    void findsWhatRe2Finds() {
        Random random = new Random(SEED);
        int automata = 0;
        for (int round = 0; round < 20_000; round++) {
            String expression =
                    IntStream.range(0, 1 + random.nextInt(6))
                            .mapToObj(i -> PIECES.get(random.nextInt(PIECES.size())))
                            .collect(Collectors.joining());
            int flags =
                    (random.nextBoolean() ? Pattern.CASE_INSENSITIVE : 0)
                            | (random.nextInt(4) == 0 ? Pattern.DOTALL : 0);
            Pattern authority;
            try {
                authority = Pattern.compile(expression, flags);
            } catch (PatternSyntaxException e) {
                continue;
            }
            Regex regex = Regex.compile(expression, flags);
            automata += regex.isAutomaton() ? 1 : 0;
            for (int i = 0; i < 5; i++) {
                String text = text(random);
                boolean found = authority.matcher(text).find();
                assertThat(regex.find(text.toCharArray(), text.length()))
                        .as("%s (flags %d) in '%s'", expression, flags, text)
                        .isEqualTo(found);
                if (found && !regex.requiredLiterals().isEmpty()) {
                    assertThat(regex.requiredLiterals())
                            .as("%s in '%s'", expression, text)
                            .anyMatch(CaseFolding.fold(text)::contains);
                }
            }
        }
        assertThat(automata).isGreaterThan(10_000);
    }

    @Test
    void looksAtTheFirstUnitsOnly() {
        assertThat(Regex.compile("bc$", 0).find("abcd".toCharArray(), 3)).isTrue();
    }

    /** The states would be a million; they are made anew instead. */
    @Test
    void staysRightWhenThereWouldBeTooManyStates() {
        String expression = "(?:a|b)*a(?:a|b){18}c";
        Regex regex = Regex.compile(expression, 0);
        Pattern authority = Pattern.compile(expression);
        Random random = new Random(SEED);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 50_000; i++) {
            text.append("ab".charAt(random.nextInt(2)));
        }
        assertThat(regex.isAutomaton()).isTrue();
        assertThat(regex.find(text.toString().toCharArray(), text.length())).isFalse();
        text.append("a".repeat(19)).append('c');
        assertThat(regex.find(text.toString().toCharArray(), text.length()))
                .isEqualTo(authority.matcher(text).find())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\pL+", "(?m)^a$", "[[:alpha:]]", "(?i)é"})
    void leavesWhatIsRareToRe2(String expression) {
        Regex regex = Regex.compile(expression, 0);
        assertThat(regex.isAutomaton()).isFalse();
        for (String text : List.of("x cmd y", "É", "b\na\n", "1")) {
            assertThat(regex.find(text.toCharArray(), text.length()))
                    .isEqualTo(Pattern.compile(expression).matcher(text).find());
        }
    }

    @Test
    void takesACharacterBeyondTheBasicPlaneForOne() {
        Regex regex = Regex.compile("^.$", 0);
        assertThat(regex.isAutomaton()).isTrue();
        assertThat(regex.find("\uD83D\uDE00".toCharArray(), 2)).isTrue();
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(12);
        for (int i = 0; i < length; i++) {
            text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return text.toString();
    }
}
