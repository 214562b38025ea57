package dev.yagura.indicator;

import java.util.Locale;
import java.util.Set;

/**
 * What an indicator is compared by.
 *
 * @param value in the normal form of its kind
 */
public record IndicatorKey(IndicatorKind kind, String value) {
    private static final int MAX_URL = 4096;

    /** Of nothing: feeds list them by mistake, and every empty file has them. */
    private static final Set<String> EMPTY_FILE =
            Set.of(
                    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                    "da39a3ee5e6b4b0d3255bfef95601890afd80709",
                    "d41d8cd98f00b204e9800998ecf8427e");

    /**
     * Reads a value as people and feeds write it. The kind may come out narrower: "*.evil.example"
     * is a tree, a network of one address is an address.
     *
     * @throws MalformedIndicatorException when the text is no such value
     */
    public static IndicatorKey parse(IndicatorKind kind, String text)
            throws MalformedIndicatorException {
        String plain = kind == IndicatorKind.FILE ? text.strip() : Defanged.restore(text);
        return switch (kind) {
            case SHA256 -> hash(kind, plain, 64);
            case SHA1 -> hash(kind, plain, 40);
            case MD5 -> hash(kind, plain, 32);
            case ADDRESS -> Addresses.address(plain);
            case NETWORK -> Addresses.network(plain);
            case DOMAIN, DOMAIN_TREE -> Domains.key(kind, plain);
            case URL -> url(plain);
            case FILE -> FilePaths.key(plain);
        };
    }

    private static IndicatorKey hash(IndicatorKind kind, String text, int length)
            throws MalformedIndicatorException {
        if (!HexText.is(text, length)) {
            throw new MalformedIndicatorException(
                    "a %s has %d hexadecimal digits; '%s' has %d characters"
                            .formatted(kind.word(), length, shortened(text), text.length()));
        }
        String value = text.toLowerCase(Locale.ROOT);
        if (EMPTY_FILE.contains(value)) {
            throw new MalformedIndicatorException(
                    "this is the " + kind.word() + " of an empty file; feeds list it by mistake");
        }
        return new IndicatorKey(kind, value);
    }

    private static IndicatorKey url(String text) throws MalformedIndicatorException {
        if (text.length() > MAX_URL) {
            throw new MalformedIndicatorException("a URL has at most 4096 characters");
        }
        UrlReader reader = new UrlReader();
        int colon = text.indexOf("://");
        if (colon < 0 || !reader.read(text, colon, 0, text.length()) || reader.schemeFrom() != 0) {
            throw new MalformedIndicatorException(
                    "'" + shortened(text) + "' is no URL; write it like https://evil.example/path");
        }
        boolean whole = reader.restTo() == text.length() || text.charAt(reader.restTo()) == '#';
        if (!whole) {
            throw new MalformedIndicatorException(
                    "'" + shortened(text) + "' has characters that no URL has");
        }
        return new IndicatorKey(IndicatorKind.URL, reader.normal(text, reader.restTo()));
    }

    private static String shortened(String text) {
        return text.length() <= 80 ? text : text.substring(0, 80) + "…";
    }
}
