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
import java.util.List;
import java.util.Optional;

/** Elastic Load Balancing v2: DescribeTargetGroups, DescribeTargetHealth. */
public final class LoadBalancingApi {
    private static final Page.Rules PAGES =
            new Page.Rules("PageSize", "Marker", 1, 400, 400, "ValidationError", "ValidationError");

    private final Groups groups;

    private LoadBalancingApi(Groups groups) {
        this.groups = groups;
    }

    public static Api of(Groups groups) {
        LoadBalancingApi api = new LoadBalancingApi(groups);
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
                                .knows("Targets.N.Id", "Targets.N.Port")));
    }

    private Body describeGroups(Call call) {
        List<String> arns = call.parameters().list("TargetGroupArns");
        List<String> names = call.parameters().list("Names");
        boolean unknown =
                arns.stream().anyMatch(arn -> byArn(arn).isEmpty())
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
        TargetGroup group =
                byArn(call.parameters().required("TargetGroupArn"))
                        .orElseThrow(LoadBalancingApi::notFound);
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
        String id = wanted.required("Id");
        return groups.targetsOf(group.name()).stream()
                .filter(target -> target.instanceId().equals(id))
                .findFirst()
                .orElseGet(() -> new Target(id, group.port(), "unused"));
    }

    private Optional<TargetGroup> byArn(String arn) {
        return groups.targetGroups().stream().filter(group -> group.arn().equals(arn)).findFirst();
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
                .text("TargetType", "instance")
                .texts("LoadBalancerArns", List.of(group.loadBalancerArn()));
    }

    private static void write(Xml xml, Target target) {
        xml.element(
                        "Target",
                        item -> item.text("Id", target.instanceId()).text("Port", target.port()))
                .text("HealthCheckPort", target.port())
                .element("TargetHealth", health -> health.text("State", target.state()));
    }
}
