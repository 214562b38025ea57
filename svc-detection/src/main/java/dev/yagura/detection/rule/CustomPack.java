package dev.yagura.detection.rule;

import dev.yagura.sigma.pack.ParsedPack;
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
    static ParsedPack parse(List<CustomRule> rules, RuleLoader loader) {
        List<RulePack.RuleFile> files =
                rules.stream()
                        .map(rule -> new RulePack.RuleFile(rule.id() + EXTENSION, rule.text(), ""))
                        .toList();
        return loader.parse(new RulePack(NAME, files))
                .keyedBy(path -> path.substring(0, path.length() - EXTENSION.length()));
    }
}
