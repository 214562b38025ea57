package dev.yagura.indicator;

import java.net.IDN;
import java.util.Locale;

/** Domain names in their normal form: A-labels, lower case, no dot at the end. */
final class Domains {
    private static final int MAX_LENGTH = 253;
    private static final int MAX_LABEL = 63;

    /** Some characters are nothing in A-labels; more than these take their time to turn. */
    private static final int MAX_WRITTEN = 1024;

    private Domains() {}

    /** "*.evil.example" is the tree below and including evil.example. */
    static IndicatorKey key(IndicatorKind kind, String text) throws MalformedIndicatorException {
        boolean tree = text.startsWith("*.") || text.startsWith(".");
        String name = normal(tree ? text.substring(text.indexOf('.') + 1) : text);
        return new IndicatorKey(tree ? IndicatorKind.DOMAIN_TREE : kind, name);
    }

    static String normal(String text) throws MalformedIndicatorException {
        int end = end(text);
        if (end > MAX_WRITTEN) {
            throw new MalformedIndicatorException(
                    "a domain name has at most 253 characters; this one has " + end);
        }
        String name = ascii(text.substring(0, end));
        if (name.length() > MAX_LENGTH) {
            throw new MalformedIndicatorException(
                    "a domain name has at most 253 characters; this one has " + name.length());
        }
        int labels = 0;
        int from = 0;
        while (from <= name.length()) {
            int dot = name.indexOf('.', from);
            int to = dot < 0 ? name.length() : dot;
            checkLabel(text, name, from, to);
            labels++;
            from = to + 1;
        }
        if (labels < 2) {
            throw new MalformedIndicatorException(
                    "'" + text + "' is one label only; it would match whole top-level domains");
        }
        if (new AddressReader().read(name, 0, name.length())) {
            throw new MalformedIndicatorException("'" + text + "' is an address; use type ip");
        }
        return name;
    }

    /** Where the name ends before dots at its end. */
    static int end(String text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == '.') {
            end--;
        }
        return end;
    }

    private static String ascii(String text) throws MalformedIndicatorException {
        if (text.chars().allMatch(c -> c < 0x80)) {
            return text.toLowerCase(Locale.ROOT);
        }
        try {
            return IDN.toASCII(text, IDN.ALLOW_UNASSIGNED).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new MalformedIndicatorException(
                    "'" + text + "' is no internationalised domain name: " + e.getMessage());
        }
    }

    private static void checkLabel(String text, String name, int from, int to)
            throws MalformedIndicatorException {
        boolean sound = to > from && to - from <= MAX_LABEL;
        for (int index = from; sound && index < to; index++) {
            char c = name.charAt(index);
            sound = c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_';
        }
        if (!sound) {
            throw new MalformedIndicatorException(
                    "'" + text + "' is no domain name; URLs are of type url");
        }
    }
}
