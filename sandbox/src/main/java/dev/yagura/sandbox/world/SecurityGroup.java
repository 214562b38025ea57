package dev.yagura.sandbox.world;

import dev.yagura.sandbox.net.Direction;
import dev.yagura.sandbox.net.IpProtocol;
import dev.yagura.sandbox.net.PortRange;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

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

    /** Rules of one protocol and port range are one permission. */
    public List<List<SecurityGroupRule>> permissions(Direction direction) {
        Map<Traffic, List<SecurityGroupRule>> byTraffic =
                rules.stream()
                        .filter(rule -> rule.direction() == direction)
                        .collect(
                                Collectors.groupingBy(
                                        rule -> new Traffic(rule.protocol(), rule.ports()),
                                        LinkedHashMap::new,
                                        Collectors.toList()));
        return List.copyOf(byTraffic.values());
    }

    private record Traffic(IpProtocol protocol, PortRange ports) {}

    /** Whether a rule of this group refers to another group. */
    public boolean refersTo(String groupId) {
        return rules.stream().anyMatch(rule -> rule.peer().equals(new Peer.Members(groupId)));
    }
}
