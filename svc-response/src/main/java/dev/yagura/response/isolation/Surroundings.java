package dev.yagura.response.isolation;

import dev.yagura.common.aws.Together;
import dev.yagura.proto.response.v1.AutoScalingState;
import dev.yagura.proto.response.v1.InstanceState;
import dev.yagura.proto.response.v1.TargetState;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What an instance belongs to and what protects it, as read just now.
 *
 * @param vpcId VPC of its network interfaces
 * @param scaling its Auto Scaling group
 * @param targets its registrations with target groups, draining ones too
 */
record Surroundings(
        String vpcId,
        Optional<MembershipReader.LiveMembership> scaling,
        List<MembershipReader.LiveTarget> targets,
        MembershipReader.Protection protection) {

    /** Of an instance that is in no network. */
    static final Surroundings NONE =
            new Surroundings(
                    "", Optional.empty(), List.of(), new MembershipReader.Protection(false, false));

    /**
     * Reads everything.
     *
     * @param targetIds the instance's id and addresses
     * @param isolated ids and addresses of instances that are isolated: they do not count as
     *     healthy ones of a group
     */
    static Surroundings read(
            Cloud cloud,
            String instanceId,
            String vpcId,
            Set<String> targetIds,
            Supplier<Set<String>> isolated) {
        MembershipReader reader = new MembershipReader(cloud);
        try (Together together = new Together()) {
            Supplier<Optional<MembershipReader.LiveMembership>> scaling =
                    together.start(() -> reader.membership(instanceId));
            Supplier<MembershipReader.Protection> protection =
                    together.start(() -> reader.protection(instanceId));
            List<MembershipReader.LiveTarget> targets = reader.targets(vpcId, targetIds).targets();
            return new Surroundings(vpcId, scaling.get(), targets, protection.get())
                    .withUnhealthy(isolated);
        }
    }

    /**
     * What is read back within a moment of this: of an instance that belonged to nothing, only what
     * protects it. Where somebody puts it later, the watch sees.
     */
    Surroundings readBack(Cloud cloud, String instanceId, Supplier<Surroundings> everything) {
        return belongsToNothing()
                ? new Surroundings(
                        vpcId,
                        Optional.empty(),
                        List.of(),
                        new MembershipReader(cloud).protection(instanceId))
                : everything.get();
    }

    private boolean belongsToNothing() {
        return scaling.isEmpty() && targets.isEmpty();
    }

    /** With instances that serve nobody taken for unhealthy; asked only where it matters. */
    Surroundings withUnhealthy(Supplier<Set<String>> isolated) {
        if (belongsToNothing()) {
            return this;
        }
        Set<String> unhealthy = isolated.get();
        return new Surroundings(
                vpcId,
                scaling.map(it -> it.withUnhealthy(unhealthy)),
                targets.stream().map(it -> it.withUnhealthy(unhealthy)).toList(),
                protection);
    }

    List<MembershipReader.LiveTarget> registered() {
        return targets.stream().filter(MembershipReader.LiveTarget::registered).toList();
    }

    /** What undo will restore. */
    InstanceState state() {
        InstanceState.Builder state =
                InstanceState.newBuilder()
                        .setVpcId(vpcId)
                        .addAllTargets(registered().stream().map(Surroundings::state).toList())
                        .setTerminationProtection(protection.termination())
                        .setStopProtection(protection.stop());
        scaling.map(Surroundings::state).ifPresent(state::setAutoScaling);
        return state.build();
    }

    /** What an earlier attempt saved, and registrations that came after. */
    InstanceState state(InstanceState saved) {
        List<TargetState> fresh =
                registered().stream()
                        .map(Surroundings::state)
                        .filter(target ->
                                saved.getTargetsList().stream()
                                        .noneMatch(known -> isSame(known, target)))
                        .toList();
        return saved.toBuilder().addAllTargets(fresh).build();
    }

    static TargetState state(MembershipReader.LiveTarget target) {
        return TargetState.newBuilder()
                .setTargetGroupArn(target.groupArn())
                .setTargetId(target.id())
                .setPort(target.port())
                .setAvailabilityZone(target.zone())
                .build();
    }

    /** The zone is not part of what identifies a target. */
    static boolean isSame(TargetState one, TargetState other) {
        return one.getTargetGroupArn().equals(other.getTargetGroupArn())
                && one.getTargetId().equals(other.getTargetId())
                && one.getPort() == other.getPort();
    }

    private static AutoScalingState state(MembershipReader.LiveMembership membership) {
        return AutoScalingState.newBuilder()
                .setGroupName(membership.group().name())
                .setLifecycleState(membership.member().lifecycle())
                .setProtectedFromScaleIn(membership.member().protectedFromScaleIn())
                .setDesiredCapacity(membership.group().desired())
                .addAllSuspendedProcesses(membership.group().suspended().stream().sorted().toList())
                .build();
    }
}
