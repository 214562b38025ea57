package dev.yagura.response.isolation;

import dev.yagura.proto.response.v1.InstanceState;
import dev.yagura.proto.response.v1.PlannedCall;
import dev.yagura.proto.response.v1.PreflightCheck;
import dev.yagura.proto.type.v1.Scope;
import dev.yagura.response.action.ActionFailedException;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.action.RetryLaterException;
import dev.yagura.response.action.StillPendingException;
import dev.yagura.response.aws.CallHistory;
import dev.yagura.response.aws.Checks;
import dev.yagura.response.aws.LiveInstance;
import dev.yagura.response.isolation.MembershipReader.LiveMember;
import dev.yagura.response.isolation.MembershipReader.LiveMembership;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ec2.model.Filter;

/**
 * What an instance serves in, as read just now, for kinds of actions that end its service: how it
 * leaves its Auto Scaling group, and how it comes back.
 */
public final class ServiceMembership {
    private static final List<String> DOWN =
            List.of("stopping", "stopped", "shutting-down", "terminated");
    private static final String STANDBY = "Standby";

    private final Cloud cloud;
    private final LiveInstance instance;
    private final Surroundings surroundings;

    private ServiceMembership(Cloud cloud, LiveInstance instance, Surroundings surroundings) {
        this.cloud = cloud;
        this.instance = instance;
        this.surroundings = surroundings;
    }

    /** Reads it. Instances that are isolated, or do not run, count as no healthy ones. */
    public static ServiceMembership read(Cloud cloud, LiveInstance instance) {
        CloudReader reader = new CloudReader(cloud);
        String vpcId = instance.vpcId();
        Surroundings read =
                Surroundings.read(
                        cloud,
                        instance.id(),
                        vpcId,
                        Survey.targetIds(instance.id(), reader.interfacesOf(instance.id())),
                        () -> IsolationGroup.read(reader, vpcId).isolated());
        return new ServiceMembership(cloud, instance, read.withUnhealthy(() -> down(cloud, read)));
    }

    /** What changes how many are healthy is done by one action of a VPC at a time. */
    public static String section(Scope scope, LiveInstance instance) {
        return IsolationGroup.section(scope, instance.vpcId());
    }

    private static Set<String> down(Cloud cloud, Surroundings surroundings) {
        Stream<String> targets =
                surroundings.registered().stream()
                        .flatMap(target -> target.healthyOthers().stream());
        Stream<String> members =
                surroundings.scaling().stream()
                        .flatMap(membership -> membership.group().members().stream())
                        .map(LiveMember::instanceId);
        Set<String> others =
                Stream.concat(targets, members)
                        .filter(id -> id.startsWith("i-"))
                        .collect(Collectors.toSet());
        return others.isEmpty()
                ? Set.of()
                : LiveInstance.all(
                                cloud.ec2(),
                                request ->
                                        request.filters(
                                                filter("instance-id", others),
                                                filter("instance-state-name", DOWN)))
                        .stream()
                        .map(LiveInstance::id)
                        .collect(Collectors.toSet());
    }

    private static Filter filter(String name, Collection<String> values) {
        return Filter.builder().name(name).values(values).build();
    }

    /** EC2's attribute disableApiStop. */
    public boolean isProtectedFromStop() {
        return surroundings.protection().stop();
    }

    /** EC2's attribute disableApiTermination. */
    public boolean isProtectedFromTermination() {
        return surroundings.protection().termination();
    }

    /** What undo will restore. */
    public InstanceState state() {
        return surroundings.state();
    }

    /** That the service goes on without it. */
    public PreflightCheck healthy(int minimumHealthy) {
        return MembershipChecks.healthy(surroundings, instance.id(), minimumHealthy);
    }

    /** That clients are sent to others. */
    public PreflightCheck targetGroups() {
        return MembershipChecks.targetGroups(surroundings);
    }

    /** That its Auto Scaling group neither ends nor replaces it while it is stopped. */
    public PreflightCheck standby() {
        Optional<LiveMembership> scaling = surroundings.scaling();
        if (scaling.isEmpty()) {
            return Checks.passed(MembershipChecks.SCALING, "it is in none");
        }
        LiveMembership membership = scaling.get();
        return ScalingMeasure.of(membership) instanceof ScalingMeasure.Shield
                ? Checks.refused(
                        MembershipChecks.SCALING,
                        "%s is at its minimum of %d and its process Launch is suspended, so the"
                                        .formatted(
                                                membership.group().name(), membership.group().min())
                                + " instance cannot go into standby: in service it would be taken"
                                + " for unhealthy, and ended when it may be replaced again",
                        "resume Launch of " + membership.group().name())
                : MembershipChecks.scaling(membership);
    }

    /** What its Auto Scaling group does when it is gone. */
    public PreflightCheck replacement() {
        String label = "what its Auto Scaling group does";
        Optional<LiveMembership> scaling = surroundings.scaling();
        if (scaling.isEmpty()) {
            return Checks.passed(label, "it is in none");
        }
        String group = scaling.get().group().name();
        int desired = scaling.get().group().desired();
        String lifecycle = scaling.get().member().lifecycle();
        if (!scaling.get().member().isInService()) {
            return Checks.passed(
                    label,
                    "it is %s in %s, whose desired capacity stays %d"
                            .formatted(lifecycle, group, desired));
        }
        return scaling.get().group().suspended().contains(ScalingMeasure.LAUNCH)
                ? Checks.warning(
                        label,
                        "the process Launch of %s is suspended: nothing takes its place, of %d"
                                .formatted(group, desired),
                        "resume Launch of " + group)
                : Checks.passed(
                        label,
                        "%s launches another one: its desired capacity stays %d"
                                .formatted(group, desired));
    }

    /** "InService in web-asg, desired capacity 2"; empty when it is in no Auto Scaling group. */
    public Optional<String> scaling() {
        return surroundings.scaling().map(WithdrawalPlan::before);
    }

    /** How it would leave. */
    public List<Draft> leaving() {
        return surroundings.scaling().stream()
                .flatMap(membership ->
                        standby(membership)
                                .map(change ->
                                        Draft.asked(
                                                cloud,
                                                change,
                                                WithdrawalPlan.before(membership),
                                                WithdrawalPlan.after(membership))))
                .toList();
    }

    /** How it would come back. */
    public List<PlannedCall> returning(String dryRun) {
        return surroundings.scaling().stream()
                .flatMap(membership -> WithdrawalPlan.back(membership, dryRun).stream())
                .toList();
    }

    /**
     * Takes it out of its Auto Scaling group, and waits until it is out.
     *
     * @param poll pause until the next look
     * @throws StillPendingException its connections drain first
     */
    public void leave(ActionRun run, Duration poll) {
        Optional<LiveMembership> membership = surroundings.scaling();
        if (membership.isEmpty()) {
            return;
        }
        if (ScalingMeasure.of(membership.get()) instanceof ScalingMeasure.Refusal refusal) {
            throw new ActionFailedException(refusal.reason() + "; " + refusal.remedy());
        }
        standby(membership.get()).forEach(each -> run.call(each.call(), () -> each.send(cloud)));
        new MembershipReader(cloud)
                .membership(instance.id())
                .filter(now -> now.member().isInService() || isEntering(now))
                .ifPresent(now -> {
                    throw new StillPendingException(
                            "%s is %s in %s: its connections drain before it is in standby"
                                    .formatted(
                                            instance.id(),
                                            now.member().lifecycle(),
                                            now.group().name()),
                            poll);
                });
    }

    private static boolean isEntering(LiveMembership membership) {
        return membership.member().isInStandby()
                && !membership.member().lifecycle().equals(STANDBY);
    }

    private Stream<Change> standby(LiveMembership membership) {
        return ScalingMeasure.of(membership) instanceof ScalingMeasure.Standby standby
                ? Stream.of(
                        InstanceChanges.enterStandby(
                                membership.group().name(), instance.id(), standby.decrement()))
                : Stream.empty();
    }

    /**
     * Puts it back into the Auto Scaling group that this action took it out of, when it runs.
     *
     * @param poll pause until the next look
     * @return for people; empty when there is nothing to tell
     * @throws ActionFailedException it is isolated, or its group has no room
     * @throws StillPendingException not yet
     */
    public String comeBack(ActionRun run, Duration poll) {
        Set<String> isolated =
                IsolationGroup.read(new CloudReader(cloud), instance.vpcId()).isolated();
        ScalingReturn back =
                new ScalingReturn(
                        instance.id(),
                        run.action().getSavedInstance().getAutoScaling(),
                        new CallHistory(run.action()),
                        new MembershipReader(cloud),
                        isolated);
        run.drift(back.decide(true, instance.isRunning()));
        if (back.exits() && isolated.contains(instance.id())) {
            throw new ActionFailedException(
                    instance.id()
                            + " stays in standby of its Auto Scaling group, since it is isolated:"
                            + " undo the isolation, then undo again");
        }
        back.changes().forEach(each -> run.call(each.call(), () -> each.send(cloud)));
        back.hindrance()
                .ifPresent(hindrance -> {
                    throw hindrance.passes()
                            ? new StillPendingException(hindrance.reason(), poll)
                            : new ActionFailedException(hindrance.reason());
                });
        if (!back.problems().isEmpty()) {
            throw new RetryLaterException(String.join("; ", back.problems()));
        }
        return String.join("; ", back.facts());
    }
}
