package dev.yagura.sandbox.scaling;

import dev.yagura.sandbox.wire.Api;
import dev.yagura.sandbox.wire.Body;
import dev.yagura.sandbox.wire.Call;
import dev.yagura.sandbox.wire.Operation;
import dev.yagura.sandbox.wire.Page;
import dev.yagura.sandbox.wire.Protocol;
import dev.yagura.sandbox.wire.Xml;
import dev.yagura.sandbox.world.Instance;
import dev.yagura.sandbox.world.World;
import java.util.List;

/** EC2 Auto Scaling: DescribeAutoScalingInstances. */
public final class AutoScalingApi {
    private static final Page.Rules PAGES =
            new Page.Rules(
                    "MaxRecords", "NextToken", 1, 50, 50, "InvalidNextToken", "ValidationError");

    private final World world;
    private final Groups groups;

    private AutoScalingApi(World world, Groups groups) {
        this.world = world;
        this.groups = groups;
    }

    public static Api of(World world, Groups groups) {
        AutoScalingApi api = new AutoScalingApi(world, groups);
        return Api.of(
                "autoscaling",
                Protocol.QUERY,
                "2011-01-01",
                "http://autoscaling.amazonaws.com/doc/2011-01-01/",
                false,
                List.of(
                        Operation.named("DescribeAutoScalingInstances", api::describe)
                                .knows("InstanceIds.N", "MaxRecords", "NextToken")));
    }

    private Body describe(Call call) {
        List<String> ids = call.parameters().list("InstanceIds");
        List<Membership> matching =
                groups.memberships().stream()
                        .filter(member -> ids.isEmpty() || ids.contains(member.instanceId()))
                        .filter(member -> world.instances().contains(member.instanceId()))
                        .toList();
        Page<Membership> page = Page.of(matching, Membership::instanceId, call.parameters(), PAGES);
        return Xml.ofMembers()
                .list("AutoScalingInstances", page.items(), this::write)
                .text("NextToken", page.nextToken())
                .body();
    }

    private void write(Xml xml, Membership member) {
        Instance instance = world.instances().get(member.instanceId());
        xml.text("InstanceId", member.instanceId())
                .text("InstanceType", instance.instanceType())
                .text("AutoScalingGroupName", member.groupName())
                .text(
                        "AvailabilityZone",
                        world.subnets().get(instance.subnetId()).availabilityZone())
                .text("LifecycleState", member.lifecycleState())
                .text("HealthStatus", member.healthStatus())
                .text("ProtectedFromScaleIn", member.protectedFromScaleIn());
    }
}
