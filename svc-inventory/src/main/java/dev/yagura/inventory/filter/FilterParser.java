package dev.yagura.inventory.filter;

import dev.yagura.common.error.InvalidFieldException;
import dev.yagura.common.text.Texts;
import dev.yagura.inventory.filter.FilterTokens.Kind;
import dev.yagura.inventory.filter.FilterTokens.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Reads filters:
 *
 * <pre>
 *   filter     = part { AND part } | part { OR part }
 *   part       = [ NOT ] ( "(" filter ")" | comparison )
 *   comparison = field ( "=" | "!=" ) value | field ":*"
 *              | "tags." key ( "=" | "!=" | ":" ) value | "tags." key ":*" | "tags:" key
 * </pre>
 *
 * In AIP-160 OR binds more strongly than AND, in most languages AND: here they are not mixed
 * without parentheses.
 */
public final class FilterParser {
    private static final int MAX_LENGTH = 2000;
    private static final int MAX_COMPARISONS = 50;
    private static final int MAX_DEPTH = 20;
    private static final String TAGS = "tags";
    private static final String ANY = "*";

    private final String field;
    private final List<Token> tokens;
    private int at;
    private int comparisons;

    private FilterParser(String field, List<Token> tokens) {
        this.field = field;
        this.tokens = tokens;
    }

    /**
     * Reads a filter; an empty text matches everything.
     *
     * @param field of the request, for errors
     * @throws InvalidFieldException with position and remedy
     */
    public static Filter parse(String field, String text) {
        if (Texts.optional(field, text, MAX_LENGTH).isEmpty()) {
            return Filter.ALL;
        }
        FilterParser parser = new FilterParser(field, FilterTokens.of(field, text));
        Filter read = parser.filter(0);
        Token rest = parser.peek();
        if (rest.kind() != Kind.END) {
            throw rest.kind() == Kind.CLOSE
                    ? parser.error(rest, "nothing is open here", "remove the parenthesis")
                    : parser.error(
                            rest,
                            "'" + rest.text() + "' follows without AND or OR",
                            "write AND or OR, in capitals, and quotes around a text with spaces");
        }
        return read;
    }

    private Filter filter(int depth) {
        List<Filter> parts = new ArrayList<>();
        parts.add(part(depth));
        Token joint = peek();
        if (!isJoint(joint)) {
            return parts.getFirst();
        }
        while (isJoint(peek())) {
            Token next = take();
            if (!next.text().equals(joint.text())) {
                throw error(
                        next,
                        "AND and OR stand side by side",
                        "put parentheses around what belongs together");
            }
            parts.add(part(depth));
        }
        return joint.is("AND") ? new Filter.And(parts) : new Filter.Or(parts);
    }

    private static boolean isJoint(Token token) {
        return token.is("AND") || token.is("OR");
    }

    private Filter part(int depth) {
        Token first = peek();
        if (depth == MAX_DEPTH) {
            throw error(first, "is nested too deeply", "nest at most " + MAX_DEPTH + " times");
        }
        if (first.is("NOT")) {
            take();
            return new Filter.Not(part(depth + 1));
        }
        if (first.kind() == Kind.OPEN) {
            take();
            Filter inner = filter(depth + 1);
            if (take().kind() != Kind.CLOSE) {
                throw error(first, "the parenthesis is not closed", "close it with )");
            }
            return inner;
        }
        return comparison();
    }

    private Filter comparison() {
        Token name = take();
        if (name.kind() != Kind.TEXT || isJoint(name)) {
            throw error(name, "'" + name.text() + "' is no field", fields());
        }
        if (++comparisons > MAX_COMPARISONS) {
            throw error(name, "is one comparison too many", "send at most " + MAX_COMPARISONS);
        }
        if (name.text().equals(TAGS)) {
            return tag();
        }
        FilterField known =
                FilterField.of(name.text())
                        .orElseThrow(
                                () -> error(name, "'" + name.text() + "' is no field", fields()));
        Token operator = operator();
        Token value = value();
        if (operator.text().equals(":")) {
            if (!isAny(value)) {
                throw error(
                        operator,
                        "':' asks only whether a field is set",
                        "write " + known.text() + " = or " + known.text() + ":*");
            }
            return new Filter.Present(known);
        }
        if (!known.takes(value.text())) {
            throw error(
                    value,
                    "'%s' is no %s".formatted(value.text(), known.text()),
                    "send " + known.expected());
        }
        return compared(operator, value, text -> new Filter.Equal(known, text));
    }

    private Filter tag() {
        if (peek().kind() != Kind.DOT) {
            Token operator = operator();
            if (!operator.text().equals(":")) {
                throw error(
                        operator,
                        "tags have no value as a whole",
                        "write tags.key = value, or tags:key");
            }
            return new Filter.TagPresent(value().text());
        }
        take();
        String key = key();
        Token operator = operator();
        Token value = value();
        return operator.text().equals(":") && isAny(value)
                ? new Filter.TagPresent(key)
                : compared(operator, value, text -> new Filter.TagEqual(key, text));
    }

    /** A key may have dots; one with other signs is in quotes. */
    private String key() {
        StringBuilder key = new StringBuilder();
        while (true) {
            Token part = take();
            if (part.kind() != Kind.TEXT && part.kind() != Kind.QUOTED) {
                throw error(
                        part,
                        "the key of the tag is missing",
                        "write tags.key, with quotes around a key with other signs than letters,"
                                + " digits, dots, - and _");
            }
            key.append(part.text());
            if (peek().kind() != Kind.DOT) {
                return key.toString();
            }
            take();
            key.append('.');
        }
    }

    private static Filter compared(
            Token operator, Token value, Function<String, Filter> comparison) {
        Filter equal = comparison.apply(value.text());
        return operator.text().equals("!=") ? new Filter.Not(equal) : equal;
    }

    private Token operator() {
        Token operator = take();
        if (operator.kind() != Kind.OPERATOR
                || !List.of("=", "!=", ":").contains(operator.text())) {
            throw error(
                    operator,
                    "'" + operator.text() + "' is no comparison",
                    "write =, != or : after a field");
        }
        return operator;
    }

    private Token value() {
        Token value = take();
        if (value.kind() != Kind.TEXT && value.kind() != Kind.QUOTED) {
            throw error(value, "the value is missing", "write one, an empty one as \"\"");
        }
        return value;
    }

    private static boolean isAny(Token value) {
        return value.kind() == Kind.TEXT && value.text().equals(ANY);
    }

    private Token peek() {
        return tokens.get(at);
    }

    /** The end is never passed. */
    private Token take() {
        Token token = tokens.get(at);
        at = Math.min(at + 1, tokens.size() - 1);
        return token;
    }

    private InvalidFieldException error(Token token, String problem, String remedy) {
        return FilterTokens.error(field, token, problem, remedy);
    }

    private static String fields() {
        return "use one of " + FilterField.names() + ", tags.key";
    }
}
