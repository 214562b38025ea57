package dev.yagura.response.isolation;

import dev.yagura.common.aws.Together;
import dev.yagura.common.error.NotFoundException;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.InterfaceState;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
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
        return take(cloud, target, saved, IsolationGroup::has, config);
    }

    /**
     * The same of an isolation in force: an interface that was saved is restored to that, whatever
     * others have given it since.
     */
    static Survey ofIsolated(
            Cloud cloud, ActionTarget target, List<InterfaceState> saved, IsolationConfig config) {
        return take(cloud, target, saved, (group, eni) -> true, config);
    }

    private static Survey take(
            Cloud cloud,
            ActionTarget target,
            List<InterfaceState> saved,
            BiPredicate<IsolationGroup, CloudReader.LiveInterface> keepsSaved,
            IsolationConfig config) {
        CloudReader reader = new CloudReader(cloud);
        String id = target.getInstanceId();
        try (Together together = new Together()) {
            Supplier<CloudReader.LiveInstance> instance =
                    together.start(() ->
                            reader.instance(id)
                                    .orElseThrow(() -> new NotFoundException("instance", id)));
            Supplier<List<CloudReader.LiveInterface>> attached =
                    together.start(() -> reader.interfacesOf(id));
            List<CloudReader.LiveInterface> interfaces =
                    instance.get().isGone() ? List.of() : attached.get();
            Set<String> vpcs =
                    interfaces.stream()
                            .map(CloudReader.LiveInterface::vpcId)
                            .collect(Collectors.toSet());
            return vpcs.size() == 1
                    ? take(cloud, instance.get(), interfaces, saved, keepsSaved, config)
                    : new Survey(
                            instance.get(),
                            interfaces,
                            List.of(),
                            Map.of(),
                            Surroundings.NONE,
                            Optional.empty());
        }
    }

    /** Of an instance whose interfaces are all in one VPC. */
    private static Survey take(
            Cloud cloud,
            CloudReader.LiveInstance instance,
            List<CloudReader.LiveInterface> interfaces,
            List<InterfaceState> saved,
            BiPredicate<IsolationGroup, CloudReader.LiveInterface> keepsSaved,
            IsolationConfig config) {
        CloudReader reader = new CloudReader(cloud);
        String vpcId = interfaces.getFirst().vpcId();
        try (Together together = new Together()) {
            Supplier<IsolationGroup> isolation =
                    together.start(() -> IsolationGroup.read(reader, vpcId));
            Supplier<Map<String, CloudReader.LiveGroup>> groups =
                    together.start(() -> reader.groups(groupIds(interfaces, saved)));
            Supplier<List<ControlPath.Endpoint>> endpoints =
                    together.start(() -> ControlPath.endpoints(reader, vpcId));
            Surroundings surroundings =
                    Surroundings.read(
                            cloud,
                            instance.id(),
                            vpcId,
                            targetIds(instance.id(), interfaces),
                            () -> isolation.get().isolated());
            List<InterfaceState> before =
                    before(interfaces, saved, eni -> keepsSaved.test(isolation.get(), eni));
            ControlPath path =
                    ControlPath.of(
                            endpoints.get(), config, before, groups.get(), new Reach(reader));
            return new Survey(
                    instance,
                    interfaces,
                    before,
                    groups.get(),
                    surroundings,
                    Optional.of(
                            new Network(vpcId, path, isolation.get().design(instance.id(), path))));
        }
    }

    /** Whether the instance and its interfaces, with their groups, are still as they were read. */
    boolean stillHolds(Cloud cloud) {
        CloudReader reader = new CloudReader(cloud);
        try (Together together = new Together()) {
            Supplier<Optional<CloudReader.LiveInstance>> now =
                    together.start(() -> reader.instance(instance.id()));
            return interfaces.equals(reader.interfacesOf(instance.id()))
                    && now.get().equals(Optional.of(instance));
        }
    }

    /**
     * Reads again what the instance belongs to; the rest is as it was.
     *
     * @param group the isolation group, read at the same time
     */
    Surroundings surroundingsNow(Cloud cloud, Supplier<IsolationGroup> group) {
        return Surroundings.read(
                cloud,
                instance.id(),
                network.orElseThrow().vpcId(),
                targetIds(instance.id(), interfaces),
                () -> group.get().isolated());
    }

    private static Set<String> groupIds(
            List<CloudReader.LiveInterface> interfaces, List<InterfaceState> saved) {
        return Stream.concat(
                        saved.stream().flatMap(each -> each.getSecurityGroupIdsList().stream()),
                        interfaces.stream().flatMap(each -> each.groupIds().stream()))
                .collect(Collectors.toSet());
    }

    /**
     * What was saved is kept where it still holds; what others set meanwhile is what was before.
     */
    private static List<InterfaceState> before(
            List<CloudReader.LiveInterface> interfaces,
            List<InterfaceState> saved,
            Predicate<CloudReader.LiveInterface> keepsSaved) {
        Map<String, InterfaceState> earlier = byInterface(saved);
        return interfaces.stream()
                .map(eni -> {
                    @Nullable InterfaceState known = earlier.get(eni.id());
                    return known != null && keepsSaved.test(eni) ? known : state(eni);
                })
                .toList();
    }

    private static Map<String, InterfaceState> byInterface(List<InterfaceState> states) {
        return states.stream()
                .collect(
                        Collectors.toMap(
                                InterfaceState::getNetworkInterfaceId, Function.identity()));
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
