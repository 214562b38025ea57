package dev.yagura.response.isolation;

import dev.yagura.common.error.NotFoundException;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.InterfaceState;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The instance and what is around it, as read just now.
 *
 * @param before groups of each interface before the isolation: what undo restores
 * @param groups those groups, by id
 * @param surroundings what it belongs to and what protects it
 * @param network what follows from its VPC; empty when it is in none, or in several
 */
record Survey(
        CloudReader.LiveInstance instance,
        List<CloudReader.LiveInterface> interfaces,
        List<InterfaceState> before,
        Map<String, CloudReader.LiveGroup> groups,
        Surroundings surroundings,
        Optional<Network> network) {

    /** The VPC's isolation group and control path. */
    record Network(String vpcId, ControlPath path, GroupDesign design) {}

    /**
     * Reads everything.
     *
     * @param saved what an earlier attempt of the same action saved
     * @throws NotFoundException no such instance
     */
    static Survey take(
            Cloud cloud, ActionTarget target, List<InterfaceState> saved, IsolationConfig config) {
        CloudReader reader = new CloudReader(cloud);
        String id = target.getInstanceId();
        CloudReader.LiveInstance instance =
                reader.instance(id).orElseThrow(() -> new NotFoundException("instance", id));
        List<CloudReader.LiveInterface> interfaces =
                instance.isGone() ? List.of() : reader.interfacesOf(id);
        Set<String> vpcs =
                interfaces.stream()
                        .map(CloudReader.LiveInterface::vpcId)
                        .collect(Collectors.toSet());
        if (vpcs.size() != 1) {
            return new Survey(
                    instance, interfaces, List.of(), Map.of(), Surroundings.NONE, Optional.empty());
        }
        String vpcId = vpcs.iterator().next();
        Optional<CloudReader.LiveGroup> isolation =
                reader.groupNamed(Change.groupName(vpcId), vpcId);
        List<InterfaceState> before = before(interfaces, saved, isolation);
        Map<String, CloudReader.LiveGroup> groups =
                reader.groups(
                        Stream.concat(
                                        before.stream()
                                                .flatMap(each ->
                                                        each.getSecurityGroupIdsList().stream()),
                                        interfaces.stream()
                                                .flatMap(each -> each.groupIds().stream()))
                                .collect(Collectors.toSet()));
        ControlPath path = ControlPath.read(reader, vpcId, before, groups, config);
        return new Survey(
                instance,
                interfaces,
                before,
                groups,
                Surroundings.read(
                        new MembershipReader(cloud),
                        id,
                        vpcId,
                        targetIds(id, interfaces),
                        () -> reader.instancesIn(isolation)),
                Optional.of(new Network(vpcId, path, design(reader, vpcId, id, path))));
    }

    /** Reads again what the instance belongs to; the rest is as it was. */
    Surroundings surroundingsNow(Cloud cloud) {
        CloudReader reader = new CloudReader(cloud);
        String vpcId = network.orElseThrow().vpcId();
        return Surroundings.read(
                new MembershipReader(cloud),
                instance.id(),
                vpcId,
                targetIds(instance.id(), interfaces),
                () -> reader.instancesIn(reader.groupNamed(Change.groupName(vpcId), vpcId)));
    }

    /** Reads the isolation group again; the rest is as it was. */
    static GroupDesign design(
            CloudReader reader, String vpcId, String instanceId, ControlPath path) {
        Optional<CloudReader.LiveGroup> group = reader.groupNamed(Change.groupName(vpcId), vpcId);
        boolean usedByOthers =
                group.isPresent()
                        && reader.membersOf(group.get().id()).stream()
                                .anyMatch(eni -> !instanceId.equals(eni.instanceId()));
        return GroupDesign.of(group, usedByOthers, path);
    }

    /** An interface that an earlier attempt has isolated keeps what was saved then. */
    private static List<InterfaceState> before(
            List<CloudReader.LiveInterface> interfaces,
            List<InterfaceState> saved,
            Optional<CloudReader.LiveGroup> isolation) {
        Map<String, InterfaceState> earlier =
                saved.stream()
                        .collect(
                                Collectors.toMap(
                                        InterfaceState::getNetworkInterfaceId,
                                        Function.identity()));
        return interfaces.stream()
                .map(eni -> {
                    @Nullable InterfaceState known = earlier.get(eni.id());
                    boolean isolated =
                            isolation.isPresent() && eni.groupIds().contains(isolation.get().id());
                    return known != null && isolated ? known : state(eni);
                })
                .toList();
    }

    private static InterfaceState state(CloudReader.LiveInterface eni) {
        return InterfaceState.newBuilder()
                .setNetworkInterfaceId(eni.id())
                .addAllSecurityGroupIds(eni.groupIds())
                .addAllIpAddresses(eni.addresses())
                .build();
    }

    /** What an instance can be registered by: its id and its addresses. */
    static Set<String> targetIds(String instanceId, List<CloudReader.LiveInterface> interfaces) {
        Set<String> targets = new HashSet<>(Set.of(instanceId));
        interfaces.forEach(eni -> targets.addAll(eni.addresses()));
        return targets;
    }
}
