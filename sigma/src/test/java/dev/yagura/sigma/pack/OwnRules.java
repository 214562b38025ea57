package dev.yagura.sigma.pack;

import dev.yagura.sigma.engine.EventMatcher;
import dev.yagura.sigma.engine.RuleSetCompiler;
import java.util.List;

/** The project's own rules, loaded once. */
final class OwnRules {
    private static final List<Rule> RULES = new RuleLoader().load(RulePackReader.own());

    private OwnRules() {}

    static List<Rule> all() {
        return RULES;
    }

    static EventMatcher matcher() {
        return RuleSetCompiler.compile(1, RULES.stream().map(rule -> rule.input(1)).toList());
    }
}
