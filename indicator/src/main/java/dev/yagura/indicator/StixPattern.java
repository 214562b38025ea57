package dev.yagura.indicator;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The part of the STIX 2.1 pattern language (section 9) that a list of single values can express:
 * comparisons with "=", "IN" and "ISSUBSET", joined by OR. A pattern with anything else is refused
 * as a whole: half of it would mean something else.
 */
final class StixPattern {
    private static final int MAX_VALUES = 10_000;
    private static final int MAX_DEPTH = 64;

    private final String text;
    private int at;
    private int depth;
    private final Set<IndicatorKey> keys = new LinkedHashSet<>();

    private StixPattern(String text) {
        this.text = text;
    }

    /**
     * The values that the pattern names.
     *
     * @throws MalformedIndicatorException when a list of values cannot express it
     */
    static Set<IndicatorKey> keys(String text) throws MalformedIndicatorException {
        StixPattern pattern = new StixPattern(text);
        pattern.read();
        return pattern.keys;
    }

    private void read() throws MalformedIndicatorException {
        observation();
        while (!atEnd()) {
            String word = word();
            if (!word.equals("OR")) {
                throw refused("only OR may join observations", word);
            }
            observation();
        }
    }

    private void observation() throws MalformedIndicatorException {
        if (peek() == '(') {
            throw refused("parentheses around observations are not supported", "(");
        }
        expect('[');
        comparison();
        while (peek() != ']') {
            String word = word();
            if (!word.equals("OR")) {
                throw refused("one value at a time can match, so only OR may join", word);
            }
            comparison();
        }
        expect(']');
    }

    private void comparison() throws MalformedIndicatorException {
        if (peek() == '(') {
            if (++depth > MAX_DEPTH) {
                throw refused("parentheses nest deeper than " + MAX_DEPTH, "(");
            }
            at++;
            comparison();
            while (peek() != ')') {
                String word = word();
                if (!word.equals("OR")) {
                    throw refused("one value at a time can match, so only OR may join", word);
                }
                comparison();
            }
            expect(')');
            depth--;
            return;
        }
        String path = path();
        if (peek() == '=') {
            at++;
            if (peek() == '=') {
                at++;
            }
            add(path, literal(), false);
            return;
        }
        String operator = word();
        switch (operator) {
            case "IN" -> set(path);
            case "ISSUBSET" -> add(path, literal(), true);
            default -> throw refused("only =, IN and ISSUBSET can be expressed", operator);
        }
    }

    private void set(String path) throws MalformedIndicatorException {
        expect('(');
        add(path, literal(), false);
        while (peek() == ',') {
            at++;
            add(path, literal(), false);
        }
        expect(')');
    }

    private void add(String path, String value, boolean subset) throws MalformedIndicatorException {
        IndicatorKind kind = kind(path, value);
        if (subset && kind != IndicatorKind.NETWORK && kind != IndicatorKind.ADDRESS) {
            throw refused("ISSUBSET is for addresses", path);
        }
        keys.add(IndicatorKey.parse(kind, value));
        if (keys.size() > MAX_VALUES) {
            throw new MalformedIndicatorException("the pattern has more than 10,000 values");
        }
    }

    private static IndicatorKind kind(String path, String value)
            throws MalformedIndicatorException {
        return switch (path) {
            case "file:hashes.sha-256", "file:hashes.sha256" -> IndicatorKind.SHA256;
            case "file:hashes.sha-1", "file:hashes.sha1" -> IndicatorKind.SHA1;
            case "file:hashes.md5" -> IndicatorKind.MD5;
            case "ipv4-addr:value", "ipv6-addr:value" ->
                    value.indexOf('/') >= 0 ? IndicatorKind.NETWORK : IndicatorKind.ADDRESS;
            case "domain-name:value" -> IndicatorKind.DOMAIN;
            case "url:value" -> IndicatorKind.URL;
            case "file:name" -> IndicatorKind.FILE;
            default ->
                    throw new MalformedIndicatorException(
                            "the pattern compares "
                                    + path
                                    + "; known are file:hashes.'SHA-256', 'SHA-1' and MD5,"
                                    + " file:name, ipv4-addr:value, ipv6-addr:value,"
                                    + " domain-name:value and url:value");
        };
    }

    /** Lower case, without quotes around its parts. */
    private String path() throws MalformedIndicatorException {
        skipBlanks();
        StringBuilder path = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '\'') {
                path.append(literal());
            } else if (Character.isLetterOrDigit(c)
                    || c == '-'
                    || c == '_'
                    || c == ':'
                    || c == '.') {
                path.append(c);
                at++;
            } else {
                break;
            }
        }
        if (path.indexOf(":") < 0) {
            throw refused("an object path was expected", rest());
        }
        return path.toString().toLowerCase(Locale.ROOT);
    }

    private String literal() throws MalformedIndicatorException {
        expect('\'');
        StringBuilder value = new StringBuilder();
        while (at < text.length() && text.charAt(at) != '\'') {
            if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                at++;
            }
            value.append(text.charAt(at++));
        }
        if (at == text.length()) {
            throw new MalformedIndicatorException("the pattern ends within a quoted text");
        }
        at++;
        return value.toString();
    }

    private String word() throws MalformedIndicatorException {
        skipBlanks();
        int from = at;
        while (at < text.length() && Character.isLetter(text.charAt(at))) {
            at++;
        }
        if (from == at) {
            throw refused("an operator was expected", rest());
        }
        return text.substring(from, at).toUpperCase(Locale.ROOT);
    }

    private void expect(char c) throws MalformedIndicatorException {
        if (peek() != c) {
            throw refused("'" + c + "' was expected", rest());
        }
        at++;
    }

    /** The next character that is no blank; 0 at the end. */
    private char peek() {
        skipBlanks();
        return at < text.length() ? text.charAt(at) : 0;
    }

    private boolean atEnd() {
        skipBlanks();
        return at == text.length();
    }

    private void skipBlanks() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private String rest() {
        return at == text.length() ? "the end" : EntryFields.clip(text.substring(at), 20);
    }

    private MalformedIndicatorException refused(String why, String found) {
        List<String> parts = new ArrayList<>(List.of("the pattern cannot be expressed here", why));
        parts.add("found " + found + " before character " + (at + 1));
        return new MalformedIndicatorException(String.join("; ", parts));
    }
}
