package dev.yagura.response.isolation;

import dev.yagura.response.isolation.MembershipReader.LiveMember;
import dev.yagura.response.isolation.MembershipReader.LiveScalingGroup;

/**
 * What keeps an Auto Scaling group from replacing an isolated instance, or putting it back. Decided
 * from the group as it is; never fewer healthy instances than its minimum without a replacement.
 */
sealed interface ScalingMeasure {
    String LAUNCH = "Launch";
    String REPLACE_UNHEALTHY = "ReplaceUnhealthy";

    /** Nothing is to be done: it is out of service already, or on its way out. */
    record Nothing(String reason) implements ScalingMeasure {}

    /**
     * Standby: health checks stop, scale-in passes it by, the group's target groups drain it.
     *
     * @param decrement the group wants one instance less; else it launches a replacement
     * @param roomToReturn whether the group may grow by one when it comes back
     */
    record Standby(boolean decrement, boolean roomToReturn) implements ScalingMeasure {}

    /**
     * It stays in service, and nobody may end it: for a group that is at its minimum and cannot
     * launch, but has enough healthy instances without this one.
     *
     * @param scaleIn whether scale-in protection is missing
     * @param suspend whether ReplaceUnhealthy runs
     */
    record Shield(boolean scaleIn, boolean suspend) implements ScalingMeasure {}

    record Refusal(String reason, String remedy) implements ScalingMeasure {}

    static ScalingMeasure of(MembershipReader.LiveMembership membership) {
        LiveScalingGroup group = membership.group();
        LiveMember member = membership.member();
        if (member.isInService()) {
            return inService(group, member);
        }
        if (member.isInStandby() || isLeaving(member)) {
            return new Nothing("it is " + member.lifecycle());
        }
        return new Refusal(
                "%s is %s in %s, which would still put it into service"
                        .formatted(member.instanceId(), member.lifecycle(), group.name()),
                "wait until it is InService, or take it out of the group");
    }

    /** The group is about to end it or to let it go. */
    static boolean isLeaving(LiveMember member) {
        return member.lifecycle().startsWith("Terminat") || member.lifecycle().startsWith("Detach");
    }

    private static ScalingMeasure inService(LiveScalingGroup group, LiveMember member) {
        boolean enough = group.healthyBeside(member.instanceId()) >= group.min();
        boolean decrement = enough && group.desired() > group.min();
        if (decrement || !group.suspended().contains(LAUNCH)) {
            return new Standby(decrement, decrement || group.desired() < group.max());
        }
        if (enough) {
            return new Shield(
                    !member.protectedFromScaleIn(), !group.suspended().contains(REPLACE_UNHEALTHY));
        }
        return new Refusal(
                "without it %s has %d healthy instances in service, fewer than its minimum of %d,"
                                .formatted(
                                        group.name(),
                                        group.healthyBeside(member.instanceId()),
                                        group.min())
                        + " and its process Launch is suspended: no replacement would start",
                "resume Launch of %s, or lower its minimum".formatted(group.name()));
    }
}
