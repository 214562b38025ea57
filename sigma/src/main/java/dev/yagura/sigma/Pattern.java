package dev.yagura.sigma;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/** What a value is compared with, after the modifiers. */
public sealed interface Pattern {

    /** For people: the pattern as it would be written. */
    String text();

    /** Text with wildcards; the whole value must match. */
    record Text(Glob glob, boolean cased) implements Pattern {
        @Override
        public String text() {
            return glob.toString();
        }
    }

    /**
     * Found anywhere in the value; case matters unless the flag i is set.
     *
     * @param expression RE2 syntax, known to compile
     * @param flags of {@link com.google.re2j.Pattern}
     */
    record Regex(String expression, int flags) implements Pattern {
        @Override
        public String text() {
            return "re:" + expression;
        }
    }

    /** The value is an address in the network. */
    final class Network implements Pattern {
        private final byte[] address;
        private final int prefix;
        private final String written;

        Network(byte[] address, int prefix, String written) {
            this.address = address.clone();
            this.prefix = prefix;
            this.written = written;
        }

        /**
         * Whether the text is an address in the network; of the other family it never is. An
         * IPv4-mapped IPv6 address counts as IPv4. Makes nothing.
         */
        public boolean contains(CharSequence text) {
            long v4 = AddressText.v4(text);
            if (v4 < 0 && isMapped(text)) {
                v4 = (long) AddressText.group(text, 6) << 16 | AddressText.group(text, 7);
            }
            if (v4 >= 0) {
                return address.length == 4
                        && agrees(0, (int) (v4 >>> 16))
                        && agrees(1, (int) v4 & 0xffff);
            }
            if (address.length == 4 || AddressText.group(text, 0) < 0) {
                return false;
            }
            for (int group = 0; group * 16 < prefix; group++) {
                if (!agrees(group, AddressText.group(text, group))) {
                    return false;
                }
            }
            return true;
        }

        private static boolean isMapped(CharSequence text) {
            for (int group = 0; group < 5; group++) {
                if (AddressText.group(text, group) != 0) {
                    return false;
                }
            }
            return AddressText.group(text, 5) == 0xffff;
        }

        /** Whether the 16 bits are the network's own, as far as its prefix goes. */
        private boolean agrees(int group, int bits) {
            int own = (address[2 * group] & 0xff) << 8 | address[2 * group + 1] & 0xff;
            int compared = Math.clamp(prefix - 16 * group, 0, 16);
            return (own ^ bits) >>> (16 - compared) == 0;
        }

        @Override
        public String text() {
            return "cidr:" + written;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Network that
                    && prefix == that.prefix
                    && Arrays.equals(address, that.address);
        }

        @Override
        public int hashCode() {
            return 31 * Arrays.hashCode(address) + prefix;
        }
    }

    /** Numeric comparison; a value that is no number never meets it. */
    record Comparison(Operator operator, BigDecimal number) implements Pattern {
        @Override
        public String text() {
            return operator.name().toLowerCase(Locale.ROOT) + ":" + number;
        }
    }

    /**
     * The value is a date, and this part of it compares with the number.
     *
     * @param operator EQ when the rule names none
     */
    record TimePart(Timestamps.Part part, Operator operator, int number) implements Pattern {
        /** Whether the text is a date whose part compares so. */
        public boolean holds(CharSequence text) {
            OptionalInt found = Timestamps.part(text, part);
            return found.isPresent() && operator.holds(Integer.compare(found.getAsInt(), number));
        }

        @Override
        public String text() {
            return (part.name() + ' ' + operator.name()).toLowerCase(Locale.ROOT) + ':' + number;
        }
    }

    /** Operators of comparisons. */
    enum Operator {
        LT,
        LTE,
        GT,
        GTE,
        EQ,
        NEQ;

        /**
         * Whether it holds.
         *
         * @param order of value and number, as {@link Comparable#compareTo} says
         */
        public boolean holds(int order) {
            return switch (this) {
                case LT -> order < 0;
                case LTE -> order <= 0;
                case GT -> order > 0;
                case GTE -> order >= 0;
                case EQ -> order == 0;
                case NEQ -> order != 0;
            };
        }
    }

    /** Compares with another field of the same event. */
    record FieldReference(String field, Affix affix, boolean cased) implements Pattern {
        @Override
        public String text() {
            return "fieldref:" + field;
        }
    }

    /** Which part of the value must be equal. */
    enum Affix {
        WHOLE,
        CONTAINS,
        STARTS_WITH,
        ENDS_WITH
    }

    /** The field is missing; "null" in a rule. */
    record Missing() implements Pattern {
        @Override
        public String text() {
            return "null";
        }
    }

    /** The field is there, or is not. */
    record Exists(boolean expected) implements Pattern {
        @Override
        public String text() {
            return "exists:" + expected;
        }
    }

    /** Any of several, for modifiers that make several patterns of one value. */
    static Detection anyOf(String field, List<Pattern> patterns) {
        List<Detection> tests =
                patterns.stream().<Detection>map(p -> new Detection.Test(field, p)).toList();
        return tests.size() == 1 ? tests.getFirst() : new Detection.Any(tests);
    }
}
