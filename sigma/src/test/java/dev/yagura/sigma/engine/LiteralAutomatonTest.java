package dev.yagura.sigma.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.sigma.taxonomy.CaseFolding;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LiteralAutomatonTest {
    private static final long SEED = 20261126;
    private static final String ALPHABET = "abAB\\é\u212A";

    private record Found(int literal, int walked) {}

    /** Finds anywhere, too, but leaves out what cannot be. */
    @Test
    void findsTheSameBySkipping() {
        Random random = new Random(SEED);
        for (int round = 0; round < 5000; round++) {
            Map<String, int[]> codes = new LinkedHashMap<>();
            int least = 4 + random.nextInt(4);
            for (int i = 0; i < 1 + random.nextInt(3); i++) {
                codes.putIfAbsent(
                        CaseFolding.fold(text(random, least + random.nextInt(4))), new int[] {i});
            }
            assertThat(SkippingSearch.isFor(codes)).isTrue();
            SkippingSearch search = new SkippingSearch(codes);
            String text =
                    text(random, random.nextInt(9))
                            + codes.keySet().iterator().next()
                            + text(random, random.nextInt(9));
            assertThat(codes(search, text))
                    .as("%s in %s", codes.keySet(), text)
                    .containsExactlyInAnyOrderElementsOf(
                            codes(
                                    new LiteralAutomaton(LiteralAutomaton.Kind.ANYWHERE, codes),
                                    text))
                    .isNotEmpty();
        }
    }

    private static List<Integer> codes(LiteralSearch search, String text) {
        List<Integer> found = new ArrayList<>();
        search.scan(
                text.toCharArray(),
                text.length(),
                (codes, walked) -> {
                    for (int code : codes) {
                        found.add(code);
                    }
                });
        return found;
    }

    @ParameterizedTest
    @EnumSource
    void findsWhatIsThere(LiteralAutomaton.Kind kind) {
        Random random = new Random(SEED);
        for (int round = 0; round < 2000; round++) {
            Map<String, int[]> codes = new LinkedHashMap<>();
            int count = 1 + random.nextInt(30);
            for (int i = 0; i < count; i++) {
                codes.putIfAbsent(
                        CaseFolding.fold(text(random, 1 + random.nextInt(6))), new int[] {i});
            }
            LiteralAutomaton automaton = new LiteralAutomaton(kind, codes);
            for (int i = 0; i < 10; i++) {
                String text = text(random, random.nextInt(20));
                List<Found> found = new ArrayList<>();
                automaton.scan(
                        (text + "ab").toCharArray(),
                        text.length(),
                        (ends, walked) -> {
                            for (int code : ends) {
                                found.add(new Found(code, walked));
                            }
                        });
                assertThat(found)
                        .as("%s in %s", codes.keySet(), text)
                        .containsExactlyInAnyOrderElementsOf(plainly(kind, codes, text));
            }
        }
    }

    private static List<Found> plainly(
            LiteralAutomaton.Kind kind, Map<String, int[]> codes, String text) {
        String folded = CaseFolding.fold(text);
        List<Found> found = new ArrayList<>();
        codes.forEach((literal, code) -> {
            for (int end = literal.length(); end <= text.length(); end++) {
                boolean placed =
                        switch (kind) {
                            case ANYWHERE -> true;
                            case START -> end == literal.length();
                            case END -> end == text.length();
                        };
                if (placed && folded.startsWith(literal, end - literal.length())) {
                    int walked = kind == LiteralAutomaton.Kind.END ? literal.length() : end;
                    found.add(new Found(code[0], walked));
                }
            }
        });
        return found;
    }

    private static String text(Random random, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return text.toString();
    }
}
