package dev.yagura.inventory.filter;

import dev.yagura.common.error.InvalidFieldException;
import java.util.ArrayList;
import java.util.List;

/**
 * The words of a filter. A text without quotes ends at a space, a parenthesis or an operator; after
 * an operator colons, equals signs and dots are part of it, so that types and ARNs need no quotes.
 */
final class FilterTokens {
    private static final String OPERATORS = "=!:<>";

    private final String field;
    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private int at;

    enum Kind {
        TEXT,
        QUOTED,
        DOT,
        OPERATOR,
        OPEN,
        CLOSE,
        END
    }

    /**
     * A word.
     *
     * @param position of its first character, from 1
     */
    record Token(Kind kind, String text, int position) {
        boolean is(String word) {
            return kind == Kind.TEXT && text.equals(word);
        }
    }

    private FilterTokens(String field, String text) {
        this.field = field;
        this.text = text;
    }

    /**
     * Reads them; the last is the end.
     *
     * @param field of the request, for errors
     */
    static List<Token> of(String field, String text) {
        FilterTokens reading = new FilterTokens(field, text);
        while (reading.at < text.length()) {
            reading.next();
        }
        reading.tokens.add(new Token(Kind.END, "the end", text.length() + 1));
        return reading.tokens;
    }

    static InvalidFieldException error(String field, Token token, String problem, String remedy) {
        return new InvalidFieldException(
                field, "at character " + token.position() + ": " + problem, remedy);
    }

    private void next() {
        char c = text.charAt(at);
        int start = at;
        if (Character.isWhitespace(c)) {
            at++;
        } else if (c == '(' || c == ')') {
            at++;
            add(c == '(' ? Kind.OPEN : Kind.CLOSE, start);
        } else if (c == '"' || c == '\'') {
            quoted(c);
        } else if (c == '.' && !afterOperator()) {
            at++;
            add(Kind.DOT, start);
        } else if (isOperator(c) && !afterOperator()) {
            boolean two =
                    at + 1 < text.length() && text.charAt(at + 1) == '=' && c != '=' && c != ':';
            at += two ? 2 : 1;
            add(Kind.OPERATOR, start);
        } else {
            bare();
        }
    }

    private void bare() {
        int start = at;
        boolean value = afterOperator();
        while (at < text.length() && isBare(text.charAt(at), value)) {
            at++;
        }
        add(Kind.TEXT, start);
    }

    private static boolean isBare(char c, boolean value) {
        return !Character.isWhitespace(c)
                && "()\"'".indexOf(c) < 0
                && (value || (c != '.' && !isOperator(c)));
    }

    /** A backslash takes the next character as it is. */
    private void quoted(char quote) {
        Token begin = new Token(Kind.QUOTED, "", at + 1);
        StringBuilder value = new StringBuilder();
        at++;
        while (at < text.length() && text.charAt(at) != quote) {
            if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                at++;
            }
            value.append(text.charAt(at++));
        }
        if (at == text.length()) {
            throw error(field, begin, "the text does not end", "close it with " + quote);
        }
        at++;
        tokens.add(new Token(Kind.QUOTED, value.toString(), begin.position()));
    }

    private void add(Kind kind, int start) {
        tokens.add(new Token(kind, text.substring(start, at), start + 1));
    }

    private boolean afterOperator() {
        return !tokens.isEmpty() && tokens.getLast().kind() == Kind.OPERATOR;
    }

    private static boolean isOperator(char c) {
        return OPERATORS.indexOf(c) >= 0;
    }
}
