package dev.yagura.response.isolation;

import dev.yagura.proto.response.v1.AutoScalingState;
import dev.yagura.response.aws.CallHistory;
import dev.yagura.response.isolation.MembershipReader.LiveMember;
import dev.yagura.response.isolation.MembershipReader.LiveMembership;
import dev.yagura.response.isolation.MembershipReader.LiveScalingGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** An instance's way back into its Auto Scaling group, as far as this action took it out. */
final class ScalingReturn {
    private final String instanceId;
    private final AutoScalingState saved;
    private final CallHistory history;
    private final MembershipReader reader;
    private final Set<String> isolatedInstances;
    private final List<Change> changes = new ArrayList<>();
    private final List<String> facts = new ArrayList<>();
    private Optional<Hindrance> hindrance = Optional.empty();
    private boolean exits;

    /**
     * Why it stays in standby for now.
     *
     * @param passes by itself
     */
    record Hindrance(String reason, boolean passes) {}

    /**
     * @param isolatedInstances every instance that has the isolation group
     */
    ScalingReturn(
            String instanceId,
            AutoScalingState saved,
            CallHistory history,
            MembershipReader reader,
            Set<String> isolatedInstances) {
        this.instanceId = instanceId;
        this.saved = saved;
        this.history = history;
        this.reader = reader;
        this.isolatedInstances = isolatedInstances;
    }

    /** This action took it out, and with it out of the group's target groups. */
    boolean mayHaveLeft() {
        return history.perhapsMade(InstanceChanges.ENTER_STANDBY);
    }

    boolean mayHaveReturned() {
        return history.perhapsMade(InstanceChanges.EXIT_STANDBY);
    }

    List<Change> changes() {
        return changes;
    }

    List<String> facts() {
        return facts;
    }

    Optional<Hindrance> hindrance() {
        return hindrance;
    }

    /**
     * Reads, and decides what is taken back.
     *
     * @param exists whether the instance does
     * @param running whether it does
     * @return what others changed
     */
    List<String> decide(boolean exists, boolean running) {
        List<String> drift = new ArrayList<>();
        Optional<LiveMembership> live = exists ? reader.membership(instanceId) : Optional.empty();
        String group = saved.getGroupName();
        if (group.isEmpty()) {
            live.ifPresent(it ->
                    drift.add(
                            "%s was put into Auto Scaling group %s by somebody else; left so"
                                    .formatted(instanceId, it.group().name())));
            return drift;
        }
        if (live.isPresent() && live.get().group().name().equals(group)) {
            decideStandby(live.get(), running, drift);
            decideScaleIn(live.get().member(), drift);
        } else {
            drift.add(
                    "%s is not in Auto Scaling group %s any more%s; left so"
                            .formatted(
                                    instanceId,
                                    group,
                                    live.map(it -> " but in " + it.group().name()).orElse("")));
        }
        decideReplacement(drift);
        return drift;
    }

    private void decideStandby(LiveMembership live, boolean running, List<String> drift) {
        LiveMember member = live.member();
        if (mayHaveLeft() && member.isInStandby()) {
            exits = true;
            hindrance = hindrance(live, running);
            if (hindrance.isEmpty()) {
                changes.add(InstanceChanges.exitStandby(live.group().name(), instanceId));
                facts.add(
                        "back in service of %s, whose desired capacity is %d"
                                .formatted(live.group().name(), live.group().desired() + 1));
            }
            decideCapacity(live.group(), drift);
        } else if (history.made(InstanceChanges.ENTER_STANDBY) && !mayHaveReturned()) {
            drift.add(
                    "%s was taken out of standby by somebody else: it is %s; left so"
                            .formatted(instanceId, member.lifecycle()));
        } else if (!mayHaveLeft() && !member.lifecycle().equals(saved.getLifecycleState())) {
            drift.add(
                    "%s is %s in %s, not %s; left so"
                            .formatted(
                                    instanceId,
                                    member.lifecycle(),
                                    live.group().name(),
                                    saved.getLifecycleState()));
        }
    }

    private Optional<Hindrance> hindrance(LiveMembership live, boolean running) {
        LiveScalingGroup group = live.group();
        if (!running) {
            return Optional.of(stopped(instanceId + " stays in standby of " + group.name()));
        }
        if (live.member().lifecycle().equals("EnteringStandby")) {
            return Optional.of(
                    new Hindrance(
                            "%s is still entering standby of %s: its connections drain first"
                                    .formatted(instanceId, group.name()),
                            true));
        }
        if (group.desired() >= group.max()) {
            return Optional.of(
                    new Hindrance(
                            "%s stays in standby of %s, which is at its maximum of %d with the"
                                            .formatted(instanceId, group.name(), group.max())
                                    + " replacement: raise the maximum or lower the desired"
                                    + " capacity, then undo again",
                            false));
        }
        return Optional.empty();
    }

    /** A group ends what does not run when it is in service, and so does a balancer. */
    static Hindrance stopped(String what) {
        return new Hindrance(
                what
                        + ", since it does not run: start it, or undo the action that stopped it,"
                        + " then undo again",
                false);
    }

    /** Whether it is in standby by this action, to be taken out of it. */
    boolean exits() {
        return exits;
    }

    /** Standby counts for the desired capacity, so it shows whether others changed it. */
    private void decideCapacity(LiveScalingGroup group, List<String> drift) {
        boolean decremented =
                !history.made(InstanceChanges.enterStandby(group.name(), instanceId, false).call())
                        && history.perhapsMade(
                                InstanceChanges.enterStandby(group.name(), instanceId, true)
                                        .call());
        int expected = saved.getDesiredCapacity() - (decremented ? 1 : 0);
        if (group.desired() != expected && !mayHaveReturned()) {
            drift.add(
                    "the desired capacity of %s is %d, not %d as the isolation left it; left so"
                            .formatted(group.name(), group.desired(), expected));
        }
    }

    private void decideScaleIn(LiveMember member, List<String> drift) {
        Change set = InstanceChanges.protectFromScaleIn(saved.getGroupName(), instanceId, true);
        Change unset = InstanceChanges.protectFromScaleIn(saved.getGroupName(), instanceId, false);
        boolean live = member.protectedFromScaleIn();
        boolean before = saved.getProtectedFromScaleIn();
        if (!before && live && history.perhapsMade(set.call())) {
            changes.add(unset);
            facts.add("not protected from scale-in, as before");
        } else if (before != live
                || (!live && history.made(set.call()) && !history.perhapsMade(unset.call()))) {
            drift.add(
                    "%s: scale-in protection was %s by somebody else; left so"
                            .formatted(instanceId, live ? "set" : "taken away"));
        }
    }

    private void decideReplacement(List<String> drift) {
        String name = saved.getGroupName();
        Change suspend = InstanceChanges.suspendReplacement(name);
        if (!history.perhapsMade(suspend.call())) {
            return;
        }
        Optional<LiveScalingGroup> group = reader.scalingGroup(name);
        boolean suspended =
                group.isPresent()
                        && group.get().suspended().contains(ScalingMeasure.REPLACE_UNHEALTHY);
        if (suspended && isNeededByOthers(group.get())) {
            drift.add(
                    "ReplaceUnhealthy of %s stays suspended: another isolated instance is in the"
                                    .formatted(name)
                            + " group; resume it by hand after releasing that one");
        } else if (suspended) {
            changes.add(InstanceChanges.resumeReplacement(name));
            facts.add("ReplaceUnhealthy of " + name + " resumed");
        } else if (history.made(suspend.call())
                && !history.perhapsMade(InstanceChanges.resumeReplacement(name).call())) {
            drift.add(
                    "ReplaceUnhealthy of %s was resumed by somebody else, or the group is gone"
                            .formatted(name));
        }
    }

    private boolean isNeededByOthers(LiveScalingGroup group) {
        return group.members().stream()
                .filter(member -> !member.instanceId().equals(instanceId))
                .filter(LiveMember::isInService)
                .anyMatch(member -> isolatedInstances.contains(member.instanceId()));
    }

    /** What is read back otherwise than restored. */
    List<String> problems() {
        if (!exits || hindrance.isPresent()) {
            return List.of();
        }
        return reader.membership(instanceId).stream()
                .map(LiveMembership::member)
                .filter(LiveMember::isInStandby)
                .map(member -> instanceId + " is still " + member.lifecycle())
                .toList();
    }
}
