package dev.yagura.sigma.engine;

import dev.yagura.sigma.Glob;
import dev.yagura.sigma.Pattern;
import dev.yagura.sigma.regex.Regex;
import dev.yagura.sigma.taxonomy.CaseFolding;
import dev.yagura.sigma.taxonomy.FieldText;

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
            case Pattern.Text text -> of(text);
            case Pattern.Regex regex ->
                    new RegexTest(Regex.compile(regex.expression(), regex.flags()));
            case Pattern.Network network -> new NetworkTest(network);
            case Pattern.Comparison comparison ->
                    new ComparisonTest(
                            comparison.operator(), new DecimalOrder(comparison.number()));
            case Pattern.TimePart part -> new TimePartTest(part);
            case Pattern.FieldReference reference -> new ReferenceTest(reference);
            case Pattern.Missing missing -> new PresenceTest(false);
            case Pattern.Exists exists -> new PresenceTest(exists.expected());
        };
    }

    private static ValueTest of(Pattern.Text text) {
        String pattern = text.glob().pattern();
        String units = text.cased() ? pattern : CaseFolding.fold(pattern);
        boolean before = !units.isEmpty() && units.charAt(0) == Glob.ANY;
        boolean after = units.length() > 1 && units.charAt(units.length() - 1) == Glob.ANY;
        String inner = units.substring(before ? 1 : 0, units.length() - (after ? 1 : 0));
        return inner.indexOf(Glob.ANY) < 0 && inner.indexOf(Glob.ONE) < 0
                ? new LiteralTest(inner.toCharArray(), before, after, text.cased())
                : new GlobTest(units.toCharArray(), text.cased());
    }

    /** Text without wildcards but for "*" before or after it. */
    final class LiteralTest implements ValueTest {
        private final char[] literal;
        private final boolean anythingBefore;
        private final boolean anythingAfter;
        private final boolean cased;

        private LiteralTest(
                char[] literal, boolean anythingBefore, boolean anythingAfter, boolean cased) {
            this.literal = literal;
            this.anythingBefore = anythingBefore;
            this.anythingAfter = anythingAfter;
            this.cased = cased;
        }

        @Override
        public boolean test(FieldText value, FieldText other) {
            int last = value.length() - literal.length;
            if (!value.isPresent() || last < 0) {
                return false;
            }
            char[] text = value.units();
            if (!anythingBefore) {
                return (anythingAfter || last == 0) && isAt(text, 0);
            }
            if (!anythingAfter) {
                return isAt(text, last);
            }
            int start = 0;
            while (start <= last && !isAt(text, start)) {
                start++;
            }
            return start <= last;
        }

        private boolean isAt(char[] text, int start) {
            for (int i = 0; i < literal.length; i++) {
                char c = text[start + i];
                if (literal[i] != (cased ? c : CaseFolding.fold(c))) {
                    return false;
                }
            }
            return true;
        }
    }

    /** Text with wildcards. */
    final class GlobTest implements ValueTest {
        private final char[] pattern;
        private final boolean cased;

        private GlobTest(char[] pattern, boolean cased) {
            this.pattern = pattern;
            this.cased = cased;
        }

        /** Goes back to the newest "*" only: quadratic at worst. */
        @Override
        public boolean test(FieldText value, FieldText other) {
            if (!value.isPresent()) {
                return false;
            }
            char[] text = value.units();
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
                        && (pattern[p] == Glob.ONE || pattern[p] == unit(text[at]))) {
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

        private char unit(char c) {
            return cased ? c : CaseFolding.fold(c);
        }
    }

    /** Found anywhere, in linear time. */
    record RegexTest(Regex regex) implements ValueTest {
        @Override
        public boolean test(FieldText value, FieldText other) {
            return value.isPresent() && regex.find(value.units(), value.length());
        }
    }

    record NetworkTest(Pattern.Network network) implements ValueTest {
        @Override
        public boolean test(FieldText value, FieldText other) {
            return value.isPresent() && network.contains(value);
        }
    }

    record ComparisonTest(Pattern.Operator operator, DecimalOrder number) implements ValueTest {
        @Override
        public boolean test(FieldText value, FieldText other) {
            int order = value.isPresent() ? number.compare(value) : DecimalOrder.NO_NUMBER;
            return order != DecimalOrder.NO_NUMBER && operator.holds(order);
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
            for (int i = 0; i < other.length(); i++) {
                char c = value.charAt(start + i);
                char d = other.charAt(i);
                if (c != d && (reference.cased() || CaseFolding.fold(c) != CaseFolding.fold(d))) {
                    return false;
                }
            }
            return true;
        }
    }

    record PresenceTest(boolean expected) implements ValueTest {
        @Override
        public boolean test(FieldText value, FieldText other) {
            return value.isPresent() == expected;
        }
    }
}
