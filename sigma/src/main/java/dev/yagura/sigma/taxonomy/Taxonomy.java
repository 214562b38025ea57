package dev.yagura.sigma.taxonomy;

import dev.yagura.sigma.LogSource;
import dev.yagura.sigma.SigmaRule;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;

/** Sigma's log sources and fields, mapped to the event schema. */
public final class Taxonomy {
    private Taxonomy() {}

    /**
     * Whether a rule can ever be met.
     *
     * @param canFire false when no event can meet it
     * @param reasons log source or fields that nobody delivers; also of a rule that can fire
     * @param warnings exclusions of the condition that never apply, since no event has their field
     */
    public record Coverage(boolean canFire, List<String> reasons, List<String> warnings) {
        public Coverage {
            reasons = List.copyOf(reasons);
            warnings = List.copyOf(warnings);
        }
    }

    /** Says whether the rule can be met by what sensors deliver, and what is missing. */
    public static Coverage coverage(SigmaRule rule) {
        return coverage(rule, Mappings.standard());
    }

    /** The same, with other mappings. */
    public static Coverage coverage(SigmaRule rule, Mappings mappings) {
        List<EventSource> sources = mappings.sources(rule.logSource());
        if (sources.isEmpty()) {
            return new Coverage(
                    false,
                    List.of("no sensor delivers the log source " + rule.logSource()),
                    List.of());
        }
        List<Reachability.Answer> answers =
                sources.stream().map(source -> Reachability.of(rule, source)).toList();
        boolean canFire = answers.stream().anyMatch(Reachability.Answer::canBeTrue);
        SequencedSet<String> reasons = new LinkedHashSet<>();
        SequencedSet<String> warnings = new LinkedHashSet<>();
        for (Reachability.Answer answer : answers) {
            answer.excludedFields()
                    .forEach(field -> warnings.add(excludesNone(field, rule.logSource())));
            answer.unmappedFields().stream()
                    .filter(field -> !canFire || !answer.excludedFields().contains(field))
                    .forEach(field -> reasons.add(missing(field, rule.logSource())));
        }
        return new Coverage(canFire, List.copyOf(reasons), List.copyOf(warnings));
    }

    /** A rule that names no product is for every product that has the category or service. */
    public static List<EventSource> sources(LogSource wanted) {
        return Mappings.standard().sources(wanted);
    }

    private static String excludesNone(String field, LogSource source) {
        return "the condition excludes events by "
                + field
                + ", which no sensor delivers in the log source "
                + source
                + ": it excludes none";
    }

    private static String missing(String field, LogSource source) {
        return (field.isEmpty() ? "unbound keywords have no text" : "no sensor delivers " + field)
                + " in the log source "
                + source;
    }
}
