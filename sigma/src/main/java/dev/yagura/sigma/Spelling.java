package dev.yagura.sigma;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds what somebody meant to write. */
public final class Spelling {
    private static final int MAX_LENGTH = 64;

    private Spelling() {}

    /** "; did you mean 'x'?" when a known word is close, otherwise nothing. */
    public static String hint(String word, Collection<String> known) {
        return nearest(word, known).map(near -> "; did you mean '" + near + "'?").orElse("");
    }

    /** The known word that takes the fewest changes, at most a third of the word's letters. */
    static Optional<String> nearest(String word, Collection<String> known) {
        if (word.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        String best = "";
        int least = Math.min(2, (word.length() + 2) / 3) + 1;
        for (String candidate : known) {
            if (candidate.length() <= MAX_LENGTH && !candidate.equals(word)) {
                int changes = changes(fold(word), fold(candidate));
                if (changes < least) {
                    least = changes;
                    best = candidate;
                }
            }
        }
        return best.isEmpty() ? Optional.empty() : Optional.of(best);
    }

    private static String fold(String word) {
        return word.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Letters put in, left out, replaced or swapped with their neighbour. */
    private static int changes(String from, String to) {
        int[][] table = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            table[i][0] = i;
        }
        for (int j = 0; j <= to.length(); j++) {
            table[0][j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            for (int j = 1; j <= to.length(); j++) {
                boolean same = from.charAt(i - 1) == to.charAt(j - 1);
                int fewest = table[i - 1][j - 1] + (same ? 0 : 1);
                fewest = Math.min(fewest, 1 + Math.min(table[i - 1][j], table[i][j - 1]));
                if (i > 1
                        && j > 1
                        && from.charAt(i - 1) == to.charAt(j - 2)
                        && from.charAt(i - 2) == to.charAt(j - 1)) {
                    fewest = Math.min(fewest, table[i - 2][j - 2] + 1);
                }
                table[i][j] = fewest;
            }
        }
        return table[from.length()][to.length()];
    }
}
