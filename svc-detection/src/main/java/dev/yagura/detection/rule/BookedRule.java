package dev.yagura.detection.rule;

import dev.yagura.sigma.pack.Rule;
import java.util.List;
import java.util.Optional;

/**
 * A rule with what was decided about it.
 *
 * @param custom set for rules of the pack "custom"
 */
record BookedRule(
        Rule rule,
        Deployment deployment,
        List<StoredException> exceptions,
        Optional<CustomRule> custom) {
    BookedRule {
        exceptions = List.copyOf(exceptions);
    }

    String name() {
        return rule.name();
    }

    /** Whether it is a correlation to be evaluated. */
    boolean isCorrelating() {
        return rule.linked().isPresent() && deployment.state() != DeploymentState.DISABLED;
    }

    /** Whether events are to be evaluated by it. */
    boolean isEvaluated() {
        return rule.state() == Rule.State.ACTIVE
                && rule.sigma().isPresent()
                && deployment.state() != DeploymentState.DISABLED;
    }
}
