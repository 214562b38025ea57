package dev.yagura.sandbox.control;

import dev.yagura.sandbox.cloud.Cloud;
import dev.yagura.sandbox.cloud.UnknownNameException;
import dev.yagura.sandbox.front.Sandbox;
import dev.yagura.sandbox.net.IpAddresses;
import dev.yagura.sandbox.scaling.AutoScalingGroup;
import dev.yagura.sandbox.scaling.Membership;
import dev.yagura.sandbox.scaling.Target;
import dev.yagura.sandbox.scaling.TargetGroup;
import dev.yagura.sandbox.world.Instance;
import dev.yagura.sandbox.world.NetworkInterface;
import dev.yagura.sandbox.world.World;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Auto Scaling groups and target groups, as somebody else would change them. */
final class GroupRoutes {
    private static final String SCALING_GROUP = "Auto Scaling group";

    private final Sandbox sandbox;

    GroupRoutes(Sandbox sandbox) {
        this.sandbox = sandbox;
    }

    List<Route> all() {
        return List.of(
                Route.of("PUT", "auto-scaling-groups/*", this::change),
                Route.of("DELETE", "auto-scaling-groups/*", this::delete),
                Route.of("PUT", "instances/*/auto-scaling-group", this::join),
                Route.of("DELETE", "instances/*/auto-scaling-group", this::leave),
                Route.of("PUT", "instances/*/target-groups/*", this::register),
                Route.of("DELETE", "instances/*/target-groups/*", this::deregister));
    }

    private Object change(ControlRequest request) {
        Requests.ChangeAutoScalingGroup wanted = request.as(Requests.ChangeAutoScalingGroup.class);
        return sandbox.within(cloud -> {
            String name = request.part(0);
            AutoScalingGroup group =
                    cloud.groups()
                            .autoScalingGroup(name)
                            .orElseGet(() -> cloud.groups().make(name, subnet(cloud.world())));
            cloud.groups()
                    .put(
                            new AutoScalingGroup(
                                    name,
                                    group.made(),
                                    Objects.requireNonNullElse(wanted.tags(), group.tags()),
                                    Objects.requireNonNullElse(wanted.min(), group.min()),
                                    Objects.requireNonNullElse(wanted.max(), group.max()),
                                    Objects.requireNonNullElse(wanted.desired(), group.desired()),
                                    wanted.suspended() == null
                                            ? group.suspended()
                                            : new HashSet<>(wanted.suspended()),
                                    Objects.requireNonNullElse(
                                            wanted.targetGroups(), group.targetGroups())));
            return Map.of();
        });
    }

    private Object delete(ControlRequest request) {
        return sandbox.within(cloud -> {
            String name = request.part(0);
            if (!cloud.groups().removeAutoScalingGroup(name)) {
                throw new UnknownNameException(SCALING_GROUP, name);
            }
            return Map.of();
        });
    }

    private Object join(ControlRequest request) {
        Requests.JoinAutoScalingGroup join = request.as(Requests.JoinAutoScalingGroup.class);
        return sandbox.within(cloud -> {
            Instance instance = instance(cloud, request);
            cloud.groups()
                    .join(
                            new Membership(
                                    instance.id(),
                                    instance.instanceType(),
                                    zone(cloud.world(), instance),
                                    scalingGroup(cloud, String.valueOf(join.group())).name(),
                                    Objects.requireNonNullElse(
                                            join.lifecycleState(), Membership.IN_SERVICE),
                                    Instant.MAX,
                                    Objects.requireNonNullElse(join.healthStatus(), "Healthy"),
                                    join.protectedFromScaleIn()));
            return Map.of();
        });
    }

    private Object leave(ControlRequest request) {
        return sandbox.within(cloud -> {
            cloud.groups().leaveAutoScaling(instance(cloud, request).id());
            return Map.of();
        });
    }

    private Object register(ControlRequest request) {
        Requests.RegisterTarget wanted = request.as(Requests.RegisterTarget.class);
        return sandbox.within(cloud -> {
            TargetGroup group = targetGroup(cloud, request);
            Instance instance = instance(cloud, request);
            cloud.groups()
                    .put(
                            group.name(),
                            Target.lasting(
                                    id(cloud, group, instance),
                                    Objects.requireNonNullElse(wanted.port(), group.port()),
                                    group.isOfAddresses() ? zone(cloud.world(), instance) : null,
                                    Objects.requireNonNullElse(wanted.state(), "healthy")));
            return Map.of();
        });
    }

    private Object deregister(ControlRequest request) {
        return sandbox.within(cloud -> {
            TargetGroup group = targetGroup(cloud, request);
            cloud.groups().forget(group.name(), id(cloud, group, instance(cloud, request)));
            return Map.of();
        });
    }

    private static String id(Cloud cloud, TargetGroup group, Instance instance) {
        NetworkInterface primary = cloud.world().interfacesOf(instance.id()).getFirst();
        return group.isOfAddresses() ? IpAddresses.format(primary.privateAddress()) : instance.id();
    }

    private static String zone(World world, Instance instance) {
        return world.subnets().get(instance.subnetId()).availabilityZone();
    }

    /** Where what is made later is launched. */
    private static String subnet(World world) {
        return world.subnets().all().iterator().next().id();
    }

    private static Instance instance(Cloud cloud, ControlRequest request) {
        return cloud.connections().instance(request.part(0));
    }

    private static AutoScalingGroup scalingGroup(Cloud cloud, String name) {
        return cloud.groups()
                .autoScalingGroup(name)
                .orElseThrow(() -> new UnknownNameException(SCALING_GROUP, name));
    }

    private static TargetGroup targetGroup(Cloud cloud, ControlRequest request) {
        String name = request.part(1);
        return cloud.groups()
                .targetGroup(name)
                .orElseThrow(() -> new UnknownNameException("target group", name));
    }
}
