package dev.yagura.sigma;

import com.google.re2j.PatternSyntaxException;
import dev.yagura.sigma.Modifiers.Modifier;
import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;

/** Applies modifiers to one value. One value may become several patterns, any of which is met. */
final class PatternFactory {
    private static final int MAX_REGEX_LENGTH = 4096;
    private static final int MAX_DASHES = 3;

    /** A dash or slash before a word and not inside one. */
    private static final java.util.regex.Pattern DASH =
            java.util.regex.Pattern.compile("\\B[-/]\\b");

    private static final List<String> DASHES = List.of("-", "/", "–", "—", "―");

    private static final int[] BASE64_START = {0, 2, 3};
    private static final int[] BASE64_CUT = {0, 3, 2};

    private PatternFactory() {}

    /**
     * The patterns of a value.
     *
     * @param value the scalar's text
     * @throws IllegalArgumentException when value and modifiers do not go together; the text is for
     *     the author of the rule
     */
    static List<Pattern> patterns(String value, Modifiers modifiers, boolean keyword) {
        if (modifiers.has(Modifier.RE)) {
            return List.of(regex(value, modifiers));
        }
        if (modifiers.has(Modifier.CIDR)) {
            return List.of(network(value));
        }
        if (modifiers.has(Modifier.EXISTS)) {
            return List.of(new Pattern.Exists(flag(value)));
        }
        boolean cased = modifiers.has(Modifier.CASED);
        if (modifiers.has(Modifier.FIELDREF)) {
            return List.of(new Pattern.FieldReference(value, modifiers.affix(), cased));
        }
        Optional<Pattern.Operator> operator = modifiers.operator();
        if (operator.isPresent()) {
            return List.of(new Pattern.Comparison(operator.get(), number(value)));
        }
        List<Pattern> patterns = new ArrayList<>();
        for (Glob glob : encoded(dashed(value, modifiers), modifiers)) {
            patterns.add(
                    new Pattern.Text(keyword ? glob.contains() : affixed(glob, modifiers), cased));
        }
        return patterns;
    }

    private static Glob affixed(Glob glob, Modifiers modifiers) {
        return switch (modifiers.affix()) {
            case WHOLE -> glob;
            case CONTAINS -> glob.contains();
            case STARTS_WITH -> glob.startsWith();
            case ENDS_WITH -> glob.endsWith();
        };
    }

    private static List<String> dashed(String value, Modifiers modifiers) {
        if (!modifiers.has(Modifier.WINDASH)) {
            return List.of(value);
        }
        List<String> variants = new ArrayList<>(List.of(""));
        Matcher matcher = DASH.matcher(value);
        int copied = 0;
        int dashes = 0;
        while (matcher.find()) {
            if (++dashes > MAX_DASHES) {
                throw new IllegalArgumentException(
                        "windash takes at most " + MAX_DASHES + " dashes in a value");
            }
            String before = value.substring(copied, matcher.start());
            variants =
                    variants.stream()
                            .flatMap(v -> DASHES.stream().map(dash -> v + before + dash))
                            .toList();
            copied = matcher.end();
        }
        String rest = value.substring(copied);
        return variants.stream().map(variant -> variant + rest).toList();
    }

    private static List<Glob> encoded(List<String> values, Modifiers modifiers) {
        List<Glob> globs = values.stream().map(Glob::parse).toList();
        if (modifiers.encodings().isEmpty()) {
            return globs;
        }
        if (globs.stream().anyMatch(Glob::hasWildcards)) {
            throw new IllegalArgumentException(
                    "an encoded value takes no wildcards; escape them with a backslash");
        }
        List<byte[]> bytes =
                globs.stream().map(g -> g.pattern().getBytes(StandardCharsets.UTF_8)).toList();
        for (Modifier encoding : modifiers.encodings()) {
            bytes = bytes.stream().flatMap(b -> encode(b, encoding).stream()).toList();
        }
        return bytes.stream()
                .map(b -> Glob.literal(new String(b, StandardCharsets.ISO_8859_1)))
                .toList();
    }

    private static List<byte[]> encode(byte[] bytes, Modifier encoding) {
        return switch (encoding) {
            case BASE64 -> List.of(Base64.getEncoder().encode(bytes));
            case BASE64OFFSET -> offsets(bytes);
            case WIDE, UTF16LE -> List.of(transcode(bytes, StandardCharsets.UTF_16LE));
            case UTF16BE -> List.of(transcode(bytes, StandardCharsets.UTF_16BE));
            case UTF16 -> List.of(transcode(bytes, StandardCharsets.UTF_16));
            default -> throw new IllegalStateException(encoding + " encodes nothing");
        };
    }

    private static byte[] transcode(byte[] utf8, Charset charset) {
        return new String(utf8, StandardCharsets.UTF_8).getBytes(charset);
    }

    /** The parts of base64 text that stay the same whatever is before and after the bytes. */
    private static List<byte[]> offsets(byte[] bytes) {
        List<byte[]> variants = new ArrayList<>();
        for (int offset = 0; offset < 3; offset++) {
            byte[] shifted = new byte[offset + bytes.length];
            System.arraycopy(bytes, 0, shifted, offset, bytes.length);
            String encoded = Base64.getEncoder().encodeToString(shifted);
            int end = encoded.length() - BASE64_CUT[shifted.length % 3];
            if (end <= BASE64_START[offset]) {
                throw new IllegalArgumentException("the value is too short for base64offset");
            }
            variants.add(
                    encoded.substring(BASE64_START[offset], end)
                            .getBytes(StandardCharsets.ISO_8859_1));
        }
        return variants;
    }

    private static Pattern regex(String expression, Modifiers modifiers) {
        if (expression.length() > MAX_REGEX_LENGTH) {
            throw new IllegalArgumentException(
                    "the regular expression has more than " + MAX_REGEX_LENGTH + " characters");
        }
        int flags = 0;
        flags |= modifiers.has(Modifier.IGNORE_CASE) ? com.google.re2j.Pattern.CASE_INSENSITIVE : 0;
        flags |= modifiers.has(Modifier.MULTI_LINE) ? com.google.re2j.Pattern.MULTILINE : 0;
        flags |= modifiers.has(Modifier.DOT_ALL) ? com.google.re2j.Pattern.DOTALL : 0;
        try {
            com.google.re2j.Pattern.compile(expression, flags);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "the regular expression does not compile: " + e.getMessage(), e);
        }
        return new Pattern.Regex(expression, flags);
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

    private static boolean flag(String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "true", "yes" -> true;
            case "false", "no" -> false;
            default -> throw new IllegalArgumentException("exists takes true or false");
        };
    }

    private static BigDecimal number(String value) {
        return Numbers.parse(value)
                .orElseThrow(() -> new IllegalArgumentException("'" + value + "' is no number"));
    }
}
