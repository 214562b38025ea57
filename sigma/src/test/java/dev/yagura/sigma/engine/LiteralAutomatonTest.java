package dev.yagura.sigma.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LiteralAutomatonTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void findsEveryOccurrence(int seed) {
        Random random = new Random(seed);
        List<String> literals = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            literals.add(word(random, 1 + random.nextInt(4)));
        }
        String text = word(random, 500);
        List<String> expected = new ArrayList<>();
        for (int end = 1; end <= text.length(); end++) {
            for (int literal = 0; literal < literals.size(); literal++) {
                if (text.substring(0, end).endsWith(literals.get(literal))) {
                    expected.add(literal + "@" + end);
                }
            }
        }
        List<String> found = new ArrayList<>();
        new LiteralAutomaton(literals)
                .scan(
                        text.toCharArray(),
                        text.length(),
                        (literal, end) -> found.add(literal + "@" + end));
        assertThat(found).containsExactlyInAnyOrderElementsOf(expected).isNotEmpty();
    }

    private static String word(Random random, int length) {
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < length; i++) {
            word.append("abcé日".charAt(random.nextInt(5)));
        }
        return word.toString();
    }
}
