package dev.yagura.sigma.regex;

import java.util.List;

/** A regular expression as a tree. Groups and greediness are left out: they change no answer. */
sealed interface Expression {

    /** One unit of the set. */
    record Chars(CharSet set) implements Expression {}

    /** One after the other; nothing at all when empty. */
    record Sequence(List<Expression> parts) implements Expression {
        public Sequence {
            parts = List.copyOf(parts);
        }
    }

    /** One of them. */
    record Alternation(List<Expression> branches) implements Expression {
        public Alternation {
            branches = List.copyOf(branches);
        }
    }

    /**
     * So many times.
     *
     * @param most {@link #UNBOUNDED} for any number
     */
    record Repeat(Expression part, int least, int most) implements Expression {
        static final int UNBOUNDED = -1;
    }

    /** The start of the text. */
    record Start() implements Expression {}

    /** The end of the text. */
    record End() implements Expression {}

    /**
     * Between a character of a word, of ASCII, and another or none.
     *
     * @param negated anywhere else
     */
    record WordEdge(boolean negated) implements Expression {}

    /** Units of the shortest text that is taken. */
    default int leastLength() {
        return switch (this) {
            case Chars chars -> 1;
            case Sequence(List<Expression> parts) ->
                    parts.stream().mapToInt(Expression::leastLength).sum();
            case Alternation(List<Expression> branches) ->
                    branches.stream().mapToInt(Expression::leastLength).min().orElse(0);
            case Repeat(Expression part, int least, int most) -> least * part.leastLength();
            case Start start -> 0;
            case End end -> 0;
            case WordEdge edge -> 0;
        };
    }
}
