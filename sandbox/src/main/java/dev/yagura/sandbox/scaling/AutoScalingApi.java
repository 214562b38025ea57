package dev.yagura.sandbox.scaling;

import dev.yagura.sandbox.wire.Api;
import dev.yagura.sandbox.wire.ApiFault;
import dev.yagura.sandbox.wire.Body;
import dev.yagura.sandbox.wire.Call;
import dev.yagura.sandbox.wire.Operation;
import dev.yagura.sandbox.wire.Page;
import dev.yagura.sandbox.wire.Protocol;
import dev.yagura.sandbox.wire.Xml;
import dev.yagura.sandbox.world.World;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Stream;

/** EC2 Auto Scaling: groups, their instances, standby, protection, processes. */
public final class AutoScalingApi {
    /** So many without MaxRecords; names may be as many as records. */
    private static final int STANDARD = 50;

    private static final Page.Rules INSTANCE_PAGES = pages(50);
    private static final Page.Rules GROUP_PAGES = pages(100);

    private final World world;
    private final Groups groups;

    private AutoScalingApi(World world, Groups groups) {
        this.world = world;
        this.groups = groups;
    }

    public static Api of(World world, Groups groups, Clock clock) {
        AutoScalingApi api = new AutoScalingApi(world, groups);
        return Api.of(
                "autoscaling",
                Protocol.QUERY,
                "2011-01-01",
                "http://autoscaling.amazonaws.com/doc/2011-01-01/",
                false,
                Stream.concat(
                                api.reads().stream(),
                                new StandbyOperations(world, groups, clock).all().stream())
                        .toList());
    }

    private List<Operation> reads() {
        return List.of(
                Operation.named("DescribeAutoScalingInstances", this::describeInstances)
                        .knows("InstanceIds.N", "MaxRecords", "NextToken"),
                Operation.named("DescribeAutoScalingGroups", this::describeGroups)
                        .knows("AutoScalingGroupNames.N", "MaxRecords", "NextToken"));
    }

    private static Page.Rules pages(int largest) {
        return new Page.Rules(
                "MaxRecords",
                "NextToken",
                1,
                largest,
                STANDARD,
                "InvalidNextToken",
                "ValidationError");
    }

    private Body describeInstances(Call call) {
        List<String> ids = call.parameters().list("InstanceIds");
        List<Membership> matching =
                groups.memberships().stream()
                        .filter(member -> ids.isEmpty() || ids.contains(member.instanceId()))
                        .toList();
        Page<Membership> page =
                Page.of(matching, Membership::instanceId, call.parameters(), INSTANCE_PAGES);
        return Xml.ofMembers()
                .list(
                        "AutoScalingInstances",
                        page.items(),
                        (xml, member) ->
                                write(
                                        xml.text("AutoScalingGroupName", member.groupName()),
                                        member,
                                        member.healthStatus().toUpperCase(Locale.ROOT)))
                .text("NextToken", page.nextToken())
                .body();
    }

    /** A name that is not known is left out, as AWS does. */
    private Body describeGroups(Call call) {
        List<String> names = call.parameters().list("AutoScalingGroupNames");
        int most = call.parameters().integer(GROUP_PAGES.sizeParameter()).orElse(STANDARD);
        if (names.size() > most) {
            throw ApiFault.of(
                    "ValidationError",
                    "%d names are more than the %d records that are asked for",
                    names.size(),
                    most);
        }
        List<AutoScalingGroup> matching =
                groups.autoScalingGroups().stream()
                        .filter(group -> names.isEmpty() || names.contains(group.name()))
                        .toList();
        Page<AutoScalingGroup> page =
                Page.of(matching, AutoScalingGroup::name, call.parameters(), GROUP_PAGES);
        return Xml.ofMembers()
                .list("AutoScalingGroups", page.items(), this::write)
                .text("NextToken", page.nextToken())
                .body();
    }

    private void write(Xml xml, AutoScalingGroup group) {
        List<Membership> members = groups.membersOf(group.name());
        xml.text("AutoScalingGroupName", group.name())
                .text("AutoScalingGroupARN", group.arn(world.account()))
                .text("MinSize", group.min())
                .text("MaxSize", group.max())
                .text("DesiredCapacity", group.desired())
                .text("DefaultCooldown", 300)
                .text("CreatedTime", group.made().at())
                .text("VPCZoneIdentifier", String.join(",", group.made().subnets()))
                .element(
                        "LaunchTemplate",
                        template ->
                                template.text("LaunchTemplateId", group.made().launchTemplate())
                                        .text("LaunchTemplateName", group.name())
                                        .text("Version", 1))
                .list(
                        "Tags",
                        new TreeMap<>(group.tags()).entrySet(),
                        (item, tag) ->
                                item.text("ResourceId", group.name())
                                        .text("ResourceType", "auto-scaling-group")
                                        .text("Key", tag.getKey())
                                        .text("Value", tag.getValue())
                                        .text("PropagateAtLaunch", true))
                .texts(
                        "AvailabilityZones",
                        members.stream().map(Membership::availabilityZone).distinct().toList())
                .texts("LoadBalancerNames", List.of())
                .texts(
                        "TargetGroupARNs",
                        group.targetGroups().stream()
                                .flatMap(name -> groups.targetGroup(name).stream())
                                .map(TargetGroup::arn)
                                .toList())
                .text("HealthCheckType", group.targetGroups().isEmpty() ? "EC2" : "ELB")
                .text("HealthCheckGracePeriod", 300)
                .text("NewInstancesProtectedFromScaleIn", false)
                .list(
                        "Instances",
                        members,
                        (item, member) -> write(item, member, member.healthStatus()))
                .list(
                        "SuspendedProcesses",
                        group.suspended().stream().sorted().toList(),
                        (item, process) ->
                                item.text("ProcessName", process)
                                        .text("SuspensionReason", "User suspended"));
    }

    /**
     * DescribeAutoScalingInstances writes the health in capitals, DescribeAutoScalingGroups not.
     */
    private static void write(Xml xml, Membership member, String health) {
        xml.text("InstanceId", member.instanceId())
                .text("InstanceType", member.instanceType())
                .text("AvailabilityZone", member.availabilityZone())
                .text("LifecycleState", member.lifecycleState())
                .text("HealthStatus", health)
                .text("ProtectedFromScaleIn", member.protectedFromScaleIn());
    }
}
