package dev.yagura.detection.rule;

import dev.yagura.sigma.LogSource;
import dev.yagura.sigma.engine.RuleSetCompiler;
import dev.yagura.sigma.pack.Rule;

/** A rule that is evaluated, with what its measurement needs. */
record EvaluatedRule(String name, LogSource logSource, RuleSetCompiler.Input input) {

    /**
     * A rule that can fire.
     *
     * @param version number of the rule set
     */
    static EvaluatedRule of(Rule rule, long version) {
        return new EvaluatedRule(
                rule.name(), rule.sigma().orElseThrow().logSource(), rule.input(version));
    }
}
