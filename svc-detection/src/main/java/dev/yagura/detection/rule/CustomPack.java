package dev.yagura.detection.rule;

import dev.yagura.sigma.pack.Rule;
import dev.yagura.sigma.pack.RuleLoader;
import dev.yagura.sigma.pack.RulePack;
import java.util.List;

/** The pack of rules that the API made. */
final class CustomPack {
    static final String NAME = "custom";

    private static final String EXTENSION = ".yml";

    private CustomPack() {}

    static String ruleName(String id) {
        return "rules/" + NAME + "/" + id;
    }

    /** Each under its own id, also one that does not load any more. */
    static List<Rule> load(List<CustomRule> rules) {
        List<RulePack.RuleFile> files =
                rules.stream()
                        .map(rule -> new RulePack.RuleFile(rule.id() + EXTENSION, rule.text(), ""))
                        .toList();
        return new RuleLoader()
                .load(new RulePack(NAME, files)).stream()
                        .map(rule ->
                                rule.withKey(
                                        rule.sourcePath()
                                                .substring(
                                                        0,
                                                        rule.sourcePath().length()
                                                                - EXTENSION.length())))
                        .toList();
    }
}
