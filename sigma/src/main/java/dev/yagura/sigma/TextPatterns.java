package dev.yagura.sigma;

import dev.yagura.sigma.Modifiers.Modifier;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text value on its way through a chain of modifiers.
 *
 * @param pattern as in {@link Glob}
 * @param encoded whether each literal character stands for a byte
 */
record TextPatterns(String pattern, boolean encoded) {
    private static final int MAX_DASHES = 5;

    /** Of all patterns that the chain makes of a value. */
    private static final int MAX_CHARACTERS = 1 << 20;

    /** A dash or slash before a word and not inside one: that of a command-line flag. */
    private static final Pattern DASH =
            Pattern.compile("\\B[-/–—―]\\b", Pattern.UNICODE_CHARACTER_CLASS);

    private static final List<String> DASHES = List.of("-", "/", "–", "—", "―");
    private static final Pattern WILDCARD = Pattern.compile("[" + Glob.ANY + Glob.ONE + "]");
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xFF, (byte) 0xFE};

    private static final int[] BASE64_START = {0, 2, 3};
    private static final int[] BASE64_CUT = {0, 3, 2};

    /**
     * Applies the chain; any one of the results is to be met.
     *
     * @throws IllegalArgumentException when a modifier cannot be applied; the text is for the
     *     author of the rule
     */
    static List<Glob> of(Glob value, Modifiers modifiers) {
        List<TextPatterns> all = List.of(new TextPatterns(value.pattern(), false));
        for (Modifier modifier : modifiers.chain()) {
            all = all.stream().flatMap(each -> each.apply(modifier).stream()).toList();
            refuseHuge(all.stream().mapToLong(each -> each.pattern.length()).sum());
        }
        return all.stream().map(each -> new Glob(each.pattern)).toList();
    }

    /** Encodings of encodings and dashes of dashes multiply. */
    private static void refuseHuge(long characters) {
        if (characters > MAX_CHARACTERS) {
            throw new IllegalArgumentException(
                    "its modifiers make more than "
                            + MAX_CHARACTERS
                            + " characters of the value; leave some out, or make it shorter");
        }
    }

    private List<TextPatterns> apply(Modifier modifier) {
        return switch (modifier) {
            case CONTAINS -> glob(new Glob(pattern).contains());
            case STARTSWITH -> glob(new Glob(pattern).startsWith());
            case ENDSWITH -> glob(new Glob(pattern).endsWith());
            case WINDASH -> dashed();
            case BASE64 -> List.of(encoded(Base64.getEncoder().encode(plainBytes())));
            case BASE64OFFSET -> offsets(plainBytes());
            case WIDE, UTF16LE -> List.of(transcoded(StandardCharsets.UTF_16LE));
            case UTF16BE -> List.of(transcoded(StandardCharsets.UTF_16BE));
            case UTF16 -> {
                String mark = new String(BYTE_ORDER_MARK, StandardCharsets.ISO_8859_1);
                yield List.of(
                        new TextPatterns(
                                mark + transcoded(StandardCharsets.UTF_16LE).pattern, true));
            }
            default -> List.of(this);
        };
    }

    private List<TextPatterns> glob(Glob glob) {
        return List.of(new TextPatterns(glob.pattern(), encoded));
    }

    private List<TextPatterns> dashed() {
        List<String> variants = List.of("");
        Matcher matcher = DASH.matcher(pattern);
        int copied = 0;
        int dashes = 0;
        while (matcher.find()) {
            if (++dashes > MAX_DASHES) {
                throw new IllegalArgumentException(
                        "windash takes at most "
                                + MAX_DASHES
                                + " flags in a value; make several values with contains and all"
                                + " of it");
            }
            String before = pattern.substring(copied, matcher.start());
            refuseHuge((long) variants.size() * DASHES.size() * matcher.end());
            variants =
                    variants.stream()
                            .flatMap(v -> DASHES.stream().map(dash -> v + before + dash))
                            .toList();
            copied = matcher.end();
        }
        String rest = pattern.substring(copied);
        refuseHuge((long) variants.size() * pattern.length());
        return variants.stream().map(v -> new TextPatterns(v + rest, encoded)).toList();
    }

    /** Each literal part in another encoding; wildcards stay. */
    private TextPatterns transcoded(Charset charset) {
        StringBuilder result = new StringBuilder();
        Matcher wildcard = WILDCARD.matcher(pattern);
        int copied = 0;
        while (wildcard.find()) {
            result.append(transcoded(pattern.substring(copied, wildcard.start()), charset))
                    .append(wildcard.group());
            copied = wildcard.end();
        }
        return new TextPatterns(
                result.append(transcoded(pattern.substring(copied), charset)).toString(), true);
    }

    private static String transcoded(String text, Charset charset) {
        return new String(text.getBytes(charset), StandardCharsets.ISO_8859_1);
    }

    private byte[] plainBytes() {
        if (WILDCARD.matcher(pattern).find()) {
            throw new IllegalArgumentException(
                    "a value for base64 takes no wildcards; escape them with a backslash");
        }
        return pattern.getBytes(encoded ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
    }

    private static TextPatterns encoded(byte[] bytes) {
        return new TextPatterns(new String(bytes, StandardCharsets.ISO_8859_1), true);
    }

    /** The parts of base64 text that stay the same whatever is before and after the bytes. */
    private static List<TextPatterns> offsets(byte[] bytes) {
        List<TextPatterns> variants = new ArrayList<>();
        for (int offset = 0; offset < 3; offset++) {
            byte[] shifted = new byte[offset + bytes.length];
            System.arraycopy(bytes, 0, shifted, offset, bytes.length);
            String text = Base64.getEncoder().encodeToString(shifted);
            int end = text.length() - BASE64_CUT[shifted.length % 3];
            if (end <= BASE64_START[offset]) {
                throw new IllegalArgumentException("the value is too short for base64offset");
            }
            variants.add(new TextPatterns(text.substring(BASE64_START[offset], end), true));
        }
        return variants;
    }
}
