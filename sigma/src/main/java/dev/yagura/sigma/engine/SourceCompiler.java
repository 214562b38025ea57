package dev.yagura.sigma.engine;

import dev.yagura.sigma.Condition;
import dev.yagura.sigma.Detection;
import dev.yagura.sigma.Pattern;
import dev.yagura.sigma.SigmaRule;
import dev.yagura.sigma.taxonomy.EventSource;
import dev.yagura.sigma.taxonomy.FieldReader;
import dev.yagura.sigma.taxonomy.Reachability;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** Compiles the rules of one source: fields and atoms get numbers, literals go to automata. */
final class SourceCompiler {
    private static final String KEYWORDS_NAME = "keywords";
    private static final int RARE_LENGTH = 6;

    private final EventSource source;
    private final Map<String, Integer> fieldNumbers = new LinkedHashMap<>();
    private final List<FieldReader> readers = new ArrayList<>();
    private final Map<AtomKey, Integer> atomNumbers = new LinkedHashMap<>();
    private final List<Atom> atoms = new ArrayList<>();

    private record AtomKey(String field, Pattern pattern) {}

    private SourceCompiler(EventSource source) {
        this.source = source;
    }

    static SourceRules compile(EventSource source, List<RuleSetCompiler.Input> inputs) {
        return new SourceCompiler(source).compile(inputs);
    }

    private SourceRules compile(List<RuleSetCompiler.Input> inputs) {
        List<CompiledRule> rules = inputs.stream().map(this::rule).toList();
        Triggers triggers = new Triggers(source, atoms, rules);
        int[][] triggered = triggers.byAtom();
        boolean[] indexed = new boolean[atoms.size()];
        for (int atom = 0; atom < indexed.length; atom++) {
            indexed[atom] = triggered[atom].length > 0 || isRareAnywhere(atoms.get(atom));
        }
        return new SourceRules(
                source,
                new SourceRules.Parts(
                        readers.toArray(FieldReader[]::new),
                        atoms.toArray(Atom[]::new),
                        indexed,
                        indexes(indexed),
                        rules.toArray(CompiledRule[]::new),
                        triggered,
                        triggers.always()));
    }

    /** Cheaper to be found with the others than to be looked for by itself. */
    private static boolean isRareAnywhere(Atom atom) {
        return !atom.literals().isEmpty()
                && atom.literals().stream()
                        .allMatch(literal ->
                                literal.place() == Literal.Place.ANYWHERE
                                        && literal.text().length() >= RARE_LENGTH);
    }

    private CompiledRule rule(RuleSetCompiler.Input input) {
        SigmaRule rule = input.rule();
        Map<String, ConditionNode.Selection> selections = new LinkedHashMap<>();
        rule.selections()
                .forEach((name, detection) ->
                        selections.put(name, new ConditionNode.Selection(name, node(detection))));
        return new CompiledRule(
                input.reference(),
                input.severity(),
                rule.conditionText(),
                node(rule.condition(), name -> Objects.requireNonNull(selections.get(name), name)));
    }

    private ConditionNode node(
            Condition condition, Function<String, ConditionNode.Selection> selections) {
        return switch (condition) {
            case Condition.Selection(String name) -> selections.apply(name);
            case Condition.Not(Condition part) -> new ConditionNode.Not(node(part, selections));
            case Condition.And(var parts) -> atLeast(parts.size(), parts, selections);
            case Condition.Or(var parts) -> atLeast(1, parts, selections);
            case Condition.AtLeast(int count, var names) ->
                    new ConditionNode.AtLeast(
                            count, names.stream().map(selections).toArray(ConditionNode[]::new));
        };
    }

    private ConditionNode atLeast(
            int count,
            List<Condition> parts,
            Function<String, ConditionNode.Selection> selections) {
        return new ConditionNode.AtLeast(
                count,
                parts.stream().map(part -> node(part, selections)).toArray(ConditionNode[]::new));
    }

    private DetectionNode node(Detection detection) {
        return switch (detection) {
            case Detection.All(var parts) -> new DetectionNode.All(nodes(parts));
            case Detection.Any(var parts) -> new DetectionNode.Any(nodes(parts));
            case Detection.Not(Detection part) -> new DetectionNode.Not(node(part));
            case Detection.Test test -> leaf(test);
        };
    }

    /** Regular expressions last: they are asked only when nothing cheaper has decided. */
    private DetectionNode[] nodes(Collection<Detection> parts) {
        return parts.stream()
                .map(this::node)
                .sorted(Comparator.comparing(this::hasRegex))
                .toArray(DetectionNode[]::new);
    }

    private boolean hasRegex(DetectionNode node) {
        return switch (node) {
            case DetectionNode.Leaf leaf ->
                    atoms.get(leaf.atom()).pattern() instanceof Pattern.Regex;
            case DetectionNode.Constant constant -> false;
            case DetectionNode.All all -> Arrays.stream(all.parts()).anyMatch(this::hasRegex);
            case DetectionNode.Any any -> Arrays.stream(any.parts()).anyMatch(this::hasRegex);
            case DetectionNode.Not not -> hasRegex(not.part());
        };
    }

    private DetectionNode leaf(Detection.Test test) {
        String other =
                test.pattern() instanceof Pattern.FieldReference reference
                        ? reference.field()
                        : test.field();
        Optional<Integer> field = fieldNumber(test.field());
        Optional<Integer> otherField = fieldNumber(other);
        if (field.isEmpty() || otherField.isEmpty()) {
            return new DetectionNode.Constant(
                    field.isEmpty() && Reachability.holdsWithoutField(test.pattern()));
        }
        return new DetectionNode.Leaf(
                atomNumbers.computeIfAbsent(
                        new AtomKey(test.field(), test.pattern()),
                        key -> {
                            atoms.add(atom(field.get(), otherField.get(), test));
                            return atoms.size() - 1;
                        }));
    }

    private static Atom atom(int field, int otherField, Detection.Test test) {
        String name = test.field().equals(Detection.KEYWORDS) ? KEYWORDS_NAME : test.field();
        ValueTest valueTest = ValueTest.of(test.pattern());
        return new Atom(
                field,
                otherField,
                name,
                test.pattern(),
                test.pattern().text(),
                valueTest,
                Literal.of(test.pattern(), valueTest));
    }

    private Optional<Integer> fieldNumber(String name) {
        Integer known = fieldNumbers.get(name);
        if (known != null) {
            return Optional.of(known);
        }
        return source.field(name)
                .map(reader -> {
                    readers.add(reader);
                    fieldNumbers.put(name, readers.size() - 1);
                    return readers.size() - 1;
                });
    }

    private LiteralIndex[] indexes(boolean[] indexed) {
        Map<Integer, List<LiteralIndex.Use>> uses = new TreeMap<>();
        for (int number = 0; number < atoms.size(); number++) {
            Atom atom = atoms.get(number);
            for (Literal literal : indexed[number] ? atom.literals() : List.<Literal>of()) {
                uses.computeIfAbsent(atom.field(), key -> new ArrayList<>())
                        .add(new LiteralIndex.Use(number, literal));
            }
        }
        return uses.entrySet().stream()
                .map(entry -> new LiteralIndex(entry.getKey(), entry.getValue()))
                .toArray(LiteralIndex[]::new);
    }
}
