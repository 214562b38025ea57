package dev.yagura.sigma.taxonomy;

import dev.yagura.sigma.Condition;
import dev.yagura.sigma.Detection;
import dev.yagura.sigma.Pattern;
import dev.yagura.sigma.SigmaRule;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.SequencedSet;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Whether a rule's condition can be true when the fields that a source does not have are missing
 * and all others may have any value.
 */
public final class Reachability {
    private final EventSource source;
    private final Map<String, Detection> selections;
    private final SequencedSet<String> unmapped = new LinkedHashSet<>();
    private final SequencedSet<String> excluded = new LinkedHashSet<>();

    /** Whether the part at hand is below an odd number of negations. */
    private boolean negated;

    /** What a part of a rule can be. */
    private enum Truth {
        ALWAYS,
        NEVER,
        EITHER
    }

    private Reachability(SigmaRule rule, EventSource source) {
        this.source = source;
        this.selections = rule.selections();
    }

    /**
     * The answer for one rule.
     *
     * @param excludedFields those unmapped fields by which the condition means to exclude events
     */
    record Answer(
            boolean canBeTrue,
            SequencedSet<String> unmappedFields,
            SequencedSet<String> excludedFields) {}

    static Answer of(SigmaRule rule, EventSource source) {
        Reachability reachability = new Reachability(rule, source);
        Truth truth = reachability.truth(rule.condition());
        return new Answer(truth != Truth.NEVER, reachability.unmapped, reachability.excluded);
    }

    /** Whether a test of a field that the source does not have is met. */
    public static boolean holdsWithoutField(Pattern pattern) {
        return switch (pattern) {
            case Pattern.Missing missing -> true;
            case Pattern.Exists exists -> !exists.expected();
            case Pattern.Text text -> false;
            case Pattern.Regex regex -> false;
            case Pattern.Network network -> false;
            case Pattern.Comparison comparison -> false;
            case Pattern.TimePart part -> false;
            case Pattern.FieldReference reference -> false;
        };
    }

    private Truth truth(Condition condition) {
        return switch (condition) {
            case Condition.Selection(String name) -> truth(name);
            case Condition.Not(Condition part) -> negated(() -> truth(part));
            case Condition.And(var parts) -> atLeast(parts.size(), parts, this::truth);
            case Condition.Or(var parts) -> atLeast(1, parts, this::truth);
            case Condition.AtLeast(int count, var names) -> atLeast(count, names, this::truth);
        };
    }

    private Truth truth(String selection) {
        Detection detection = selections.get(selection);
        if (detection == null) {
            throw new IllegalArgumentException("no selection " + selection);
        }
        return truth(detection);
    }

    private Truth truth(Detection detection) {
        return switch (detection) {
            case Detection.All(var parts) -> atLeast(parts.size(), parts, this::truth);
            case Detection.Any(var parts) -> atLeast(1, parts, this::truth);
            case Detection.Not(Detection part) -> negated(() -> truth(part));
            case Detection.Test test -> truth(test);
        };
    }

    private Truth truth(Detection.Test test) {
        if (isMissing(test.field())) {
            return holdsWithoutField(test.pattern()) ? Truth.ALWAYS : Truth.NEVER;
        }
        return test.pattern() instanceof Pattern.FieldReference reference
                        && isMissing(reference.field())
                ? Truth.NEVER
                : Truth.EITHER;
    }

    private boolean isMissing(String field) {
        boolean missing = source.field(field).isEmpty();
        if (missing) {
            unmapped.add(field);
            if (negated) {
                excluded.add(field);
            }
        }
        return missing;
    }

    private Truth negated(Supplier<Truth> part) {
        negated = !negated;
        Truth truth = not(part.get());
        negated = !negated;
        return truth;
    }

    private static Truth not(Truth truth) {
        return switch (truth) {
            case ALWAYS -> Truth.NEVER;
            case NEVER -> Truth.ALWAYS;
            case EITHER -> Truth.EITHER;
        };
    }

    private static <T> Truth atLeast(int count, Collection<T> parts, Function<T, Truth> truths) {
        int always = 0;
        int possible = 0;
        for (T part : parts) {
            Truth truth = truths.apply(part);
            always += truth == Truth.ALWAYS ? 1 : 0;
            possible += truth == Truth.NEVER ? 0 : 1;
        }
        if (always >= count) {
            return Truth.ALWAYS;
        }
        return possible >= count ? Truth.EITHER : Truth.NEVER;
    }
}
