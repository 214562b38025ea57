package dev.yagura.sigma;

import com.google.re2j.PatternSyntaxException;
import dev.yagura.sigma.Modifiers.Modifier;
import dev.yagura.sigma.regex.EndlessFolding;
import dev.yagura.sigma.regex.ProgramSize;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Applies modifiers to one value. One value may become several patterns, any of which is met. */
final class PatternFactory {
    private static final int MAX_REGEX_LENGTH = 4096;
    private static final int MAX_REGEX_DEPTH = 200;

    /** Instructions of one expression, and of all of a rule. */
    private static final long MAX_REGEX_SIZE = 20_000;

    private static final long MAX_ALL_REGEX_SIZES = 200_000;

    private final Placeholders placeholders;
    private long regexSizes;

    PatternFactory(Placeholders placeholders) {
        this.placeholders = placeholders;
    }

    /**
     * The patterns of a value.
     *
     * @param value a scalar that is not null
     * @throws IllegalArgumentException when value and modifiers do not go together; the text is for
     *     the author of the rule
     */
    List<Pattern> patterns(YamlNode value, Modifiers modifiers, boolean keyword) {
        if (modifiers.has(Modifier.EXISTS)) {
            return List.of(new Pattern.Exists(flag(value)));
        }
        if (!modifiers.has(Modifier.EXPAND)) {
            return patterns(value.text(), modifiers, keyword);
        }
        return placeholders.expand(value.text()).stream()
                .flatMap(text -> patterns(text, modifiers, keyword).stream())
                .distinct()
                .toList();
    }

    private List<Pattern> patterns(String value, Modifiers modifiers, boolean keyword) {
        if (modifiers.has(Modifier.RE)) {
            return List.of(regex(value, modifiers));
        }
        if (modifiers.has(Modifier.CIDR)) {
            return List.of(network(value));
        }
        boolean cased = modifiers.has(Modifier.CASED);
        if (modifiers.has(Modifier.FIELDREF)) {
            return List.of(reference(value, modifiers));
        }
        Optional<Pattern.Operator> operator = modifiers.operator();
        Optional<Timestamps.Part> part = modifiers.timePart();
        if (part.isPresent()) {
            return List.of(timePart(part.get(), operator.orElse(Pattern.Operator.EQ), value));
        }
        if (operator.isPresent()) {
            return List.of(new Pattern.Comparison(operator.get(), number(value)));
        }
        return TextPatterns.of(Glob.parse(value), modifiers).stream()
                .<Pattern>map(g -> new Pattern.Text(keyword ? g.contains() : g, cased))
                .toList();
    }

    private static Pattern reference(String field, Modifiers modifiers) {
        if (field.isBlank() || Glob.parse(field).hasWildcards()) {
            throw new IllegalArgumentException(
                    "fieldref takes the name of a field, without wildcards");
        }
        return new Pattern.FieldReference(field, modifiers.affix(), modifiers.has(Modifier.CASED));
    }

    private static Pattern timePart(Timestamps.Part part, Pattern.Operator operator, String value) {
        BigDecimal number = number(value);
        boolean known =
                number.stripTrailingZeros().scale() <= 0
                        && number.compareTo(BigDecimal.valueOf(part.least())) >= 0
                        && number.compareTo(BigDecimal.valueOf(part.most())) <= 0;
        if (!known) {
            throw new IllegalArgumentException(
                    "'"
                            + value
                            + "' is no "
                            + part.name().toLowerCase(Locale.ROOT)
                            + "; expected a whole number from "
                            + part.least()
                            + " to "
                            + part.most());
        }
        return new Pattern.TimePart(part, operator, number.intValueExact());
    }

    private Pattern regex(String expression, Modifiers modifiers) {
        if (expression.length() > MAX_REGEX_LENGTH) {
            throw new IllegalArgumentException(
                    "the regular expression has more than " + MAX_REGEX_LENGTH + " characters");
        }
        checkSize(expression);
        int flags = 0;
        flags |= modifiers.has(Modifier.IGNORE_CASE) ? com.google.re2j.Pattern.CASE_INSENSITIVE : 0;
        flags |= modifiers.has(Modifier.MULTI_LINE) ? com.google.re2j.Pattern.MULTILINE : 0;
        flags |= modifiers.has(Modifier.DOT_ALL) ? com.google.re2j.Pattern.DOTALL : 0;
        if (EndlessFolding.isIn(expression, flags)) {
            throw new IllegalArgumentException(
                    "the regular expression has letters from U+1C80 to U+1C88 without regard to"
                            + " case, which cannot be told apart from others; leave them out, in"
                            + " ranges too");
        }
        try {
            com.google.re2j.Pattern.compile(expression, flags);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "the regular expression does not compile: " + e.getMessage(), e);
        }
        return new Pattern.Regex(expression, flags);
    }

    /** RE2/J writes repetitions out: some short expressions would take all memory. */
    private void checkSize(String expression) {
        long size = ProgramSize.of(expression);
        if (size > MAX_REGEX_SIZE) {
            throw new IllegalArgumentException(
                    "the regular expression is too large with its repetitions written out; use"
                            + " smaller counts, or + and *");
        }
        if (ProgramSize.depth(expression) > MAX_REGEX_DEPTH) {
            throw new IllegalArgumentException(
                    "the regular expression nests deeper than " + MAX_REGEX_DEPTH);
        }
        regexSizes += size;
        if (regexSizes > MAX_ALL_REGEX_SIZES) {
            throw new IllegalArgumentException(
                    "the regular expressions of the rule are too large together; make several"
                            + " rules");
        }
    }

    private static Pattern network(String value) {
        int slash = value.indexOf('/');
        Optional<byte[]> address = IpAddresses.parse(slash < 0 ? value : value.substring(0, slash));
        int bits = address.map(bytes -> bytes.length * 8).orElse(0);
        int prefix = slash < 0 ? bits : prefix(value.substring(slash + 1));
        if (address.isEmpty() || prefix < 0 || prefix > bits) {
            throw new IllegalArgumentException(
                    "'" + value + "' is no network; expected one like 10.0.0.0/8 or fe80::/10");
        }
        return new Pattern.Network(address.get(), prefix, value);
    }

    private static int prefix(String digits) {
        return digits.matches("[0-9]{1,3}") ? Integer.parseInt(digits) : -1;
    }

    private static boolean flag(YamlNode value) {
        if (value.kind() != YamlNode.Kind.BOOLEAN) {
            throw new IllegalArgumentException("exists takes true or false, without quotes");
        }
        return Boolean.parseBoolean(value.text());
    }

    private static BigDecimal number(String value) {
        return Numbers.parse(value)
                .orElseThrow(() -> new IllegalArgumentException("'" + value + "' is no number"));
    }
}
