package dev.yagura.sigma.regex;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Literals, case-folded, of which at least one is in every text that an expression finds something
 * in.
 */
final class RequiredLiterals {
    private static final int MIN_LENGTH = 2;

    /** Rare enough in texts to be looked for by themselves. */
    private static final String RARE = "`^~{}[]$%@!#&*+;<>?|";

    private static final int MAX_CHARACTERS = 5;
    private static final int MAX_ROUNDS = 4;
    private static final int MAX_EXACT = 32;
    private static final int MAX_LITERALS = 64;

    /** Repetitions in repetitions are looked at again and again. */
    private static final int MAX_STEPS = 50_000;

    private int steps;

    private RequiredLiterals() {}

    /** Empty when nothing can be promised. */
    static Set<String> of(Expression expression) {
        RequiredLiterals literals = new RequiredLiterals();
        Facts facts = literals.facts(expression);
        return literals.steps > MAX_STEPS ? Set.of() : facts.required();
    }

    /**
     * What is known of the texts that a part takes.
     *
     * @param exact all of them; empty when there are too many
     * @param required at least one of them is in each; empty when not known
     */
    private record Facts(Set<String> exact, Set<String> required) {
        static final Facts NOTHING = new Facts(Set.of(), Set.of());

        static Facts exactly(Set<String> texts) {
            return new Facts(texts, isUseful(texts) ? texts : Set.of());
        }
    }

    private Facts facts(Expression expression) {
        if (++steps > MAX_STEPS) {
            return Facts.NOTHING;
        }
        return switch (expression) {
            case Expression.Chars(CharSet set) -> {
                Set<String> texts = new LinkedHashSet<>();
                set.folded(MAX_CHARACTERS).forEach(c -> texts.add(String.valueOf(c)));
                yield Facts.exactly(texts);
            }
            case Expression.Sequence(List<Expression> parts) -> sequence(parts);
            case Expression.Alternation(List<Expression> branches) -> alternation(branches);
            case Expression.Repeat repeat -> repeat(repeat);
            case Expression.Start start -> Facts.exactly(Set.of(""));
            case Expression.End end -> Facts.exactly(Set.of(""));
            case Expression.WordEdge edge -> Facts.exactly(Set.of(""));
        };
    }

    /** Neighbours of few texts are joined; of the runs the best counts. */
    private Facts sequence(List<Expression> parts) {
        Set<String> run = Set.of("");
        Set<String> best = Set.of();
        boolean whole = true;
        for (Expression part : unrolled(parts)) {
            Facts facts = facts(part);
            Set<String> longer = joined(run, facts.exact());
            if (longer.isEmpty()) {
                whole = false;
                best = better(best, run);
                best = better(best, facts.required());
                run = facts.exact().isEmpty() ? Set.of("") : facts.exact();
            } else {
                run = longer;
            }
        }
        best = better(best, run);
        return new Facts(whole ? run : Set.of(), best);
    }

    /** The first rounds of a repetition are neighbours of what is before it. */
    private static List<Expression> unrolled(List<Expression> parts) {
        List<Expression> unrolled = new ArrayList<>();
        for (Expression part : parts) {
            if (part instanceof Expression.Repeat(Expression inner, int least, int most)
                    && least > 0) {
                int rounds = Math.min(least, MAX_ROUNDS);
                for (int i = 0; i < rounds; i++) {
                    unrolled.addAll(
                            inner instanceof Expression.Sequence(List<Expression> round)
                                    ? round
                                    : List.of(inner));
                }
                boolean bounded = most != Expression.Repeat.UNBOUNDED;
                unrolled.add(
                        new Expression.Repeat(
                                inner, least - rounds, bounded ? most - rounds : most));
            } else {
                unrolled.add(part);
            }
        }
        return unrolled;
    }

    private Facts alternation(List<Expression> branches) {
        Set<String> exact = new LinkedHashSet<>();
        Set<String> required = new LinkedHashSet<>();
        boolean isExact = true;
        boolean isRequired = true;
        for (Expression branch : branches) {
            Facts facts = facts(branch);
            isExact &= !facts.exact().isEmpty();
            isRequired &= !facts.required().isEmpty();
            exact.addAll(facts.exact());
            required.addAll(facts.required());
        }
        isExact &= exact.size() <= MAX_EXACT;
        isRequired &= required.size() <= MAX_LITERALS;
        return new Facts(isExact ? exact : Set.of(), isRequired ? required : Set.of());
    }

    private Facts repeat(Expression.Repeat repeat) {
        Facts once = facts(repeat.part());
        Set<String> texts = Set.of("");
        for (int i = 0; i < repeat.least() && !texts.isEmpty(); i++) {
            texts = joined(texts, once.exact());
        }
        if (repeat.most() == repeat.least()) {
            return texts.isEmpty() ? new Facts(Set.of(), once.required()) : Facts.exactly(texts);
        }
        if (repeat.least() == 0 && repeat.most() == 1 && !once.exact().isEmpty()) {
            Set<String> orNothing = new LinkedHashSet<>(once.exact());
            orNothing.add("");
            return Facts.exactly(orNothing);
        }
        if (repeat.least() == 0) {
            return Facts.NOTHING;
        }
        return new Facts(Set.of(), better(once.required(), texts));
    }

    /** Empty when there would be too many. */
    private static Set<String> joined(Set<String> heads, Set<String> tails) {
        if (heads.size() * tails.size() > MAX_EXACT) {
            return Set.of();
        }
        Set<String> joined = new LinkedHashSet<>();
        heads.forEach(head -> tails.forEach(tail -> joined.add(head + tail)));
        return joined;
    }

    private static Set<String> better(Set<String> one, Set<String> other) {
        return isUseful(other) && shortest(other) > shortest(one) ? other : one;
    }

    private static boolean isUseful(Set<String> literals) {
        return !literals.isEmpty()
                && literals.stream()
                        .allMatch(text ->
                                text.length() >= MIN_LENGTH
                                        || (!text.isEmpty() && RARE.contains(text)));
    }

    private static int shortest(Set<String> literals) {
        return literals.stream().mapToInt(String::length).min().orElse(0);
    }
}
