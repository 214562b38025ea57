package dev.yagura.response.isolation;

import dev.yagura.response.aws.AddressBlock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a set of security groups allows. Group references and prefix lists count with the addresses
 * that they have now, and are read only when no plain rule decides.
 *
 * <p>Answers on the safe side: a block that only several rules together cover is not covered.
 */
final class Reach {
    private final CloudReader reader;
    private final Map<GroupRule.Peer, List<AddressBlock>> resolved = new HashMap<>();

    Reach(CloudReader reader) {
        this.reader = reader;
    }

    /** Whether one of the rules allows all that the wanted one allows, whose peer is a block. */
    boolean covers(List<GroupRule> rules, GroupRule wanted) {
        return wanted.peer() instanceof GroupRule.Peer.Block(AddressBlock addresses)
                && Stream.concat(plain(rules), indirect(rules))
                        .filter(rule -> rule.coversTraffic(wanted))
                        .anyMatch(rule ->
                                addresses(rule.peer()).stream()
                                        .anyMatch(block -> block.contains(addresses)));
    }

    private static Stream<GroupRule> plain(List<GroupRule> rules) {
        return rules.stream().filter(rule -> rule.peer() instanceof GroupRule.Peer.Block);
    }

    private static Stream<GroupRule> indirect(List<GroupRule> rules) {
        return rules.stream().filter(rule -> !(rule.peer() instanceof GroupRule.Peer.Block));
    }

    private List<AddressBlock> addresses(GroupRule.Peer peer) {
        return switch (peer) {
            case GroupRule.Peer.Block block -> List.of(block.addresses());
            case GroupRule.Peer.Members members ->
                    resolved.computeIfAbsent(peer, each -> members(members.groupId()));
            case GroupRule.Peer.Listed listed ->
                    resolved.computeIfAbsent(
                            peer, each -> reader.prefixList(listed.prefixListId()));
        };
    }

    private List<AddressBlock> members(String groupId) {
        return reader.membersOf(groupId).stream()
                .flatMap(eni -> eni.addresses().stream())
                .map(AddressBlock::parse)
                .toList();
    }
}
