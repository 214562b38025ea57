package dev.yagura.sigma;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads a condition by recursive descent; "not" binds tighter than "and", "and" than "or".
 *
 * <pre>
 * or       = and { "or" and }
 * and      = not { "and" not }
 * not      = "not" not | "(" or ")" | quantity "of" ( "them" | pattern ) | selection
 * quantity = "1" … | "all" | "any"
 * </pre>
 */
final class ConditionParser {
    private static final int MAX_LENGTH = 4096;
    private static final int MAX_DEPTH = 64;
    private static final Pattern TOKEN = Pattern.compile("\\s*([()]|[^\\s()]+)");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,4}");

    private final List<Token> tokens = new ArrayList<>();
    private final Collection<String> selections;
    private final int length;
    private int next;
    private int depth;

    /** A word or parenthesis, and its offset in the text. */
    private record Token(String text, int offset) {}

    /** Thrown with the offset in the condition's text; the caller knows the line. */
    static final class Failure extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final int offset;

        Failure(int offset, String message) {
            super(message);
            this.offset = offset;
        }

        int offset() {
            return offset;
        }
    }

    private ConditionParser(String text, Collection<String> selections) {
        this.selections = selections;
        this.length = text.length();
        if (length > MAX_LENGTH) {
            throw new Failure(0, "the condition has more than " + MAX_LENGTH + " characters");
        }
        Matcher matcher = TOKEN.matcher(text);
        while (matcher.find()) {
            tokens.add(new Token(matcher.group(1), matcher.start(1)));
        }
    }

    /**
     * Parses a condition.
     *
     * @param selections the names that it may use
     * @throws Failure when it is not well-formed or names what is not there
     */
    static Condition parse(String text, Collection<String> selections) {
        ConditionParser parser = new ConditionParser(text, selections);
        Condition condition = parser.or();
        Token rest = parser.peek();
        if (!rest.text().isEmpty()) {
            throw new Failure(
                    rest.offset(), "unexpected '" + rest.text() + "'" + parser.hint(rest));
        }
        return condition;
    }

    /** Sigma 1 had aggregations in the condition. */
    private String hint(Token token) {
        if (!token.text().startsWith("|")) {
            return "; expected 'and', 'or' or the end";
        }
        String function = token.text().substring(1);
        if (function.isEmpty() && next + 1 < tokens.size()) {
            function = tokens.get(next + 1).text();
        }
        return "; aggregations are not of Sigma 2, write a correlation of type "
                + switch (function.toLowerCase(Locale.ROOT)) {
                    case "near" -> "temporal or temporal_ordered";
                    case "sum" -> "value_sum";
                    case "avg" -> "value_avg";
                    case "min", "max" -> "value_percentile";
                    default -> "event_count or value_count";
                };
    }

    private Condition or() {
        List<Condition> parts = new ArrayList<>();
        parts.add(and());
        while (accept("or")) {
            parts.add(and());
        }
        return parts.size() == 1 ? parts.getFirst() : new Condition.Or(parts);
    }

    private Condition and() {
        List<Condition> parts = new ArrayList<>();
        parts.add(not());
        while (accept("and")) {
            parts.add(not());
        }
        return parts.size() == 1 ? parts.getFirst() : new Condition.And(parts);
    }

    private Condition not() {
        Token token = peek();
        if (++depth > MAX_DEPTH) {
            throw new Failure(token.offset(), "nested deeper than " + MAX_DEPTH);
        }
        try {
            if (accept("not")) {
                return new Condition.Not(not());
            }
            if (accept("(")) {
                Condition inner = or();
                if (!accept(")")) {
                    throw new Failure(token.offset(), "this '(' is never closed");
                }
                return inner;
            }
            return operand();
        } finally {
            depth--;
        }
    }

    private Condition operand() {
        Token token = take();
        String word = token.text();
        if (word.isEmpty() || word.equals(")") || isKeyword(word)) {
            throw new Failure(token.offset(), "expected a selection here");
        }
        if (accept("of")) {
            return quantified(token);
        }
        if (!selections.contains(word)) {
            throw new Failure(
                    token.offset(),
                    "there is no selection '" + word + "'" + Spelling.hint(word, selections));
        }
        return new Condition.Selection(word);
    }

    private Condition quantified(Token quantity) {
        Token target = take();
        if (target.text().isEmpty() || target.text().equals("(") || target.text().equals(")")) {
            throw new Failure(target.offset(), "expected 'them' or the name of selections");
        }
        List<String> names = named(target.text());
        if (names.isEmpty()) {
            throw new Failure(
                    target.offset(),
                    "no selection is named like '"
                            + target.text()
                            + "'"
                            + Spelling.hint(target.text(), selections));
        }
        return new Condition.AtLeast(count(quantity, names.size()), names);
    }

    private static int count(Token quantity, int available) {
        String word = quantity.text().toLowerCase(Locale.ROOT);
        if (word.equals("all")) {
            return available;
        }
        if (word.equals("any")) {
            return 1;
        }
        int count = NUMBER.matcher(word).matches() ? Integer.parseInt(word) : 0;
        if (count < 1 || count > available) {
            throw new Failure(
                    quantity.offset(),
                    "expected 'all', 'any' or a number from 1 to "
                            + available
                            + " before 'of', got '"
                            + quantity.text()
                            + "'");
        }
        return count;
    }

    /** Names that start with "_" are left out unless the pattern itself starts so. */
    private List<String> named(String target) {
        List<String> parts =
                target.equalsIgnoreCase("them")
                        ? List.of("", "")
                        : List.of(target.split("\\*", -1));
        return selections.stream()
                .filter(name -> target.startsWith("_") || !name.startsWith("_"))
                .filter(name -> isLike(name, parts))
                .toList();
    }

    /** Whether the name is of these parts with anything between them; linear in its length. */
    private static boolean isLike(String name, List<String> parts) {
        if (parts.size() == 1) {
            return name.equals(parts.getFirst());
        }
        String last = parts.getLast();
        int end = name.length() - last.length();
        int at = parts.getFirst().length();
        if (end < at || !name.startsWith(parts.getFirst()) || !name.endsWith(last)) {
            return false;
        }
        for (String part : parts.subList(1, parts.size() - 1)) {
            int found = name.indexOf(part, at);
            at = found + part.length();
            if (found < 0 || at > end) {
                return false;
            }
        }
        return true;
    }

    private static boolean isKeyword(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "and", "or", "not", "of" -> true;
            default -> false;
        };
    }

    private Token peek() {
        return next < tokens.size() ? tokens.get(next) : new Token("", length);
    }

    private Token take() {
        Token token = peek();
        next++;
        return token;
    }

    private boolean accept(String word) {
        if (peek().text().equalsIgnoreCase(word)) {
            next++;
            return true;
        }
        return false;
    }
}
