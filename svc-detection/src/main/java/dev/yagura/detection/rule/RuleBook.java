package dev.yagura.detection.rule;

import dev.yagura.sigma.pack.ContentHash;
import dev.yagura.sigma.pack.Rule;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * All rules with what was decided about them, as of one generation of the store; not yet compiled.
 *
 * @param rules by name
 * @param packs by name
 */
record RuleBook(
        long generation,
        NavigableMap<String, BookedRule> rules,
        NavigableMap<String, PackContent> packs,
        Map<String, ImportedPack> imported) {
    RuleBook {
        rules = Collections.unmodifiableNavigableMap(rules);
        packs = Collections.unmodifiableNavigableMap(packs);
        imported = Map.copyOf(imported);
    }

    static RuleBook of(StoredRules stored, List<PackContent> packs) {
        Map<String, List<StoredException>> exceptions = new HashMap<>();
        stored.exceptions()
                .forEach(exception ->
                        exceptions
                                .computeIfAbsent(exception.ruleName(), key -> new ArrayList<>())
                                .add(exception));
        Map<String, CustomRule> custom = new HashMap<>();
        stored.customRules().forEach(rule -> custom.put(CustomPack.ruleName(rule.id()), rule));
        NavigableMap<String, BookedRule> rules = new TreeMap<>();
        NavigableMap<String, PackContent> byName = new TreeMap<>();
        for (PackContent pack : packs) {
            byName.put(pack.name(), pack);
            for (Rule rule : pack.rules()) {
                rules.put(
                        rule.name(),
                        new BookedRule(
                                rule,
                                stored.deployments()
                                        .getOrDefault(
                                                rule.name(),
                                                Deployment.ofPack(pack.defaultState())),
                                exceptions.getOrDefault(rule.name(), List.of()),
                                Optional.ofNullable(custom.get(rule.name()))));
            }
        }
        Map<String, ImportedPack> imported = new HashMap<>();
        stored.packs().forEach(pack -> imported.put(pack.name(), pack));
        return new RuleBook(stored.generation(), rules, byName, imported);
    }

    /** The same for the same texts, deployments and exceptions. */
    String contentHash() {
        StringBuilder content = new StringBuilder();
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
        return new RuleBook(generation, all, packs, imported);
    }
}
