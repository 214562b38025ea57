package dev.yagura.sigma.engine;

import dev.yagura.sigma.taxonomy.EventSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Chooses for each rule a set of atoms of which at least one is hit whenever the rule is met: the
 * rule is looked at only then. Rare and long literals are preferred; of parts that must all hold,
 * the best one is enough. A rule for which there is no such set is looked at for every event.
 */
final class Triggers {
    private static final int MAX_LENGTH_VALUE = 16;

    private final EventSource source;
    private final List<Atom> atoms;
    private final int[] rulesWithAtom;
    private final List<List<Integer>> byAtom = new ArrayList<>();
    private final long[] always;

    /**
     * Atoms, and how good the worst of them is.
     *
     * @param score higher is rarer
     */
    private record Choice(List<Integer> atoms, int score) {}

    Triggers(EventSource source, List<Atom> atoms, List<CompiledRule> rules) {
        this.source = source;
        this.atoms = atoms;
        rulesWithAtom = new int[atoms.size()];
        always = new long[(rules.size() + Long.SIZE - 1) / Long.SIZE];
        atoms.forEach(atom -> byAtom.add(new ArrayList<>()));
        rules.forEach(rule -> count(rule.condition()));
        for (int rule = 0; rule < rules.size(); rule++) {
            Optional<Choice> choice = choose(rules.get(rule).condition());
            if (choice.isEmpty()) {
                always[rule >>> 6] |= 1L << rule;
            } else {
                for (int atom : choice.get().atoms().stream().distinct().toList()) {
                    byAtom.get(atom).add(rule);
                }
            }
        }
    }

    /** By atom: rules that it makes candidates. */
    int[][] byAtom() {
        return byAtom.stream()
                .map(rules -> rules.stream().mapToInt(Integer::intValue).toArray())
                .toArray(int[][]::new);
    }

    long[] always() {
        return always.clone();
    }

    private void count(ConditionNode condition) {
        switch (condition) {
            case ConditionNode.Selection selection -> count(selection.detection());
            case ConditionNode.AtLeast several ->
                    Arrays.stream(several.parts()).forEach(this::count);
            case ConditionNode.Not not -> count(not.part());
        }
    }

    private void count(DetectionNode detection) {
        switch (detection) {
            case DetectionNode.Leaf leaf -> rulesWithAtom[leaf.atom()]++;
            case DetectionNode.All all -> Arrays.stream(all.parts()).forEach(this::count);
            case DetectionNode.Any any -> Arrays.stream(any.parts()).forEach(this::count);
            case DetectionNode.Not not -> count(not.part());
            case DetectionNode.Constant constant -> {}
        }
    }

    private Optional<Choice> choose(ConditionNode condition) {
        return switch (condition) {
            case ConditionNode.Selection selection -> choose(selection.detection());
            case ConditionNode.Not not -> Optional.empty();
            case ConditionNode.AtLeast several ->
                    several(
                            several.count(),
                            Arrays.stream(several.parts()).map(this::choose).toList());
        };
    }

    private Optional<Choice> choose(DetectionNode detection) {
        return switch (detection) {
            case DetectionNode.Leaf leaf -> choose(leaf.atom());
            case DetectionNode.All all ->
                    several(
                            all.parts().length,
                            Arrays.stream(all.parts()).map(this::choose).toList());
            case DetectionNode.Any any ->
                    several(1, Arrays.stream(any.parts()).map(this::choose).toList());
            case DetectionNode.Not not -> Optional.empty();
            // Never true, so nothing has to be hit; always true, so nothing helps.
            case DetectionNode.Constant constant ->
                    constant.value()
                            ? Optional.empty()
                            : Optional.of(new Choice(List.of(), Integer.MAX_VALUE));
        };
    }

    private Optional<Choice> choose(int atom) {
        if (source.isOfKind(atoms.get(atom).fieldName())) {
            // Nothing to look for: the kind of the event has told already.
            return Optional.empty();
        }
        int length =
                atoms.get(atom).literals().stream()
                        .mapToInt(literal -> literal.text().length() + bonus(literal.place()))
                        .min()
                        .orElse(0);
        if (length == 0) {
            return Optional.empty();
        }
        int shared = Integer.SIZE - Integer.numberOfLeadingZeros(rulesWithAtom[atom]);
        int score = Math.min(length, MAX_LENGTH_VALUE) - 3 * (shared - 1);
        return Optional.of(new Choice(List.of(atom), score));
    }

    private static int bonus(Literal.Place place) {
        return switch (place) {
            case WHOLE -> 4;
            case START, END -> 2;
            case ANYWHERE -> 0;
        };
    }

    /** When so many of n parts hold, then one of any n - count + 1 of them does. */
    private static Optional<Choice> several(int count, List<Optional<Choice>> parts) {
        int needed = parts.size() - count + 1;
        List<Choice> best =
                parts.stream()
                        .flatMap(Optional::stream)
                        .sorted((a, b) -> Integer.compare(b.score(), a.score()))
                        .limit(needed)
                        .toList();
        if (best.size() < needed) {
            return Optional.empty();
        }
        return Optional.of(
                new Choice(
                        best.stream().flatMap(choice -> choice.atoms().stream()).toList(),
                        best.getLast().score()));
    }
}
