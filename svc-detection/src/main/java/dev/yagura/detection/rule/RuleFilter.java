package dev.yagura.detection.rule;

import dev.yagura.sigma.pack.Rule;
import java.util.Optional;

/**
 * Which rules to list.
 *
 * @param state empty means any
 * @param pack empty means any
 */
record RuleFilter(Optional<Rule.State> state, Optional<String> pack) {
    boolean admits(Rule rule) {
        return state.map(wanted -> wanted == rule.state()).orElse(true)
                && pack.map(wanted -> wanted.equals(rule.pack())).orElse(true);
    }
}
