package dev.yagura.sigma.pack;

import java.util.Set;

/**
 * What is done with the matches of rules, as far as other rules depend on it. What is in shadow
 * changes nothing for a rule that alerts.
 *
 * @param disabled names of rules that are not evaluated; a filter is put into no rule
 * @param shadow names of rules whose matches are only counted; all others alert
 */
public record Deployments(Set<String> disabled, Set<String> shadow) {
    /** Every rule alerts. */
    public static final Deployments ALERTING = new Deployments(Set.of(), Set.of());

    public Deployments {
        disabled = Set.copyOf(disabled);
        shadow = Set.copyOf(shadow);
    }

    boolean isDisabled(String ruleName) {
        return disabled.contains(ruleName);
    }

    boolean alerts(String ruleName) {
        return !disabled.contains(ruleName) && !shadow.contains(ruleName);
    }
}
