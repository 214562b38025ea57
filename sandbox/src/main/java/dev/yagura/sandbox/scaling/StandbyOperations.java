package dev.yagura.sandbox.scaling;

import dev.yagura.sandbox.wire.ApiFault;
import dev.yagura.sandbox.wire.Body;
import dev.yagura.sandbox.wire.Call;
import dev.yagura.sandbox.wire.Operation;
import dev.yagura.sandbox.wire.Parameters;
import dev.yagura.sandbox.wire.Xml;
import dev.yagura.sandbox.world.InstanceState;
import dev.yagura.sandbox.world.World;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * EnterStandby, ExitStandby, SetInstanceProtection, SuspendProcesses, ResumeProcesses.
 *
 * <p>A replacement that a group launches is a member of it, Pending and then InService; no EC2
 * instance is made for it.
 */
final class StandbyOperations {
    private static final Duration DRAINING = Duration.ofSeconds(300);
    private static final Set<String> PROTECTABLE =
            Set.of(Membership.IN_SERVICE, Membership.ENTERING_STANDBY, Membership.STANDBY);

    private final World world;
    private final Groups groups;
    private final Clock clock;

    StandbyOperations(World world, Groups groups, Clock clock) {
        this.world = world;
        this.groups = groups;
        this.clock = clock;
    }

    List<Operation> all() {
        return List.of(
                Operation.named("EnterStandby", this::enter)
                        .needs("AutoScalingGroupName", "ShouldDecrementDesiredCapacity")
                        .knows("InstanceIds.N"),
                Operation.named("ExitStandby", this::exit)
                        .needs("AutoScalingGroupName")
                        .knows("InstanceIds.N"),
                Operation.named("SetInstanceProtection", this::protect)
                        .needs("AutoScalingGroupName", "InstanceIds", "ProtectedFromScaleIn"),
                Operation.named("SuspendProcesses", this::suspend)
                        .needs("AutoScalingGroupName")
                        .knows("ScalingProcesses.N"),
                Operation.named("ResumeProcesses", this::resume)
                        .needs("AutoScalingGroupName")
                        .knows("ScalingProcesses.N"));
    }

    private Body enter(Call call) {
        AutoScalingGroup group = group(call);
        List<Membership> members = members(call, group);
        members.stream()
                .filter(member -> !member.isIn(Membership.IN_SERVICE))
                .findFirst()
                .ifPresent(member -> {
                    throw notIn(member, "InService");
                });
        int count = members.size();
        boolean decrement = call.parameters().flag("ShouldDecrementDesiredCapacity").orElse(false);
        if (decrement && group.desired() - count < group.min()) {
            throw sizes(group, "To place into standby %d instances".formatted(count));
        }
        for (Membership member : members) {
            groups.join(standby(member, group));
            group.targetGroups().forEach(name -> leave(name, member.instanceId()));
            if (!decrement && !group.suspended().contains("Launch")) {
                groups.join(replacement(member));
            }
        }
        groups.put(decrement ? group.withDesired(group.desired() - count) : group);
        return activities(members, "Moving EC2 instance to Standby: ");
    }

    private Body exit(Call call) {
        AutoScalingGroup group = group(call);
        List<Membership> members = members(call, group);
        members.stream()
                .filter(member -> !member.isIn(Membership.STANDBY))
                .findFirst()
                .ifPresent(member -> {
                    throw notIn(member, "Standby");
                });
        int count = members.size();
        // That the desired capacity grows is documented, what happens at the maximum is not.
        if (group.desired() + count > group.max()) {
            throw sizes(group, "To move out of standby %d instances".formatted(count));
        }
        for (Membership member : members) {
            groups.join(
                    member.passing(
                            Membership.PENDING, clock.instant().plus(world.timing().start())));
            if (!group.suspended().contains("AddToLoadBalancer")) {
                group.targetGroups().forEach(name -> enter(name, member.instanceId()));
            }
        }
        groups.put(group.withDesired(group.desired() + count));
        return activities(members, "Moving EC2 instance out of Standby: ");
    }

    private Body protect(Call call) {
        AutoScalingGroup group = group(call);
        List<Membership> members = members(call, group);
        members.stream()
                .filter(member -> !PROTECTABLE.contains(member.lifecycleState()))
                .findFirst()
                .ifPresent(member -> {
                    throw notIn(member, "InService or EnteringStandby or Standby");
                });
        boolean value = call.parameters().flag("ProtectedFromScaleIn").orElse(false);
        members.forEach(member -> groups.join(member.withProtection(value)));
        return Xml.ofMembers().body();
    }

    private Body suspend(Call call) {
        groups.put(group(call).suspending(processes(call.parameters())));
        return Xml.ofMembers().body();
    }

    private Body resume(Call call) {
        groups.put(group(call).resuming(processes(call.parameters())));
        return Xml.ofMembers().body();
    }

    /** Without names it is all of them. */
    private static Set<String> processes(Parameters parameters) {
        Set<String> named = new TreeSet<>(parameters.list("ScalingProcesses"));
        named.stream()
                .filter(name -> !AutoScalingGroup.PROCESSES.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw ApiFault.of("ValidationError", "Invalid process type: %s", name);
                });
        return named.isEmpty() ? AutoScalingGroup.PROCESSES : named;
    }

    /** In standby at once, unless its connections drain first. */
    private Membership standby(Membership member, AutoScalingGroup group) {
        return group.targetGroups().isEmpty()
                ? member.lasting(Membership.STANDBY)
                : member.passing(Membership.ENTERING_STANDBY, clock.instant().plus(DRAINING));
    }

    private Membership replacement(Membership replaced) {
        Instant ready = clock.instant().plus(world.timing().start());
        return new Membership(
                world.ids().next("i"),
                replaced.instanceType(),
                replaced.availabilityZone(),
                replaced.groupName(),
                Membership.PENDING,
                ready,
                "Healthy",
                false);
    }

    private void leave(String targetGroup, String instanceId) {
        groups.targetsOf(targetGroup).stream()
                .filter(target -> target.id().equals(instanceId))
                .forEach(target -> groups.deregister(targetGroup, target.key()));
    }

    private void enter(String targetGroup, String instanceId) {
        boolean running =
                world.instances().find(instanceId).stream()
                        .anyMatch(instance -> instance.state() == InstanceState.RUNNING);
        if (running) {
            groups.targetGroup(targetGroup)
                    .ifPresent(group ->
                            groups.register(
                                    group,
                                    Target.lasting(instanceId, group.port(), null, "initial")));
        }
    }

    private AutoScalingGroup group(Call call) {
        String name = call.parameters().required("AutoScalingGroupName");
        return groups.autoScalingGroup(name)
                .orElseThrow(() ->
                        ApiFault.of(
                                "ValidationError",
                                "AutoScalingGroup name not found - AutoScalingGroup '%s' not found",
                                name));
    }

    private List<Membership> members(Call call, AutoScalingGroup group) {
        return call.parameters().list("InstanceIds").stream()
                .distinct()
                .map(id -> member(id, group))
                .toList();
    }

    private Membership member(String instanceId, AutoScalingGroup group) {
        return groups.membersOf(group.name()).stream()
                .filter(member -> member.instanceId().equals(instanceId))
                .findFirst()
                .orElseThrow(() ->
                        ApiFault.of(
                                "ValidationError",
                                "The instance %s is not part of Auto Scaling group %s.",
                                instanceId,
                                group.name()));
    }

    private static ApiFault notIn(Membership member, String states) {
        return ApiFault.of(
                "ValidationError", "The instance %s is not in %s.", member.instanceId(), states);
    }

    private static ApiFault sizes(AutoScalingGroup group, String purpose) {
        return ApiFault.of(
                "ValidationError",
                "AutoScalingGroup %s has min-size=%d, max-size=%d, and desired-size=%d. %s, please"
                        + " update the AutoScalingGroup sizes appropriately.",
                group.name(),
                group.min(),
                group.max(),
                group.desired(),
                purpose);
    }

    private Body activities(List<Membership> members, String description) {
        return Xml.ofMembers()
                .list(
                        "Activities",
                        members,
                        (xml, member) ->
                                xml.text("ActivityId", UUID.randomUUID())
                                        .text("AutoScalingGroupName", member.groupName())
                                        .text("Description", description + member.instanceId())
                                        .text("Cause", "user request")
                                        .text("StartTime", clock.instant())
                                        .text("StatusCode", "InProgress")
                                        .text("Progress", 50))
                .body();
    }
}
