package dev.yagura.detection.canary;

import dev.yagura.sigma.LogSource;
import dev.yagura.sigma.SigmaRule;
import dev.yagura.sigma.canary.Canary;
import dev.yagura.sigma.canary.CanaryProbe;
import dev.yagura.sigma.canary.RuleFields;
import dev.yagura.sigma.engine.RuleSetCompiler;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.function.Consumer;

/**
 * The canaries of a rule set: one for each log source that its rules use, and each sensor of it,
 * with the fields that they ask for. Depends on the rules alone, so that all replicas have the
 * same.
 */
public final class CanaryRules {
    public static final CanaryRules NONE = new CanaryRules(new TreeMap<>());

    private final SortedMap<String, Entry> entries;

    /**
     * A canary of the rule set.
     *
     * @param rules that are for its log source
     * @param problem why its rule is not compiled; empty when it is
     */
    public record Entry(CanaryProbe probe, int rules, String problem) {}

    private CanaryRules(SortedMap<String, Entry> entries) {
        this.entries = Collections.unmodifiableSortedMap(entries);
    }

    /**
     * Canaries for rules.
     *
     * @param canaries of the tables in force
     * @param rules that are not disabled, whether they can fire or not: a log source whose rules
     *     all cannot is what canaries are to notice
     * @param isMapped whether the tables in force have the field in the log source
     * @param compile compiles one rule alone, to find out whether it can be
     */
    public static CanaryRules of(
            Collection<Canary> canaries,
            Collection<SigmaRule> rules,
            BiPredicate<LogSource, String> isMapped,
            Consumer<RuleSetCompiler.Input> compile) {
        Map<LogSource, Use> uses = new HashMap<>();
        for (SigmaRule rule : rules) {
            Use use = uses.computeIfAbsent(rule.logSource(), key -> new Use());
            use.rules++;
            use.fields.addAll(RuleFields.of(rule));
        }
        SortedMap<String, Entry> entries = new TreeMap<>();
        for (Canary canary : canaries) {
            Use all = new Use();
            uses.forEach((logSource, use) -> {
                if (canary.isFor(logSource)) {
                    all.rules += use.rules;
                    all.fields.addAll(use.fields);
                }
            });
            if (all.rules > 0) {
                // Fields that have a place of their own stay: that a table lost one is a failure.
                all.fields.removeIf(field ->
                        !canary.places().containsKey(field)
                                && !isMapped.test(canary.logSource(), field));
                CanaryProbe probe = canary.probe(all.fields);
                entries.put(canary.name(), new Entry(probe, all.rules, problem(probe, compile)));
            }
        }
        return new CanaryRules(entries);
    }

    private static final class Use {
        private int rules;
        private final TreeSet<String> fields = new TreeSet<>();
    }

    private static String problem(CanaryProbe probe, Consumer<RuleSetCompiler.Input> compile) {
        try {
            compile.accept(probe.input(0));
            return "";
        } catch (RuntimeException | StackOverflowError e) {
            return "its rule cannot be compiled: " + e.getMessage();
        }
    }

    /** Rules to be compiled with the others. */
    public Collection<RuleSetCompiler.Input> inputs(long ruleSetVersion) {
        return entries.values().stream()
                .filter(entry -> entry.problem().isEmpty())
                .map(entry -> entry.probe().input(ruleSetVersion))
                .toList();
    }

    /** By name. */
    public SortedMap<String, Entry> entries() {
        return entries;
    }

    /** The canary of this name; empty when the rule set has none. */
    public Optional<Entry> find(String name) {
        return Optional.ofNullable(entries.get(name));
    }
}
