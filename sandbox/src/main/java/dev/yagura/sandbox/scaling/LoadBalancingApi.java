package dev.yagura.sandbox.scaling;

import dev.yagura.sandbox.wire.Api;
import dev.yagura.sandbox.wire.ApiFault;
import dev.yagura.sandbox.wire.Body;
import dev.yagura.sandbox.wire.Call;
import dev.yagura.sandbox.wire.Operation;
import dev.yagura.sandbox.wire.Page;
import dev.yagura.sandbox.wire.Parameters;
import dev.yagura.sandbox.wire.Protocol;
import dev.yagura.sandbox.wire.Xml;
import dev.yagura.sandbox.world.World;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Elastic Load Balancing v2: target groups and their targets. */
public final class LoadBalancingApi {
    private static final Page.Rules PAGES =
            new Page.Rules("PageSize", "Marker", 1, 400, 400, "ValidationError", "ValidationError");

    private final Groups groups;
    private final TargetChecks checks;

    private LoadBalancingApi(World world, Groups groups) {
        this.groups = groups;
        this.checks = new TargetChecks(world);
    }

    public static Api of(World world, Groups groups) {
        LoadBalancingApi api = new LoadBalancingApi(world, groups);
        return Api.of(
                "elasticloadbalancing",
                Protocol.QUERY,
                "2015-12-01",
                "http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/",
                false,
                List.of(
                        Operation.named("DescribeTargetGroups", api::describeGroups)
                                .knows("TargetGroupArns.N", "Names.N", "PageSize", "Marker"),
                        Operation.named("DescribeTargetHealth", api::describeHealth)
                                .needs("TargetGroupArn")
                                .knows(
                                        "Targets.N.Id",
                                        "Targets.N.Port",
                                        "Targets.N.AvailabilityZone"),
                        Operation.named("RegisterTargets", api::register)
                                .needs("TargetGroupArn", "Targets")
                                .knows(
                                        "Targets.N.Id",
                                        "Targets.N.Port",
                                        "Targets.N.AvailabilityZone"),
                        Operation.named("DeregisterTargets", api::deregister)
                                .needs("TargetGroupArn", "Targets")
                                .knows(
                                        "Targets.N.Id",
                                        "Targets.N.Port",
                                        "Targets.N.AvailabilityZone")));
    }

    private Body describeGroups(Call call) {
        List<String> arns = call.parameters().list("TargetGroupArns");
        List<String> names = call.parameters().list("Names");
        boolean unknown =
                arns.stream().anyMatch(arn -> withArn(arn).findAny().isEmpty())
                        || names.stream().anyMatch(name -> groups.targetGroup(name).isEmpty());
        if (unknown) {
            throw notFound();
        }
        List<TargetGroup> matching =
                groups.targetGroups().stream()
                        .filter(group -> arns.isEmpty() || arns.contains(group.arn()))
                        .filter(group -> names.isEmpty() || names.contains(group.name()))
                        .toList();
        Page<TargetGroup> page = Page.of(matching, TargetGroup::name, call.parameters(), PAGES);
        return Xml.ofMembers()
                .list("TargetGroups", page.items(), LoadBalancingApi::write)
                .text("NextMarker", page.nextToken())
                .body();
    }

    private Body describeHealth(Call call) {
        TargetGroup group = group(call);
        List<Target> registered = groups.targetsOf(group.name());
        List<Parameters> wanted = call.parameters().structures("Targets");
        List<Target> targets =
                wanted.isEmpty()
                        ? registered
                        : wanted.stream().map(target -> health(target, group)).toList();
        return Xml.ofMembers()
                .list("TargetHealthDescriptions", targets, LoadBalancingApi::write)
                .body();
    }

    /** A target that was asked for and is not registered is reported as unused. */
    private Target health(Parameters wanted, TargetGroup group) {
        Target asked = target(wanted, group, "unused");
        return groups.targetsOf(group.name()).stream()
                .filter(target -> target.key().equals(asked.key()))
                .findFirst()
                .orElse(asked);
    }

    private Body register(Call call) {
        TargetGroup group = group(call);
        List<Target> wanted =
                call.parameters().structures("Targets").stream()
                        .map(target -> target(target, group, "initial"))
                        .map(target -> checks.checked(target, group))
                        .toList();
        wanted.forEach(target -> groups.register(group, target));
        return Xml.ofMembers().body();
    }

    /** A target that is not registered is no error (API reference, DeregisterTargets). */
    private Body deregister(Call call) {
        TargetGroup group = group(call);
        call.parameters()
                .structures("Targets")
                .forEach(target ->
                        groups.targetsOf(group.name()).stream()
                                .filter(each -> each.id().equals(target.required("Id")))
                                .filter(each ->
                                        target.integer("Port").stream()
                                                .allMatch(port -> port == each.port()))
                                .forEach(each -> groups.deregister(group.name(), each.key())));
        return Xml.ofMembers().body();
    }

    private static Target target(Parameters wanted, TargetGroup group, String state) {
        return Target.lasting(
                wanted.required("Id"),
                wanted.integer("Port").orElse(group.port()),
                wanted.text("AvailabilityZone").orElse(null),
                state);
    }

    private TargetGroup group(Call call) {
        return withArn(call.parameters().required("TargetGroupArn"))
                .findFirst()
                .orElseThrow(LoadBalancingApi::notFound);
    }

    private Stream<TargetGroup> withArn(String arn) {
        return groups.targetGroups().stream().filter(group -> group.arn().equals(arn));
    }

    private static ApiFault notFound() {
        return ApiFault.of("TargetGroupNotFound", "One or more target groups not found");
    }

    private static void write(Xml xml, TargetGroup group) {
        xml.text("TargetGroupArn", group.arn())
                .text("TargetGroupName", group.name())
                .text("Protocol", group.protocol())
                .text("Port", group.port())
                .text("VpcId", group.vpcId())
                .text("TargetType", group.targetType())
                .texts("LoadBalancerArns", List.of(group.loadBalancerArn()));
    }

    private static void write(Xml xml, Target target) {
        xml.element(
                        "Target",
                        item ->
                                item.text("Id", target.id())
                                        .text("Port", target.port())
                                        .text("AvailabilityZone", target.zone()))
                .text("HealthCheckPort", target.port())
                .element(
                        "TargetHealth",
                        health ->
                                health.text("State", target.state())
                                        .text("Reason", reason(target.state())));
    }

    private static @Nullable String reason(String state) {
        return switch (state) {
            case "initial" -> "Elb.RegistrationInProgress";
            case "draining" -> "Target.DeregistrationInProgress";
            case "unused" -> "Target.NotRegistered";
            default -> null;
        };
    }
}
