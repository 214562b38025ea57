package dev.yagura.sigma.regex;

import dev.yagura.sigma.taxonomy.CaseFolding;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A set of UTF-16 units.
 *
 * @param ranges first and last unit of each range, in order, apart from each other
 */
record CharSet(List<Range> ranges) {
    static final CharSet EVERY = new CharSet(List.of(new Range('\0', Character.MAX_VALUE)));
    static final CharSet DIGITS = of("09");
    static final CharSet WORDS = of("09AZ__az");
    static final CharSet SPACES = of("\t\n\f\r  ");
    static final CharSet LINE_END = of("\n\n");

    /** Letters that fold with one of ASCII: LATIN SMALL LETTER LONG S and KELVIN SIGN. */
    private static final char LONG_S = '\u017F';

    private static final char KELVIN = '\u212A';

    /** First and last unit. */
    record Range(char first, char last) {}

    CharSet {
        ranges = List.copyOf(ranges);
    }

    /** Of pairs: first and last of each range, in order. */
    private static CharSet of(String pairs) {
        List<Range> ranges = new ArrayList<>();
        for (int i = 0; i < pairs.length(); i += 2) {
            ranges.add(new Range(pairs.charAt(i), pairs.charAt(i + 1)));
        }
        return new CharSet(ranges);
    }

    static CharSet of(char first, char last) {
        return new CharSet(List.of(new Range(first, last)));
    }

    static CharSet union(Collection<CharSet> sets) {
        List<Range> sorted =
                sets.stream()
                        .flatMap(set -> set.ranges().stream())
                        .sorted((a, b) -> Character.compare(a.first(), b.first()))
                        .toList();
        List<Range> joined = new ArrayList<>();
        for (Range range : sorted) {
            if (!joined.isEmpty() && range.first() <= joined.getLast().last() + 1) {
                Range before = joined.removeLast();
                joined.add(new Range(before.first(), (char) Math.max(before.last(), range.last())));
            } else {
                joined.add(range);
            }
        }
        return new CharSet(joined);
    }

    CharSet negated() {
        List<Range> rest = new ArrayList<>();
        int next = 0;
        for (Range range : ranges) {
            if (range.first() > next) {
                rest.add(new Range((char) next, (char) (range.first() - 1)));
            }
            next = range.last() + 1;
        }
        if (next <= Character.MAX_VALUE) {
            rest.add(new Range((char) next, Character.MAX_VALUE));
        }
        return new CharSet(rest);
    }

    /** With the other cases of its ASCII letters. */
    CharSet caseless() {
        List<CharSet> all = new ArrayList<>(List.of(this));
        for (char c = 'a'; c <= 'z'; c++) {
            char upper = (char) (c - 'a' + 'A');
            boolean special = (c == 's' && contains(LONG_S)) || (c == 'k' && contains(KELVIN));
            if (contains(c) || contains(upper) || special) {
                all.add(of(c, c));
                all.add(of(upper, upper));
                if (c == 's') {
                    all.add(of(LONG_S, LONG_S));
                } else if (c == 'k') {
                    all.add(of(KELVIN, KELVIN));
                }
            }
        }
        return union(all);
    }

    boolean contains(char c) {
        return ranges.stream().anyMatch(range -> range.first() <= c && c <= range.last());
    }

    /** The lowest unit of a set that is not empty. */
    char first() {
        return ranges.getFirst().first();
    }

    /** Whether all units are of ASCII. */
    boolean isAscii() {
        return ranges.isEmpty() || ranges.getLast().last() < 128;
    }

    /** The units with case folded; empty when there are more than the limit. */
    Set<Character> folded(int limit) {
        Set<Character> folded = new TreeSet<>();
        for (Range range : ranges) {
            for (int c = range.first(); c <= range.last(); c++) {
                folded.add(CaseFolding.fold((char) c));
                if (folded.size() > limit) {
                    return Set.of();
                }
            }
        }
        return folded;
    }
}
