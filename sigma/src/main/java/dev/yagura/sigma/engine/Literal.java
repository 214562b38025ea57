package dev.yagura.sigma.engine;

import dev.yagura.sigma.Glob;
import dev.yagura.sigma.Pattern;
import dev.yagura.sigma.regex.Regex;
import dev.yagura.sigma.taxonomy.CaseFolding;
import java.util.List;

/**
 * A text that is in every value that meets a pattern.
 *
 * @param text case-folded, not empty
 * @param place where in the value
 * @param decisive being there is enough; otherwise the pattern must be tried
 */
record Literal(String text, Place place, boolean decisive) {

    enum Place {
        WHOLE,
        START,
        END,
        ANYWHERE
    }

    /** At least one of them is in every value that meets the pattern; empty when not known. */
    static List<Literal> of(Pattern pattern, ValueTest test) {
        if (test instanceof ValueTest.RegexTest(Regex regex)) {
            return regex.requiredLiterals().stream()
                    .map(literal -> new Literal(literal, Place.ANYWHERE, false))
                    .toList();
        }
        return switch (pattern) {
            case Pattern.Text text -> of(text);
            case Pattern.Regex regex -> List.of();
            case Pattern.Network network -> List.of();
            case Pattern.Comparison comparison -> List.of();
            case Pattern.TimePart part -> List.of();
            case Pattern.FieldReference reference -> List.of();
            case Pattern.Missing missing -> List.of();
            case Pattern.Exists exists -> List.of();
        };
    }

    private static List<Literal> of(Pattern.Text text) {
        String pattern = CaseFolding.fold(text.glob().pattern());
        int bestStart = 0;
        int bestEnd = 0;
        int start = 0;
        for (int i = 0; i <= pattern.length(); i++) {
            if (i == pattern.length() || isWildcard(pattern.charAt(i))) {
                if (i - start > bestEnd - bestStart) {
                    bestStart = start;
                    bestEnd = i;
                }
                start = i + 1;
            }
        }
        if (bestStart == bestEnd) {
            return List.of();
        }
        boolean first = bestStart == 0;
        boolean last = bestEnd == pattern.length();
        Place place =
                first && last
                        ? Place.WHOLE
                        : first ? Place.START : last ? Place.END : Place.ANYWHERE;
        boolean onlyStars =
                isStars(pattern, 0, bestStart) && isStars(pattern, bestEnd, pattern.length());
        return List.of(
                new Literal(
                        pattern.substring(bestStart, bestEnd), place, onlyStars && !text.cased()));
    }

    private static boolean isStars(String pattern, int from, int to) {
        return pattern.substring(from, to).chars().allMatch(c -> c == Glob.ANY);
    }

    private static boolean isWildcard(char c) {
        return c == Glob.ANY || c == Glob.ONE;
    }
}
