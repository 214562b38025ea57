package dev.yagura.sigma.engine;

import dev.yagura.sigma.taxonomy.EventKind;
import dev.yagura.sigma.taxonomy.FieldText;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What events of one kind need of a source: rules that can be met when the fields that the kind
 * decides have its values, and the fields whose literals make one of those rules a candidate. Most
 * rules on a Windows channel name the event id, so few are left.
 */
final class KindPlan {
    private final long[] possible;
    private final long[] always;
    private final LiteralIndex[] indexes;
    private final boolean[] lookedThrough;

    private KindPlan(
            long[] possible, long[] always, LiteralIndex[] indexes, boolean[] lookedThrough) {
        this.possible = possible;
        this.always = always;
        this.indexes = indexes;
        this.lookedThrough = lookedThrough;
    }

    /** For events of which nothing is known. */
    static KindPlan ofAny(SourceRules rules) {
        long[] possible = new long[rules.always().length];
        Arrays.fill(possible, ~0L);
        return new Planner(rules, new FieldText[rules.fieldCount()]).plan(possible);
    }

    static KindPlan of(SourceRules rules, EventKind kind) {
        @Nullable FieldText[] values = new FieldText[rules.fieldCount()];
        for (int atom = 0; atom < rules.atoms().length; atom++) {
            Atom each = rules.atoms()[atom];
            Optional<String> value = rules.source().valueOf(each.fieldName(), kind);
            if (value.isPresent() && values[each.field()] == null) {
                values[each.field()] = FieldText.of(value.get());
            }
        }
        Planner planner = new Planner(rules, values);
        return planner.plan(planner.possible());
    }

    /** Bits of rules that can be met. */
    long[] possible() {
        return possible;
    }

    /** Bits of those that no literal makes a candidate. */
    long[] always() {
        return always;
    }

    LiteralIndex[] indexes() {
        return indexes;
    }

    /** Whether the field's literals are looked for. */
    boolean looksThrough(int field) {
        return lookedThrough[field];
    }

    private enum Truth {
        ALWAYS,
        NEVER,
        EITHER
    }

    /**
     * Thinks ahead.
     *
     * @param values by field, null where events of the kind differ
     */
    private record Planner(SourceRules rules, @Nullable FieldText[] values) {

        long[] possible() {
            long[] possible = new long[rules.always().length];
            for (int rule = 0; rule < rules.rules().length; rule++) {
                if (truth(rules.rules()[rule].condition()) != Truth.NEVER) {
                    possible[rule >>> 6] |= 1L << rule;
                }
            }
            return possible;
        }

        KindPlan plan(long[] possible) {
            boolean[] lookedThrough = new boolean[rules.fieldCount()];
            for (int atom = 0; atom < rules.atoms().length; atom++) {
                for (int rule : rules.triggered()[atom]) {
                    lookedThrough[rules.atoms()[atom].field()] |=
                            (possible[rule >>> 6] >>> rule & 1) != 0;
                }
            }
            long[] always = rules.always().clone();
            for (int word = 0; word < always.length; word++) {
                always[word] &= possible[word];
            }
            return new KindPlan(
                    possible,
                    always,
                    Arrays.stream(rules.indexes())
                            .filter(index -> lookedThrough[index.field()])
                            .toArray(LiteralIndex[]::new),
                    lookedThrough);
        }

        private Truth truth(ConditionNode condition) {
            return switch (condition) {
                case ConditionNode.Selection selection -> truth(selection.detection());
                case ConditionNode.Not(ConditionNode part) -> not(truth(part));
                case ConditionNode.AtLeast(int count, ConditionNode[] parts) ->
                        atLeast(count, Arrays.stream(parts).map(this::truth).toArray(Truth[]::new));
            };
        }

        private Truth truth(DetectionNode detection) {
            return switch (detection) {
                case DetectionNode.All(DetectionNode[] parts) ->
                        atLeast(parts.length, truths(parts));
                case DetectionNode.Any(DetectionNode[] parts) -> atLeast(1, truths(parts));
                case DetectionNode.Not(DetectionNode part) -> not(truth(part));
                case DetectionNode.Constant(boolean value) -> of(value);
                case DetectionNode.Leaf(int number) -> {
                    Atom atom = rules.atoms()[number];
                    FieldText value = values[atom.field()];
                    FieldText other = values[atom.otherField()];
                    yield value == null || other == null
                            ? Truth.EITHER
                            : of(atom.test().test(value, other));
                }
            };
        }

        private Truth[] truths(DetectionNode[] parts) {
            return Arrays.stream(parts).map(this::truth).toArray(Truth[]::new);
        }

        private static Truth of(boolean value) {
            return value ? Truth.ALWAYS : Truth.NEVER;
        }

        private static Truth not(Truth truth) {
            return switch (truth) {
                case ALWAYS -> Truth.NEVER;
                case NEVER -> Truth.ALWAYS;
                case EITHER -> Truth.EITHER;
            };
        }

        private static Truth atLeast(int count, Truth[] parts) {
            long always = Arrays.stream(parts).filter(part -> part == Truth.ALWAYS).count();
            long never = Arrays.stream(parts).filter(part -> part == Truth.NEVER).count();
            if (always >= count) {
                return Truth.ALWAYS;
            }
            return parts.length - never < count ? Truth.NEVER : Truth.EITHER;
        }
    }
}
