package dev.yagura.sandbox.world;

import java.util.List;

/** A security group and its rules. */
public record SecurityGroup(
        String id, String name, String description, String vpcId, List<SecurityGroupRule> rules)
        implements Resource {
    public SecurityGroup {
        rules = List.copyOf(rules);
    }

    public SecurityGroup withRules(List<SecurityGroupRule> changed) {
        return new SecurityGroup(id, name, description, vpcId, changed);
    }

    /** Whether a rule of this group refers to another group. */
    public boolean refersTo(String groupId) {
        return rules.stream().anyMatch(rule -> rule.peer().equals(new Peer.Members(groupId)));
    }
}
