package dev.yagura.sigma.pack;

import dev.yagura.sigma.Diagnostic;
import dev.yagura.sigma.Reference;
import dev.yagura.sigma.SigmaDocument;
import dev.yagura.sigma.SigmaFilter;
import dev.yagura.sigma.SigmaRule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which filters go with which rules. */
final class RuleFilters {
    private final Map<String, List<SigmaFilter>> byRule = new HashMap<>();
    private final Map<String, List<Diagnostic>> diagnostics = new HashMap<>();
    private final Map<String, Boolean> applied = new HashMap<>();
    private final Deployments deployments;

    /** Finds the rules of all filters. */
    RuleFilters(List<PackDocument> documents, RuleIndex index, Deployments deployments) {
        this.deployments = deployments;
        for (PackDocument document : documents) {
            if (document.document() instanceof SigmaDocument.Filter filter
                    && document.duplicate().isEmpty()) {
                place(document, filter.filter(), index);
            }
        }
    }

    private void place(PackDocument document, SigmaFilter filter, RuleIndex index) {
        List<Diagnostic> said = new ArrayList<>();
        boolean some = false;
        for (Reference reference : filter.rules()) {
            for (PackDocument rule : index.findAll(reference, document, said::add)) {
                if (takes(filter, rule, reference, said)) {
                    some = true;
                    place(document, filter, rule, reference, said);
                }
            }
        }
        diagnostics.put(document.ruleName(), said);
        applied.put(document.ruleName(), some);
    }

    private void place(
            PackDocument document,
            SigmaFilter filter,
            PackDocument rule,
            Reference reference,
            List<Diagnostic> said) {
        if (deployments.isDisabled(document.ruleName())) {
            return;
        }
        if (deployments.alerts(rule.ruleName()) && !deployments.alerts(document.ruleName())) {
            said.add(
                    reference.diagnostic(
                            "this filter is in shadow and the rule '"
                                    + reference.rule()
                                    + "' alerts: it is put into the rule when it is alerting too"));
            return;
        }
        byRule.computeIfAbsent(rule.ruleName(), key -> new ArrayList<>()).add(filter);
    }

    private static boolean takes(
            SigmaFilter filter, PackDocument rule, Reference reference, List<Diagnostic> said) {
        if (!(rule.document() instanceof SigmaDocument.Valid valid)) {
            said.add(
                    reference.diagnostic(
                            "'"
                                    + reference.rule()
                                    + "' is a correlation; a filter goes with the rules that it"
                                    + " refers to"));
            return false;
        }
        if (!filter.covers(valid.rule().logSource())) {
            said.add(
                    reference.diagnostic(
                            "the rule '"
                                    + reference.rule()
                                    + "' has the log source "
                                    + valid.rule().logSource()
                                    + ", which "
                                    + filter.logSource()
                                    + " does not cover"));
            return false;
        }
        return true;
    }

    /** The rule with all its filters. */
    SigmaRule applyTo(PackDocument document, SigmaRule rule) {
        SigmaRule filtered = rule;
        for (SigmaFilter filter : byRule.getOrDefault(document.ruleName(), List.of())) {
            filtered = filter.applyTo(filtered);
        }
        return filtered;
    }

    /** What is wrong with the references of a filter. */
    List<Diagnostic> diagnostics(PackDocument filter) {
        return diagnostics.getOrDefault(filter.ruleName(), List.of());
    }

    /** Whether there is at least one rule that takes the filter. */
    boolean isApplied(PackDocument filter) {
        return applied.getOrDefault(filter.ruleName(), false);
    }
}
