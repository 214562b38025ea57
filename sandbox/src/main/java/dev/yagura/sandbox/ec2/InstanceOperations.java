package dev.yagura.sandbox.ec2;

import dev.yagura.sandbox.identity.Directory;
import dev.yagura.sandbox.identity.InstanceProfile;
import dev.yagura.sandbox.net.IpAddresses;
import dev.yagura.sandbox.wire.ApiFault;
import dev.yagura.sandbox.wire.Body;
import dev.yagura.sandbox.wire.Call;
import dev.yagura.sandbox.wire.Filters;
import dev.yagura.sandbox.wire.Operation;
import dev.yagura.sandbox.wire.Page;
import dev.yagura.sandbox.wire.Xml;
import dev.yagura.sandbox.world.Instance;
import dev.yagura.sandbox.world.InstancePower;
import dev.yagura.sandbox.world.InstanceState;
import dev.yagura.sandbox.world.Market;
import dev.yagura.sandbox.world.NetworkInterface;
import dev.yagura.sandbox.world.World;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** DescribeInstances, StartInstances, StopInstances, TerminateInstances. */
final class InstanceOperations {
    private static final Function<NetworkInterface, Stream<String>> GROUPS =
            eni -> eni.groupIds().stream();

    private final World world;
    private final InstancePower power;
    private final Clock clock;
    private final InstanceElements elements;
    private final Listing<Instance> listing;

    InstanceOperations(World world, Directory directory, InstancePower power, Clock clock) {
        this.world = world;
        this.power = power;
        this.clock = clock;
        this.elements = new InstanceElements(world, directory);
        this.listing =
                new Listing<>(
                        ResourceKind.INSTANCE,
                        world.instances(),
                        "InstanceId",
                        filters(world, directory),
                        Page.Rules.ec2(5, 1000));
    }

    List<Operation> all() {
        return List.of(
                listing.accept(Operation.named("DescribeInstances", this::describe)),
                Operation.named("StartInstances", this::start).needs("InstanceId"),
                Operation.named("StopInstances", this::stop).needs("InstanceId").knows("Force"),
                Operation.named("TerminateInstances", this::terminate).needs("InstanceId"));
    }

    private Body describe(Call call) {
        Page<Instance> page = listing.page(call.parameters());
        return Xml.ofItems()
                .list("reservationSet", page.items(), elements::reservation)
                .text("nextToken", page.nextToken())
                .body();
    }

    private Body start(Call call) {
        List<Instance> instances = named(call);
        for (Instance instance : instances) {
            boolean startable =
                    switch (instance.state()) {
                        case PENDING, RUNNING, STOPPED -> true;
                        case STOPPING, SHUTTING_DOWN, TERMINATED -> false;
                    };
            if (!startable) {
                throw incorrectState(instance, "started");
            }
        }
        return change(instances, power::start);
    }

    private Body stop(Call call) {
        List<Instance> instances = named(call);
        for (Instance instance : instances) {
            if (instance.isTerminating()) {
                throw incorrectState(instance, "stopped");
            }
            if (instance.market() == Market.SPOT) {
                throw ApiFault.of(
                        "UnsupportedOperation",
                        "You can't stop the Spot Instance '%s' because it is associated with a"
                                + " one-time Spot Instance request. You can only stop Spot"
                                + " Instances associated with persistent Spot Instance requests.",
                        instance.id());
            }
            if (instance.protection().stop()) {
                throw protectedBy(instance, "stopped", "disableApiStop");
            }
        }
        return change(instances, power::stop);
    }

    private Body terminate(Call call) {
        List<Instance> instances = named(call);
        for (Instance instance : instances) {
            if (instance.protection().termination()) {
                throw protectedBy(instance, "terminated", "disableApiTermination");
            }
            if (instance.protection().stop()) {
                throw protectedBy(instance, "terminated", "disableApiStop");
            }
        }
        return change(instances, power::terminate);
    }

    private List<Instance> named(Call call) {
        return ResourceKind.INSTANCE.findAll(
                world.instances(), call.parameters().list("InstanceId"));
    }

    private Body change(List<Instance> instances, BiConsumer<Instance, Instant> action) {
        Map<String, InstanceState> before =
                instances.stream()
                        .collect(Collectors.toMap(Instance::id, Instance::state, (a, b) -> a));
        instances.forEach(instance -> action.accept(instance, clock.instant()));
        return Xml.ofItems()
                .list(
                        "instancesSet",
                        before.entrySet(),
                        (xml, entry) -> {
                            Instance now = world.instances().get(entry.getKey());
                            xml.text("instanceId", now.id());
                            InstanceElements.state(xml, "currentState", now.state());
                            InstanceElements.state(xml, "previousState", entry.getValue());
                        })
                .body();
    }

    private static ApiFault protectedBy(Instance instance, String verb, String attribute) {
        return ApiFault.of(
                "OperationNotPermitted",
                "The instance '%s' may not be %s. Modify its '%s' instance attribute and try"
                        + " again.",
                instance.id(),
                verb,
                attribute);
    }

    private static ApiFault incorrectState(Instance instance, String verb) {
        return ApiFault.of(
                "IncorrectInstanceState",
                "The instance '%s' is not in a state from which it can be %s.",
                instance.id(),
                verb);
    }

    private static Filters<Instance> filters(World world, Directory directory) {
        return Filters.<Instance>tagged(instance -> world.tags().of(instance.id()))
                .field("instance-id", instance -> Stream.of(instance.id()))
                .field("instance-state-name", instance -> Stream.of(instance.state().text()))
                .field("instance-state-code", instance -> Stream.of(instance.state().code()))
                .field("instance-type", instance -> Stream.of(instance.instanceType()))
                .field("image-id", instance -> Stream.of(instance.imageId()))
                .field("reservation-id", instance -> Stream.of(instance.reservationId()))
                .field("vpc-id", unlessTerminated(Instance::vpcId))
                .field("subnet-id", unlessTerminated(Instance::subnetId))
                .field("availability-zone", instance -> zone(world, instance))
                .field(
                        "iam-instance-profile.arn",
                        instance ->
                                world
                                        .profileOf(instance.id())
                                        .flatMap(directory::instanceProfile)
                                        .map(InstanceProfile::arn)
                                        .stream())
                .field("instance.group-id", instance -> primary(world, instance).flatMap(GROUPS))
                .field(
                        "network-interface.group-id",
                        instance -> world.interfacesOf(instance.id()).stream().flatMap(GROUPS))
                .field(
                        "network-interface.network-interface-id",
                        instance ->
                                world.interfacesOf(instance.id()).stream()
                                        .map(NetworkInterface::id))
                .field(
                        "private-ip-address",
                        instance ->
                                primary(world, instance)
                                        .map(NetworkInterface::privateAddress)
                                        .map(IpAddresses::format))
                .field(
                        "ip-address",
                        instance ->
                                primary(world, instance)
                                        .flatMap(eni ->
                                                Optional.ofNullable(eni.publicAddress()).stream())
                                        .map(IpAddresses::format));
    }

    private static Stream<NetworkInterface> primary(World world, Instance instance) {
        return world.interfacesOf(instance.id()).stream().limit(1);
    }

    private static Stream<?> zone(World world, Instance instance) {
        return Stream.of(world.subnets().get(instance.subnetId()).availabilityZone());
    }

    private static Function<Instance, Stream<?>> unlessTerminated(
            Function<Instance, String> value) {
        return instance ->
                instance.state() == InstanceState.TERMINATED
                        ? Stream.empty()
                        : Stream.of(value.apply(instance));
    }
}
