package dev.yagura.sandbox.resolver;

import dev.yagura.sandbox.world.Resource;
import java.util.List;

/** Rules that VPCs may obey. */
record RuleGroup(String id, String name, String token, List<Rule> rules) implements Resource {

    /**
     * What is done with names of a list.
     *
     * @param response to what is blocked; empty for other actions
     */
    record Rule(
            String listId,
            String name,
            int priority,
            String action,
            String response,
            String token) {}

    RuleGroup {
        rules = List.copyOf(rules);
    }

    RuleGroup withRules(List<Rule> changed) {
        return new RuleGroup(id, name, token, changed);
    }
}
