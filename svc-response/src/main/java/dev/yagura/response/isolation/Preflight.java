package dev.yagura.response.isolation;

import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.PlannedCall;
import dev.yagura.proto.response.v1.PreflightCheck;
import dev.yagura.response.aws.Checks;
import dev.yagura.response.aws.Ec2DryRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What must hold before an instance is isolated; each refusal with its reason and remedy. */
final class Preflight {
    /** Kinds of interfaces that are the instance's own. */
    private static final Set<String> ORDINARY = Set.of("interface", "efa");

    private Preflight() {}

    /** Every check; those on the network only when there is one. */
    static List<PreflightCheck> checks(
            Survey survey, ActionTarget target, IsolationConfig config, List<PlannedCall> planned) {
        List<PreflightCheck> checks = new ArrayList<>();
        checks.add(exists(survey.instance()));
        checks.add(Checks.account(survey.instance().ownerId(), target));
        checks.add(Checks.unprotected(survey.instance().id(), survey.instance().tags()));
        checks.add(interfaces(survey));
        survey.network()
                .ifPresent(network -> {
                    checks.add(MembershipChecks.scaling(survey));
                    checks.add(MembershipChecks.targetGroups(survey.surroundings()));
                    checks.add(
                            MembershipChecks.healthy(
                                    survey.surroundings(),
                                    survey.instance().id(),
                                    config.minimumHealthy()));
                    checks.add(MembershipChecks.evidence(survey));
                    checks.add(notIsolated(survey, network));
                    checks.add(widening(network));
                    checks.add(controlPath(network));
                    checks.add(Ec2DryRun.check(ActionKind.ACTION_KIND_ISOLATE_INSTANCE, planned));
                });
        return List.copyOf(checks);
    }

    private static PreflightCheck exists(CloudReader.LiveInstance instance) {
        String label = "the instance exists";
        return instance.isGone()
                ? Checks.refused(
                        label,
                        instance.id() + " is " + instance.state(),
                        "nothing is left to isolate; look for copies of it")
                : Checks.passed(label, instance.id() + " is " + instance.state());
    }

    private static PreflightCheck interfaces(Survey survey) {
        String label = "every network interface can be changed";
        List<String> managed =
                survey.interfaces().stream()
                        .filter(eni -> eni.requesterManaged() || !ORDINARY.contains(eni.kind()))
                        .map(eni -> eni.id() + " (" + eni.kind() + ")")
                        .toList();
        if (!managed.isEmpty()) {
            return Checks.refused(
                    label,
                    "a service owns " + String.join(", ", managed),
                    "contain the service that owns it: its task, its node, its load balancer");
        }
        if (survey.network().isEmpty()) {
            return Checks.refused(
                    label,
                    survey.interfaces().isEmpty()
                            ? "it has no network interface"
                            : "its interfaces are in several VPCs",
                    survey.interfaces().isEmpty()
                            ? "nothing is left to isolate"
                            : "set the groups of each interface by hand, or stop the instance");
        }
        return Checks.passed(label, survey.interfaces().size() + " interfaces");
    }

    private static PreflightCheck notIsolated(Survey survey, Survey.Network network) {
        String label = "not isolated already";
        Optional<String> group = network.design().existing().map(CloudReader.LiveGroup::id);
        List<String> isolated =
                survey.before().stream()
                        .filter(each ->
                                group.isPresent()
                                        && each.getSecurityGroupIdsList().contains(group.get()))
                        .map(each -> each.getNetworkInterfaceId())
                        .toList();
        return isolated.isEmpty()
                ? Checks.passed(label, "")
                : Checks.refused(
                        label,
                        String.join(", ", isolated)
                                + " has the isolation group already, and no action of ours knows"
                                + " the groups from before",
                        "set its groups by hand to what they should be, then isolate");
    }

    private static PreflightCheck widening(Survey.Network network) {
        String label = "no access is added";
        return network.design()
                .refusal()
                .map(reason ->
                        Checks.refused(
                                label,
                                reason,
                                "release the other instances first, or delete or rename the group"))
                .orElseGet(() ->
                        Checks.passed(
                                label,
                                "every rule after is within the rules of each interface before"));
    }

    private static PreflightCheck controlPath(Survey.Network network) {
        String label = "a control path stays";
        ControlPath path = network.path();
        String kept =
                path.kept().isEmpty()
                        ? "nothing stays reachable"
                        : "stays reachable: " + join(path.kept().stream());
        List<String> doubts =
                Stream.concat(path.notes().stream(), network.design().notes().stream()).toList();
        if (path.isComplete() && doubts.isEmpty()) {
            return Checks.passed(label, kept);
        }
        String lost =
                path.lost().isEmpty()
                        ? ""
                        : "; not opened, since not every interface may reach it now: "
                                + join(path.lost().stream());
        String doubt = doubts.isEmpty() ? "" : "; " + String.join("; ", doubts);
        return Checks.warning(
                label,
                kept + lost + doubt,
                "for commands on isolated hosts make interface endpoints of ssm and ssmmessages in"
                        + " the VPC, or set yagura.response.isolation.gateway-addresses; release"
                        + " needs neither");
    }

    private static String join(Stream<ControlPath.Way> ways) {
        return ways.map(ControlPath.Way::toString).collect(Collectors.joining(", "));
    }
}
