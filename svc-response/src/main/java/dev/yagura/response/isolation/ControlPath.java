package dev.yagura.response.isolation;

import dev.yagura.proto.response.v1.InterfaceState;
import dev.yagura.response.aws.AddressBlock;
import dev.yagura.response.aws.ManagementEndpoint;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How an isolated host is still reached by the platform, and what of it the host has now.
 *
 * @param kept what every interface may reach before: allowed after too
 * @param lost what one of them may not reach: allowing it would widen access
 * @param notes what makes a kept way doubtful
 */
record ControlPath(List<Way> kept, List<Way> lost, List<String> notes) {
    private static final int HTTPS = 443;

    private static final String GATEWAY = "gateway";

    /**
     * A way to the platform.
     *
     * @param service last part of the endpoint's service name, or "gateway"
     */
    record Way(String service, GroupRule rule) {
        @Override
        public String toString() {
            return service + " (" + rule + ")";
        }
    }

    ControlPath {
        kept = List.copyOf(kept);
        lost = List.copyOf(lost);
        notes = List.copyOf(notes);
    }

    /**
     * Reads the VPC's endpoints, and what the groups allow.
     *
     * @param before groups of each interface before the isolation
     * @param groups their rules, by id
     */
    static ControlPath read(
            CloudReader reader,
            String vpcId,
            List<InterfaceState> before,
            Map<String, CloudReader.LiveGroup> groups,
            IsolationConfig config) {
        List<ManagementEndpoint> endpoints = reader.managementEndpoints(vpcId);
        List<Way> ways = new ArrayList<>();
        endpoints.forEach(endpoint -> ways.addAll(ways(reader, endpoint)));
        config.gateways()
                .forEach(gateway ->
                        ways.add(
                                new Way(
                                        GATEWAY,
                                        GroupRule.tcpTo(gateway.addresses(), gateway.port()))));
        Reach reach = new Reach(reader);
        Map<Boolean, List<Way>> reachable =
                ways.stream()
                        .distinct()
                        .collect(
                                Collectors.partitioningBy(way ->
                                        before.stream()
                                                .allMatch(each ->
                                                        reach.covers(
                                                                rules(each, groups), way.rule()))));
        return new ControlPath(
                Objects.requireNonNull(reachable.get(true)),
                Objects.requireNonNull(reachable.get(false)),
                notes(reader, endpoints, before));
    }

    /** True when commands can still be given, by Systems Manager or by the agent's channel. */
    boolean isComplete() {
        Set<String> services = kept.stream().map(Way::service).collect(Collectors.toSet());
        return services.contains(GATEWAY) || services.containsAll(ManagementEndpoint.NEEDED);
    }

    List<GroupRule> keptRules() {
        return kept.stream().map(Way::rule).toList();
    }

    /** Whether a rule of an isolation group is one for the control path at all. */
    boolean knows(GroupRule rule) {
        return Stream.concat(kept.stream(), lost.stream()).anyMatch(way -> way.rule().equals(rule));
    }

    private static List<Way> ways(CloudReader reader, ManagementEndpoint endpoint) {
        return reader.addresses(endpoint).stream()
                .map(address -> new Way(endpoint.service(), GroupRule.tcpTo(address, HTTPS)))
                .toList();
    }

    private static List<GroupRule> rules(
            InterfaceState state, Map<String, CloudReader.LiveGroup> groups) {
        return state.getSecurityGroupIdsList().stream()
                .map(groups::get)
                .filter(Objects::nonNull)
                .flatMap(group -> group.rules().stream())
                .toList();
    }

    /** What the endpoints' own settings may spoil. */
    private static List<String> notes(
            CloudReader reader, List<ManagementEndpoint> endpoints, List<InterfaceState> hosts) {
        Map<String, CloudReader.LiveGroup> groups =
                reader.groups(
                        endpoints.stream()
                                .flatMap(endpoint -> endpoint.groupIds().stream())
                                .collect(Collectors.toSet()));
        Reach reach = new Reach(reader);
        List<String> notes = new ArrayList<>();
        for (ManagementEndpoint endpoint : endpoints) {
            if (!endpoint.privateDns()) {
                notes.add(
                        endpoint.id() + " has no private DNS: agents find it only by its own name");
            }
            List<GroupRule> rules =
                    endpoint.groupIds().stream()
                            .map(groups::get)
                            .filter(Objects::nonNull)
                            .flatMap(group -> group.rules().stream())
                            .toList();
            if (!admits(reach, rules, hosts)) {
                notes.add(
                        endpoint.id()
                                + " admits the host only by a security group that it will not"
                                + " have, or not at all");
            }
        }
        return notes;
    }

    /** By address: a reference to a group that the host will lose does not count. */
    private static boolean admits(
            Reach reach, Collection<GroupRule> rules, List<InterfaceState> hosts) {
        List<GroupRule> lasting =
                rules.stream()
                        .filter(rule -> !(rule.peer() instanceof GroupRule.Peer.Members))
                        .toList();
        return hosts.stream()
                .flatMap(host -> host.getIpAddressesList().stream())
                .map(AddressBlock::parse)
                .map(address ->
                        new GroupRule(
                                false, "tcp", HTTPS, HTTPS, new GroupRule.Peer.Block(address)))
                .anyMatch(wanted -> reach.covers(lasting, wanted));
    }
}
