package dev.yagura.detection.rule;

import dev.yagura.sigma.pack.Rule;
import java.util.List;

/**
 * A pack as it was read last.
 *
 * @param defaultState of rules that nobody deployed otherwise
 * @param problem why it could not be read anew; empty when it was
 */
record PackContent(
        String name, Kind kind, DeploymentState defaultState, List<Rule> rules, String problem) {
    enum Kind {
        BUILT_IN,
        FOLDER,
        CUSTOM,
        IMPORTED
    }

    PackContent {
        rules = List.copyOf(rules);
    }

    PackContent withDefault(DeploymentState state) {
        return new PackContent(name, kind, state, rules, problem);
    }

    PackContent withProblem(String text) {
        return new PackContent(name, kind, defaultState, rules, text);
    }
}
