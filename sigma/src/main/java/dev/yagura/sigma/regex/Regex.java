package dev.yagura.sigma.regex;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.nio.CharBuffer;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A regular expression of RE2's syntax. Used by any number of threads. */
public final class Regex {
    private final Pattern pattern;
    private final Set<String> requiredLiterals;
    private final int leastLength;
    private final @Nullable LazyAutomaton automaton;

    private Regex(Pattern pattern, Optional<Expression> expression) {
        this.pattern = pattern;
        requiredLiterals = expression.map(RequiredLiterals::of).orElse(Set.of());
        leastLength = expression.map(Expression::leastLength).orElse(0);
        automaton = expression.flatMap(Program::of).map(LazyAutomaton::new).orElse(null);
    }

    /**
     * Compiles.
     *
     * @param flags of {@link Pattern}
     * @throws PatternSyntaxException when the expression is not of RE2's syntax
     */
    public static Regex compile(String expression, int flags) {
        return new Regex(
                Pattern.compile(expression, flags), ExpressionParser.parse(expression, flags));
    }

    /** Whether it is found anywhere in the first units of the text. */
    public boolean find(char[] text, int length) {
        if (length < leastLength) {
            return false;
        }
        int found = automaton == null ? -1 : automaton.find(text, length);
        return found < 0 ? pattern.matcher(CharBuffer.wrap(text, 0, length)).find() : found > 0;
    }

    /**
     * Literals, case-folded, of which at least one is in every text that it is found in; empty when
     * there are none.
     */
    public Set<String> requiredLiterals() {
        return requiredLiterals;
    }

    /** Whether it runs by the automaton, and not by RE2/J. */
    boolean isAutomaton() {
        return automaton != null;
    }
}
