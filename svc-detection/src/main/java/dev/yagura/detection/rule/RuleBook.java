package dev.yagura.detection.rule;

import dev.yagura.sigma.pack.ContentHash;
import dev.yagura.sigma.pack.Deployments;
import dev.yagura.sigma.pack.Rule;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * All rules with what was decided about them, as of one generation of the store; linked to each
 * other, not yet compiled.
 *
 * @param rules by name
 * @param packs by name
 */
record RuleBook(
        StoredRules stored,
        NavigableMap<String, BookedRule> rules,
        NavigableMap<String, PackContent> packs) {
    /** After every name that begins with a pack's. */
    private static final char AFTER_SLASH = '/' + 1;

    RuleBook {
        rules = Collections.unmodifiableNavigableMap(rules);
        packs = Collections.unmodifiableNavigableMap(packs);
    }

    static RuleBook of(StoredRules stored, Collection<PackContent> packs, RuleMappings mappings) {
        Map<String, List<StoredException>> exceptions = new HashMap<>();
        stored.exceptions()
                .forEach(exception ->
                        exceptions
                                .computeIfAbsent(exception.ruleName(), key -> new ArrayList<>())
                                .add(exception));
        Map<String, CustomRule> custom = new HashMap<>();
        stored.customRules().forEach(rule -> custom.put(CustomPack.ruleName(rule.id()), rule));
        NavigableMap<String, PackContent> byName = new TreeMap<>();
        packs.forEach(pack -> byName.put(pack.name(), pack));
        Map<String, Deployment> deployments = deployments(stored, byName.values());
        NavigableMap<String, BookedRule> rules = new TreeMap<>();
        for (Rule rule : linked(byName.values(), deployments, mappings)) {
            rules.put(
                    rule.name(),
                    new BookedRule(
                            rule,
                            Objects.requireNonNull(deployments.get(rule.name()), rule.name()),
                            exceptions.getOrDefault(rule.name(), List.of()),
                            Optional.ofNullable(custom.get(rule.name()))));
        }
        return new RuleBook(stored, rules, byName);
    }

    private static Map<String, Deployment> deployments(
            StoredRules stored, Collection<PackContent> packs) {
        Map<String, Deployment> deployments = new HashMap<>();
        for (PackContent pack : packs) {
            Deployment ofPack = Deployment.ofPack(pack.defaultState());
            pack.documents()
                    .ruleNames()
                    .forEach(name ->
                            deployments.put(name, stored.deployments().getOrDefault(name, ofPack)));
        }
        return deployments;
    }

    private static List<Rule> linked(
            Collection<PackContent> packs,
            Map<String, Deployment> deployments,
            RuleMappings mappings) {
        Map<DeploymentState, Set<String>> byState = new EnumMap<>(DeploymentState.class);
        deployments.forEach((name, deployment) ->
                byState.computeIfAbsent(deployment.state(), key -> new HashSet<>()).add(name));
        return mappings.loader()
                .link(
                        packs.stream().map(PackContent::documents).toList(),
                        new Deployments(
                                byState.getOrDefault(DeploymentState.DISABLED, Set.of()),
                                byState.getOrDefault(DeploymentState.SHADOW, Set.of())));
    }

    long generation() {
        return stored.generation();
    }

    /** Empty when the pack was not imported. */
    Optional<ImportedPack> imported(String pack) {
        return stored.packs().stream().filter(one -> one.name().equals(pack)).findFirst();
    }

    /** Rules of one pack, by name. */
    List<Rule> rules(String pack) {
        return rules.subMap("rules/" + pack + '/', "rules/" + pack + AFTER_SLASH).values().stream()
                .map(BookedRule::rule)
                .toList();
    }

    /**
     * What the book would be with a pack, or with another content of it.
     *
     * @param decided deployments that somebody would decide with it, by the names of rules
     */
    RuleBook trial(PackContent pack, Map<String, Deployment> decided, RuleMappings mappings) {
        Map<String, PackContent> all = new HashMap<>(packs);
        all.put(pack.name(), pack);
        return of(stored.withDeployments(decided), all.values(), mappings);
    }

    /** The same for the same texts, deployments, exceptions and mappings. */
    String contentHash(RuleMappings mappings) {
        StringBuilder content = new StringBuilder(mappings.addedText());
        for (BookedRule rule : rules.values()) {
            content.append(rule.name())
                    .append(' ')
                    .append(rule.rule().contentHash())
                    .append(' ')
                    .append(rule.deployment().state());
            rule.exceptions().forEach(exception -> content.append(' ').append(exception.id()));
            content.append('\n');
        }
        return ContentHash.of(content.toString());
    }

    /** The same book with rules that could not be compiled as invalid ones. */
    RuleBook with(Map<String, Rule> replaced) {
        NavigableMap<String, BookedRule> all = new TreeMap<>(rules);
        replaced.forEach((name, rule) -> {
            BookedRule before = all.get(name);
            if (before != null) {
                all.put(
                        name,
                        new BookedRule(
                                rule, before.deployment(), before.exceptions(), before.custom()));
            }
        });
        return new RuleBook(stored, all, packs);
    }
}
