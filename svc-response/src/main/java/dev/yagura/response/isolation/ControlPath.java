package dev.yagura.response.isolation;

import dev.yagura.common.aws.Together;
import dev.yagura.proto.response.v1.InterfaceState;
import dev.yagura.response.aws.AddressBlock;
import dev.yagura.response.aws.ManagementEndpoint;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
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
     * An endpoint of a service that commands go through.
     *
     * @param ways to each of its addresses
     * @param rules of its groups
     */
    record Endpoint(ManagementEndpoint endpoint, List<Way> ways, List<GroupRule> rules) {}

    /** Reads the VPC's endpoints. */
    static List<Endpoint> endpoints(CloudReader reader, String vpcId) {
        List<ManagementEndpoint> found = reader.managementEndpoints(vpcId);
        try (Together together = new Together()) {
            Supplier<List<CloudReader.LiveInterface>> interfaces =
                    together.start(
                            () -> reader.interfaces(ids(found, ManagementEndpoint::interfaceIds)));
            Map<String, CloudReader.LiveGroup> groups =
                    reader.groups(ids(found, ManagementEndpoint::groupIds));
            return found.stream()
                    .map(each ->
                            new Endpoint(
                                    each,
                                    ways(each, interfaces.get()),
                                    rules(each.groupIds(), groups)))
                    .toList();
        }
    }

    /**
     * Decides; reads only what {@link Reach} must.
     *
     * @param before groups of each interface before the isolation
     * @param groups their rules, by id
     */
    static ControlPath of(
            List<Endpoint> endpoints,
            IsolationConfig config,
            List<InterfaceState> before,
            Map<String, CloudReader.LiveGroup> groups,
            Reach reach) {
        Stream<Way> gateways =
                config.gateways().stream()
                        .map(gateway ->
                                new Way(
                                        GATEWAY,
                                        GroupRule.tcpTo(gateway.addresses(), gateway.port())));
        Map<Boolean, List<Way>> reachable =
                Stream.concat(endpoints.stream().flatMap(each -> each.ways().stream()), gateways)
                        .distinct()
                        .collect(
                                Collectors.partitioningBy(way ->
                                        before.stream()
                                                .allMatch(each ->
                                                        reach.covers(
                                                                rules(
                                                                        each
                                                                                .getSecurityGroupIdsList(),
                                                                        groups),
                                                                way.rule()))));
        return new ControlPath(
                Objects.requireNonNull(reachable.get(true)),
                Objects.requireNonNull(reachable.get(false)),
                notes(endpoints, before, reach));
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

    private static Set<String> ids(
            List<ManagementEndpoint> endpoints, Function<ManagementEndpoint, List<String>> ids) {
        return endpoints.stream()
                .flatMap(each -> ids.apply(each).stream())
                .collect(Collectors.toSet());
    }

    private static List<Way> ways(
            ManagementEndpoint endpoint, List<CloudReader.LiveInterface> interfaces) {
        return interfaces.stream()
                .filter(eni -> endpoint.interfaceIds().contains(eni.id()))
                .flatMap(eni -> eni.addresses().stream())
                .map(AddressBlock::parse)
                .map(address -> new Way(endpoint.service(), GroupRule.tcpTo(address, HTTPS)))
                .toList();
    }

    private static List<GroupRule> rules(
            List<String> groupIds, Map<String, CloudReader.LiveGroup> groups) {
        return groupIds.stream()
                .map(groups::get)
                .filter(Objects::nonNull)
                .flatMap(group -> group.rules().stream())
                .toList();
    }

    /** What the endpoints' own settings may spoil. */
    private static List<String> notes(
            List<Endpoint> endpoints, List<InterfaceState> hosts, Reach reach) {
        List<String> notes = new ArrayList<>();
        for (Endpoint each : endpoints) {
            String id = each.endpoint().id();
            if (!each.endpoint().privateDns()) {
                notes.add(id + " has no private DNS: agents find it only by its own name");
            }
            if (!admits(reach, each.rules(), hosts)) {
                notes.add(
                        id
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
