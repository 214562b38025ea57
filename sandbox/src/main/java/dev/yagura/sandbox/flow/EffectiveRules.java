package dev.yagura.sandbox.flow;

import dev.yagura.sandbox.net.Cidr;
import dev.yagura.sandbox.net.Direction;
import dev.yagura.sandbox.net.IpProtocol;
import dev.yagura.sandbox.net.PortRange;
import dev.yagura.sandbox.world.NetworkInterface;
import dev.yagura.sandbox.world.Peer;
import dev.yagura.sandbox.world.SecurityGroupRule;
import dev.yagura.sandbox.world.World;
import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The union of the rules of an interface's security groups, at one moment. */
public record EffectiveRules(List<EffectiveRule> rules) {
    public EffectiveRules {
        rules = List.copyOf(rules);
    }

    public static EffectiveRules of(World world, NetworkInterface eni) {
        return new EffectiveRules(
                eni.groupIds().stream()
                        .flatMap(id -> world.securityGroups().get(id).rules().stream())
                        .flatMap(rule -> resolved(world, rule))
                        .toList());
    }

    /** A rule that lets a new connection pass, if there is one. */
    public Optional<EffectiveRule> allowing(
            Direction direction, IpProtocol protocol, int port, InetAddress farEnd) {
        return rules.stream()
                .filter(rule -> rule.allows(direction, protocol, port, farEnd))
                .findFirst();
    }

    /**
     * Whether AWS does not track such a connection: a rule of its direction allows it for all
     * addresses, and one of the other direction allows all answers on every port to all addresses
     * (EC2 user guide, "Untracked connections").
     */
    boolean leavesUntracked(
            Direction direction, IpProtocol protocol, int port, InetAddress farEnd) {
        return protocol.hasPorts()
                && rules.stream()
                        .filter(rule -> rule.farEnd().isEverything())
                        .anyMatch(rule -> rule.allows(direction, protocol, port, farEnd))
                && rules.stream()
                        .filter(rule -> rule.direction() == direction.opposite())
                        .filter(rule -> rule.protocol().covers(protocol))
                        .filter(rule -> rule.ports().contains(PortRange.ALL))
                        .filter(rule -> rule.farEnd().isEverything())
                        .anyMatch(rule -> rule.farEnd().contains(farEnd));
    }

    /**
     * What this allows and the other does not. Each rule is compared with the other's rules one by
     * one, so a rule that only several of them cover together counts as not covered.
     */
    public List<EffectiveRule> notCoveredBy(EffectiveRules other) {
        Set<EffectiveRule> same = new HashSet<>(other.rules);
        return rules.stream()
                .filter(rule -> !same.contains(rule))
                .filter(rule -> other.rules.stream().noneMatch(wider -> wider.covers(rule)))
                .toList();
    }

    private static Stream<EffectiveRule> resolved(World world, SecurityGroupRule rule) {
        return addresses(world, rule.peer())
                .map(cidr ->
                        new EffectiveRule(
                                rule.direction(),
                                rule.protocol(),
                                rule.ports(),
                                cidr,
                                rule.peer().toString(),
                                rule.id(),
                                rule.groupId()));
    }

    private static Stream<Cidr> addresses(World world, Peer peer) {
        return switch (peer) {
            case Peer.Block block -> Stream.of(block.cidr());
            case Peer.Listed listed ->
                    world.prefixLists().get(listed.prefixListId()).entries().stream();
            case Peer.Members members ->
                    world.membersOf(members.groupId())
                            .flatMap(NetworkInterface::addresses)
                            .map(Cidr::of);
        };
    }
}
