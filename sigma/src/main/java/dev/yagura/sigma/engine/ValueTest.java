package dev.yagura.sigma.engine;

import dev.yagura.sigma.Glob;
import dev.yagura.sigma.IpAddresses;
import dev.yagura.sigma.Numbers;
import dev.yagura.sigma.Pattern;
import dev.yagura.sigma.taxonomy.CaseFolding;
import dev.yagura.sigma.taxonomy.FieldText;
import java.util.Arrays;

/** A pattern made ready to be tried on values. */
sealed interface ValueTest {

    /**
     * Whether the value meets the pattern.
     *
     * @param other value of the field that the pattern refers to; the value itself for others
     */
    boolean test(FieldText value, FieldText other);

    static ValueTest of(Pattern pattern) {
        return switch (pattern) {
            case Pattern.Text text -> GlobTest.of(text);
            case Pattern.Regex regex ->
                    new RegexTest(
                            com.google.re2j.Pattern.compile(regex.expression(), regex.flags()));
            case Pattern.Network network -> new NetworkTest(network);
            case Pattern.Comparison comparison -> new ComparisonTest(comparison);
            case Pattern.TimePart part -> new TimePartTest(part);
            case Pattern.FieldReference reference -> new ReferenceTest(reference);
            case Pattern.Missing missing -> new PresenceTest(false);
            case Pattern.Exists exists -> new PresenceTest(exists.expected());
        };
    }

    /** Text with wildcards. */
    final class GlobTest implements ValueTest {
        private final char[] pattern;
        private final boolean cased;

        private GlobTest(char[] pattern, boolean cased) {
            this.pattern = pattern;
            this.cased = cased;
        }

        static GlobTest of(Pattern.Text text) {
            String pattern = text.glob().pattern();
            return new GlobTest(
                    (text.cased() ? pattern : CaseFolding.fold(pattern)).toCharArray(),
                    text.cased());
        }

        /** Goes back to the newest "*" only: quadratic at worst. */
        @Override
        public boolean test(FieldText value, FieldText other) {
            if (!value.isPresent()) {
                return false;
            }
            char[] text = cased ? value.raw() : value.folded();
            int length = value.length();
            int at = 0;
            int p = 0;
            int star = -1;
            int starAt = 0;
            while (at < length) {
                if (p < pattern.length && pattern[p] == Glob.ANY) {
                    star = p++;
                    starAt = at;
                } else if (p < pattern.length
                        && (pattern[p] == Glob.ONE || pattern[p] == text[at])) {
                    p++;
                    at++;
                } else if (star >= 0) {
                    p = star + 1;
                    at = ++starAt;
                } else {
                    return false;
                }
            }
            while (p < pattern.length && pattern[p] == Glob.ANY) {
                p++;
            }
            return p == pattern.length;
        }
    }

    /** Found anywhere, in linear time. */
    record RegexTest(com.google.re2j.Pattern pattern) implements ValueTest {
        @Override
        public boolean test(FieldText value, FieldText other) {
            return value.isPresent() && pattern.matcher(value).find();
        }
    }

    record NetworkTest(Pattern.Network network) implements ValueTest {
        @Override
        public boolean test(FieldText value, FieldText other) {
            return value.isPresent()
                    && IpAddresses.parse(value).filter(network::contains).isPresent();
        }
    }

    record ComparisonTest(Pattern.Comparison comparison) implements ValueTest {
        @Override
        public boolean test(FieldText value, FieldText other) {
            return value.isPresent()
                    && Numbers.parse(value)
                            .filter(number ->
                                    comparison
                                            .operator()
                                            .holds(number.compareTo(comparison.number())))
                            .isPresent();
        }
    }

    record TimePartTest(Pattern.TimePart part) implements ValueTest {
        @Override
        public boolean test(FieldText value, FieldText other) {
            return value.isPresent() && part.holds(value);
        }
    }

    record ReferenceTest(Pattern.FieldReference reference) implements ValueTest {
        @Override
        public boolean test(FieldText value, FieldText other) {
            if (!value.isPresent() || !other.isPresent() || other.length() > value.length()) {
                return false;
            }
            int last = value.length() - other.length();
            return switch (reference.affix()) {
                case WHOLE -> last == 0 && isAt(value, other, 0);
                case STARTS_WITH -> isAt(value, other, 0);
                case ENDS_WITH -> isAt(value, other, last);
                case CONTAINS -> {
                    int start = 0;
                    while (start < last && !isAt(value, other, start)) {
                        start++;
                    }
                    yield isAt(value, other, start);
                }
            };
        }

        private boolean isAt(FieldText value, FieldText other, int start) {
            char[] text = reference.cased() ? value.raw() : value.folded();
            char[] part = reference.cased() ? other.raw() : other.folded();
            return Arrays.equals(text, start, start + other.length(), part, 0, other.length());
        }
    }

    record PresenceTest(boolean expected) implements ValueTest {
        @Override
        public boolean test(FieldText value, FieldText other) {
            return value.isPresent() == expected;
        }
    }
}
