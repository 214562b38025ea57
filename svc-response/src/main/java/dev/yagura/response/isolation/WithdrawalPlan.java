package dev.yagura.response.isolation;

import dev.yagura.proto.response.v1.PlannedCall;
import dev.yagura.response.isolation.MembershipReader.LiveMembership;
import dev.yagura.response.isolation.MembershipReader.LiveScalingGroup;
import dev.yagura.response.isolation.MembershipReader.LiveTarget;
import java.util.ArrayList;
import java.util.List;

/** Writes down how an instance would be taken out of what it belongs to, and put back. */
final class WithdrawalPlan {
    private final Cloud cloud;
    private final CloudReader.LiveInstance instance;
    private final Surroundings surroundings;
    private final Withdrawal withdrawal;

    WithdrawalPlan(Cloud cloud, Survey survey) {
        this.cloud = cloud;
        this.instance = survey.instance();
        this.surroundings = survey.surroundings();
        this.withdrawal = new Withdrawal(instance, surroundings);
    }

    /** Before the network interfaces. */
    List<Draft> first() {
        List<Draft> calls = new ArrayList<>();
        surroundings
                .scaling()
                .ifPresent(membership -> {
                    for (Change change : withdrawal.leaveScaling()) {
                        calls.add(
                                Draft.asked(cloud, change, before(membership), after(membership)));
                    }
                });
        return calls;
    }

    /** After the network interfaces. */
    List<Draft> last() {
        List<Draft> calls = new ArrayList<>();
        for (Change change : withdrawal.protect()) {
            calls.add(Draft.asked(cloud, change, "not protected", "protected"));
        }
        for (LiveTarget target : surroundings.registered()) {
            Change change = InstanceChanges.deregister(Surroundings.state(target));
            calls.add(
                    Draft.asked(
                            cloud,
                            change,
                            target + " " + target.state(),
                            "draining, not waited for; already so where its Auto Scaling group"
                                    + " has the target group"));
        }
        return calls;
    }

    /** What undo would do, after the network interfaces. */
    List<PlannedCall> undo(String dryRun) {
        List<PlannedCall> calls = new ArrayList<>();
        surroundings.scaling().ifPresent(it -> calls.addAll(back(it, dryRun)));
        for (LiveTarget target : surroundings.registered()) {
            calls.add(
                    InstanceChanges.register(Surroundings.state(target))
                            .shown("not registered", target + " registered", dryRun));
        }
        withdrawal
                .protect()
                .forEach(change ->
                        calls.add(opposite(change).shown("protected", "not protected", dryRun)));
        return calls;
    }

    private Change opposite(Change protection) {
        Change termination = InstanceChanges.protectFromTermination(instance.id(), true);
        return protection.call().equals(termination.call())
                ? InstanceChanges.protectFromTermination(instance.id(), false)
                : InstanceChanges.protectFromStop(instance.id(), false);
    }

    static List<PlannedCall> back(LiveMembership membership, String dryRun) {
        String instanceId = membership.member().instanceId();
        LiveScalingGroup group = membership.group();
        List<PlannedCall> calls = new ArrayList<>();
        switch (ScalingMeasure.of(membership)) {
            case ScalingMeasure.Nothing nothing -> {}
            case ScalingMeasure.Refusal refusal -> {}
            case ScalingMeasure.Standby standby ->
                    calls.add(
                            InstanceChanges.exitStandby(group.name(), instanceId)
                                    .shown(
                                            "Standby in " + group.name(),
                                            standby.decrement()
                                                    ? before(membership)
                                                    : "InService, desired capacity "
                                                            + (group.desired() + 1)
                                                            + ": the replacement stays too, until"
                                                            + " the group scales in",
                                            dryRun));
            case ScalingMeasure.Shield shield -> {
                if (shield.scaleIn()) {
                    calls.add(
                            InstanceChanges.protectFromScaleIn(group.name(), instanceId, false)
                                    .shown("protected from scale-in", "not protected", dryRun));
                }
                if (shield.suspend()) {
                    calls.add(
                            InstanceChanges.resumeReplacement(group.name())
                                    .shown(
                                            "ReplaceUnhealthy suspended",
                                            "ReplaceUnhealthy runs",
                                            dryRun));
                }
            }
        }
        return calls;
    }

    static String before(LiveMembership membership) {
        return "%s in %s, desired capacity %d"
                .formatted(
                        membership.member().lifecycle(),
                        membership.group().name(),
                        membership.group().desired());
    }

    static String after(LiveMembership membership) {
        int desired = membership.group().desired();
        return switch (ScalingMeasure.of(membership)) {
            case ScalingMeasure.Standby standby when standby.decrement() ->
                    "Standby, desired capacity " + (desired - 1);
            case ScalingMeasure.Standby standby ->
                    "Standby, desired capacity " + desired + ": a replacement is launched";
            case ScalingMeasure.Shield shield ->
                    "in service, ended neither by scale-in nor for its health";
            case ScalingMeasure.Nothing nothing -> nothing.reason();
            case ScalingMeasure.Refusal refusal -> refusal.reason();
        };
    }
}
