package dev.yagura.sandbox.scaling;

import dev.yagura.sandbox.net.IpAddresses;
import dev.yagura.sandbox.wire.ApiFault;
import dev.yagura.sandbox.world.Instance;
import dev.yagura.sandbox.world.InstanceState;
import dev.yagura.sandbox.world.World;
import java.net.InetAddress;

/** What RegisterTargets refuses (API reference, RegisterTargets and TargetDescription). */
final class TargetChecks {
    private static final String INVALID = "InvalidTarget";

    private final World world;

    TargetChecks(World world) {
        this.world = world;
    }

    Target checked(Target target, TargetGroup group) {
        return group.isOfAddresses() ? address(target, group) : instance(target, group);
    }

    private Target instance(Target target, TargetGroup group) {
        if (target.zone() != null) {
            throw ApiFault.of(
                    "ValidationError",
                    "You cannot specify an Availability Zone for targets of type instance");
        }
        Instance instance =
                world.instances()
                        .find(target.id())
                        .filter(each -> each.state() == InstanceState.RUNNING)
                        .orElseThrow(() ->
                                ApiFault.of(
                                        INVALID,
                                        "The following targets are not in a running state and"
                                                + " cannot be registered: '%s'",
                                        target.id()));
        if (!instance.vpcId().equals(group.vpcId())) {
            throw ApiFault.of(
                    INVALID,
                    "The following targets are not in the target group VPC '%s': '%s'",
                    group.vpcId(),
                    target.id());
        }
        return target;
    }

    /** The zone of an address of the VPC is found by itself. */
    private Target address(Target target, TargetGroup group) {
        InetAddress address = IpAddresses.parse(target.id());
        return world.subnets().all().stream()
                .filter(subnet -> subnet.vpcId().equals(group.vpcId()))
                .filter(subnet -> subnet.cidr().contains(address))
                .findFirst()
                .map(subnet ->
                        Target.lasting(
                                target.id(),
                                target.port(),
                                subnet.availabilityZone(),
                                target.state()))
                .orElseThrow(() ->
                        ApiFault.of(
                                INVALID,
                                "The following targets are not within the target group VPC: '%s'",
                                target.id()));
    }
}
