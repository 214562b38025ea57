package dev.yagura.detection.rule;

import dev.yagura.sigma.pack.Rule;
import java.util.Optional;

/**
 * Which rules to list; empty means any.
 *
 * @param deployment what is done with their matches
 */
record RuleFilter(
        Optional<Rule.State> state, Optional<String> pack, Optional<DeploymentState> deployment) {
    boolean admits(BookedRule booked) {
        Rule rule = booked.rule();
        return state.map(wanted -> wanted == rule.state()).orElse(true)
                && pack.map(wanted -> wanted.equals(rule.pack())).orElse(true)
                && deployment.map(wanted -> wanted == booked.deployment().state()).orElse(true);
    }
}
