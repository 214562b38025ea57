package dev.yagura.sigma.regex;

import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;

/**
 * Reads RE2's syntax (github.com/google/re2/wiki/Syntax). The expression is known to be valid; what
 * is rare is left to RE2/J: Unicode and POSIX classes, several lines, other letters than those of
 * ASCII without case, characters beyond the basic plane.
 */
final class ExpressionParser {
    private static final int MAX_DEPTH = 100;

    /** With zeros before a count it is text. */
    private static final java.util.regex.Pattern REPETITION =
            java.util.regex.Pattern.compile("\\{(0|[1-9][0-9]*)(?:(,)((?:0|[1-9][0-9]*)?))?}");

    private static final java.util.regex.Pattern GROUP =
            java.util.regex.Pattern.compile(
                    "\\?(?:P?<[A-Za-z0-9_]+>|([a-zA-Z]*)(?:-([a-zA-Z]*))?([:)]))");
    private static final String CONTROLS = "afnrtv";
    private static final String CONTROL_CHARACTERS = "\007\f\n\r\t\013";

    private final String text;
    private int position;
    private int depth;
    private boolean caseless;
    private boolean dotAll;

    private ExpressionParser(String text, int flags) {
        this.text = text;
        caseless = (flags & Pattern.CASE_INSENSITIVE) != 0;
        dotAll = (flags & Pattern.DOTALL) != 0;
    }

    /** What is written in a way that is left to RE2/J. */
    private static final class Unknown extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unknown() {
            super("", null, false, false);
        }
    }

    /** The tree; empty when the expression has something that is not known here. */
    static Optional<Expression> parse(String text, int flags) {
        if ((flags & Pattern.MULTILINE) != 0) {
            return Optional.empty();
        }
        ExpressionParser parser = new ExpressionParser(text, flags);
        try {
            Expression expression = parser.alternation();
            return parser.isAtEnd() ? Optional.of(expression) : Optional.empty();
        } catch (Unknown e) {
            return Optional.empty();
        }
    }

    private Expression alternation() {
        if (++depth > MAX_DEPTH) {
            throw new Unknown();
        }
        List<Expression> branches = new ArrayList<>();
        branches.add(sequence());
        while (accept('|')) {
            branches.add(sequence());
        }
        depth--;
        return branches.size() == 1 ? branches.getFirst() : new Expression.Alternation(branches);
    }

    private Expression sequence() {
        List<Expression> parts = new ArrayList<>();
        while (!isAtEnd() && peek() != '|' && peek() != ')') {
            if (text.startsWith("\\Q", position)) {
                quoted(parts);
            } else {
                atom().ifPresent(atom -> parts.add(repeated(atom)));
            }
        }
        return parts.size() == 1 ? parts.getFirst() : new Expression.Sequence(parts);
    }

    /** A repetition after the quotation is of its last character. */
    private void quoted(List<Expression> parts) {
        int end = text.indexOf("\\E", position + 2);
        String literal = text.substring(position + 2, end < 0 ? text.length() : end);
        position = end < 0 ? text.length() : end + 2;
        for (int i = 0; i < literal.length(); i++) {
            Expression one = chars(literal.charAt(i));
            parts.add(i == literal.length() - 1 ? repeated(one) : one);
        }
    }

    private Expression repeated(Expression atom) {
        Expression repeated = atom;
        while (!isAtEnd()) {
            char c = peek();
            Matcher counted = REPETITION.matcher(text).region(position, text.length());
            if (c == '*' || c == '+' || c == '?') {
                position++;
                repeated =
                        new Expression.Repeat(
                                repeated,
                                c == '+' ? 1 : 0,
                                c == '?' ? 1 : Expression.Repeat.UNBOUNDED);
            } else if (c == '{' && counted.lookingAt()) {
                position = counted.end();
                repeated = counted(repeated, counted);
            } else {
                return repeated;
            }
            accept('?');
        }
        return repeated;
    }

    private static Expression counted(Expression part, Matcher written) {
        int least = Integer.parseInt(written.group(1));
        if (written.group(2) == null) {
            return new Expression.Repeat(part, least, least);
        }
        String most = written.group(3);
        return new Expression.Repeat(
                part, least, most.isEmpty() ? Expression.Repeat.UNBOUNDED : Integer.parseInt(most));
    }

    /** Empty for flags alone, which match nothing themselves. */
    private Optional<Expression> atom() {
        char c = take();
        return switch (c) {
            case '(' -> group();
            case '[' -> Optional.of(new Expression.Chars(bracket()));
            case '.' ->
                    Optional.of(
                            new Expression.Chars(
                                    dotAll ? CharSet.EVERY : CharSet.LINE_END.negated()));
            case '^' -> Optional.of(new Expression.Start());
            case '$' -> Optional.of(new Expression.End());
            case '\\' -> Optional.of(escape());
            default -> Optional.of(chars(c));
        };
    }

    private Optional<Expression> group() {
        boolean caselessOutside = caseless;
        boolean dotAllOutside = dotAll;
        Matcher start = GROUP.matcher(text).region(position, text.length());
        if (start.lookingAt()) {
            position = start.end();
            if (start.group(3) != null) {
                flags(start.group(1), true);
                flags(start.group(2) == null ? "" : start.group(2), false);
                if (start.group(3).equals(")")) {
                    return Optional.empty();
                }
            }
        } else if (!isAtEnd() && peek() == '?') {
            throw new Unknown();
        }
        Expression inner = alternation();
        if (!accept(')')) {
            throw new Unknown();
        }
        caseless = caselessOutside;
        dotAll = dotAllOutside;
        return Optional.of(inner);
    }

    private void flags(String letters, boolean on) {
        for (int i = 0; i < letters.length(); i++) {
            switch (letters.charAt(i)) {
                case 'i' -> caseless = on;
                case 's' -> dotAll = on;
                case 'U' -> {
                    // Greediness changes no answer.
                }
                default -> throw new Unknown();
            }
        }
    }

    private Expression escape() {
        return switch (peek()) {
            case 'A' -> {
                position++;
                yield new Expression.Start();
            }
            case 'z' -> {
                position++;
                yield new Expression.End();
            }
            case 'b', 'B' -> new Expression.WordEdge(take() == 'B');
            default -> {
                CharSet set = escapedSet();
                yield new Expression.Chars(isSingle(set) ? cased(set) : set);
            }
        };
    }

    /** What is after a backslash, in a class or outside of one. */
    private CharSet escapedSet() {
        char c = take();
        int control = CONTROLS.indexOf(c);
        if (control >= 0) {
            char character = CONTROL_CHARACTERS.charAt(control);
            return CharSet.of(character, character);
        }
        return switch (c) {
            case 'd' -> CharSet.DIGITS;
            case 'D' -> CharSet.DIGITS.negated();
            case 's' -> CharSet.SPACES;
            case 'S' -> CharSet.SPACES.negated();
            case 'w' -> cased(CharSet.WORDS);
            case 'W' -> cased(CharSet.WORDS).negated();
            case 'x' -> hexadecimal();
            default -> {
                if (c >= 128 || Character.isLetterOrDigit(c)) {
                    throw new Unknown();
                }
                yield CharSet.of(c, c);
            }
        };
    }

    private CharSet hexadecimal() {
        int end = position + 2;
        if (end > text.length() || peek() == '{') {
            throw new Unknown();
        }
        char c = (char) Integer.parseInt(text, position, end, 16);
        position = end;
        return CharSet.of(c, c);
    }

    private CharSet bracket() {
        boolean negated = accept('^');
        List<CharSet> sets = new ArrayList<>();
        boolean first = true;
        while (first || peek() != ']') {
            first = false;
            if (text.startsWith("[:", position)) {
                throw new Unknown();
            }
            CharSet low = bracketItem();
            boolean range =
                    position + 1 < text.length()
                            && peek() == '-'
                            && text.charAt(position + 1) != ']';
            if (!isSingle(low)) {
                sets.add(low);
            } else if (range) {
                position++;
                sets.add(cased(CharSet.of(low.first(), bracketItem().first())));
            } else {
                sets.add(cased(low));
            }
        }
        position++;
        CharSet all = CharSet.union(sets);
        return negated ? all.negated() : all;
    }

    private CharSet bracketItem() {
        char c = take();
        if (c == '\\') {
            return escapedSet();
        }
        if (Character.isSurrogate(c)) {
            throw new Unknown();
        }
        return CharSet.of(c, c);
    }

    private static boolean isSingle(CharSet set) {
        return set.ranges().size() == 1 && set.first() == set.ranges().getFirst().last();
    }

    private Expression chars(char c) {
        if (Character.isSurrogate(c)) {
            throw new Unknown();
        }
        return new Expression.Chars(cased(CharSet.of(c, c)));
    }

    private CharSet cased(CharSet set) {
        if (caseless && !set.isAscii()) {
            throw new Unknown();
        }
        return caseless ? set.caseless() : set;
    }

    private boolean isAtEnd() {
        return position >= text.length();
    }

    private char peek() {
        if (isAtEnd()) {
            throw new Unknown();
        }
        return text.charAt(position);
    }

    private char take() {
        char c = peek();
        position++;
        return c;
    }

    private boolean accept(char c) {
        if (!isAtEnd() && text.charAt(position) == c) {
            position++;
            return true;
        }
        return false;
    }
}
