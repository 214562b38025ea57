package dev.yagura.response.isolation;

import dev.yagura.proto.response.v1.PreflightCheck;
import dev.yagura.response.action.Guards;
import dev.yagura.response.aws.Checks;
import dev.yagura.response.isolation.MembershipReader.LiveMembership;
import dev.yagura.response.isolation.MembershipReader.LiveScalingGroup;
import dev.yagura.response.isolation.MembershipReader.LiveTarget;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the isolation means for the groups that an instance is in, and for its evidence. */
final class MembershipChecks {
    static final String SCALING = "no Auto Scaling group ends or replaces it";
    static final String TARGETS = "clients are sent to others";
    static final String HEALTHY = "enough healthy ones remain";
    static final String EVIDENCE = "it is kept from termination and stop";

    private MembershipChecks() {}

    static PreflightCheck scaling(Survey survey) {
        return survey.surroundings()
                .scaling()
                .map(MembershipChecks::scaling)
                .orElseGet(() -> Checks.passed(SCALING, "it is in none"));
    }

    static PreflightCheck scaling(LiveMembership membership) {
        LiveScalingGroup group = membership.group();
        long left = group.healthyBeside(membership.member().instanceId());
        String remain = "%d healthy instances remain in service".formatted(left);
        return switch (ScalingMeasure.of(membership)) {
            case ScalingMeasure.Refusal refusal ->
                    Checks.refused(SCALING, refusal.reason(), refusal.remedy());
            case ScalingMeasure.Nothing nothing
                    when ScalingMeasure.isLeaving(membership.member()) ->
                    Checks.warning(
                            SCALING,
                            "%s lets it go: %s; nothing keeps it"
                                    .formatted(group.name(), nothing.reason()),
                            "take snapshots of its volumes now");
            case ScalingMeasure.Nothing nothing ->
                    Checks.passed(
                            SCALING,
                            "%s: %s already and stays so; %s"
                                    .formatted(group.name(), nothing.reason(), remain));
            case ScalingMeasure.Standby standby -> standby(group, standby, remain);
            case ScalingMeasure.Shield shield ->
                    Checks.warning(
                            SCALING,
                            "%s is at its minimum of %d and its process Launch is suspended:"
                                            .formatted(group.name(), group.min())
                                    + " the instance stays in service of the group, protected from"
                                    + " scale-in, with ReplaceUnhealthy suspended for the whole"
                                    + " group; "
                                    + remain,
                            "resume Launch, then the instance goes into standby instead");
        };
    }

    private static PreflightCheck standby(
            LiveScalingGroup group, ScalingMeasure.Standby standby, String remain) {
        if (standby.decrement()) {
            return Checks.passed(
                    SCALING,
                    "%s: standby, desired capacity from %d to %d, minimum %d; %s"
                            .formatted(
                                    group.name(),
                                    group.desired(),
                                    group.desired() - 1,
                                    group.min(),
                                    remain));
        }
        String replaced =
                "%s has no instance to spare (desired capacity %d, minimum %d): standby, and a"
                                .formatted(group.name(), group.desired(), group.min())
                        + " replacement is launched; until it is in service "
                        + remain;
        return standby.roomToReturn()
                ? Checks.passed(SCALING, replaced)
                : Checks.warning(
                        SCALING,
                        replaced
                                + "; the group is at its maximum of "
                                + group.max()
                                + ", so undo cannot put the instance back beside the replacement",
                        "raise the maximum of " + group.name() + " before undo");
    }

    static PreflightCheck targetGroups(Surroundings surroundings) {
        List<LiveTarget> targets = surroundings.registered();
        if (targets.isEmpty()) {
            return Checks.passed(TARGETS, "it is behind no target group");
        }
        String detail =
                targets.stream()
                        .map(target ->
                                target
                                        + " has "
                                        + target.healthyBeside()
                                        + " other healthy targets")
                        .collect(Collectors.joining(", "));
        List<LiveTarget> alone =
                targets.stream().filter(target -> target.healthyBeside() == 0).toList();
        return alone.isEmpty()
                ? Checks.passed(TARGETS, detail)
                : Checks.warning(
                        TARGETS,
                        detail + ": clients get errors",
                        "register other targets with "
                                + alone.stream()
                                        .map(LiveTarget::groupName)
                                        .distinct()
                                        .collect(Collectors.joining(", ")));
    }

    /** That the service goes on without it. */
    static PreflightCheck healthy(
            Surroundings surroundings, String instanceId, int minimumHealthy) {
        Stream<String> scaling =
                surroundings.scaling().stream()
                        .filter(it -> it.member().isInService())
                        .filter(it -> it.group().healthyBeside(instanceId) < minimumHealthy)
                        .map(it -> "Auto Scaling group " + it.group().name());
        Stream<String> targets =
                surroundings.registered().stream()
                        .filter(it -> it.healthyBeside() < minimumHealthy)
                        .map(it -> "target group " + it.groupName());
        List<String> scarce = Stream.concat(scaling, targets).distinct().toList();
        return scarce.isEmpty()
                ? Checks.passed(HEALTHY, "at least " + minimumHealthy + " everywhere")
                : Checks.refused(
                        HEALTHY,
                        "without it fewer than %d healthy would be left in %s"
                                .formatted(minimumHealthy, String.join(", ", scarce)),
                        "add healthy ones first",
                        Guards.MINIMUM_HEALTHY);
    }

    static PreflightCheck evidence(Survey survey) {
        CloudReader.LiveInstance instance = survey.instance();
        if (instance.spot()) {
            return Checks.warning(
                    EVIDENCE,
                    "it is a Spot Instance: EC2 has no termination and no stop protection for it,"
                            + " and may reclaim it at any time",
                    "take snapshots of its volumes soon");
        }
        return Checks.passed(
                EVIDENCE,
                instance.rootOnEbs()
                        ? "by EC2's attributes, for calls to the API"
                        : "from termination by EC2's attribute, for calls to the API; it has its"
                                + " root volume in the instance store and cannot be stopped");
    }
}
