package dev.yagura.response.isolation;

import dev.yagura.common.aws.Together;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.autoscaling.model.AutoScalingGroup;
import software.amazon.awssdk.services.autoscaling.model.SuspendedProcess;
import software.amazon.awssdk.services.ec2.model.AttributeBooleanValue;
import software.amazon.awssdk.services.ec2.model.DescribeInstanceAttributeResponse;
import software.amazon.awssdk.services.ec2.model.InstanceAttributeName;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetDescription;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroup;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthDescription;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthStateEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetTypeEnum;

/** Reads what an instance belongs to and what protects it, live. Throws what the SDK throws. */
final class MembershipReader {
    private static final String IN_SERVICE = "InService";
    private static final String NOT_REGISTERED = "Target.NotRegistered";

    private final Cloud cloud;

    /**
     * An instance in an Auto Scaling group.
     *
     * @param lifecycle "InService", "Standby", …
     */
    record LiveMember(
            String instanceId, String lifecycle, boolean healthy, boolean protectedFromScaleIn) {

        boolean isInService() {
            return lifecycle.equals(IN_SERVICE);
        }

        boolean isInStandby() {
            return lifecycle.equals("Standby") || lifecycle.equals("EnteringStandby");
        }
    }

    /**
     * An Auto Scaling group.
     *
     * @param suspended processes that are suspended
     */
    record LiveScalingGroup(
            String name,
            int min,
            int max,
            int desired,
            Set<String> suspended,
            List<LiveMember> members) {

        /** Healthy instances in service, without one of them. */
        long healthyBeside(String instanceId) {
            return members.stream()
                    .filter(member -> !member.instanceId().equals(instanceId))
                    .filter(LiveMember::isInService)
                    .filter(LiveMember::healthy)
                    .count();
        }
    }

    /** The instance's group, and it as a member. */
    record LiveMembership(LiveScalingGroup group, LiveMember member) {

        /** With instances that serve nobody taken for unhealthy, whatever the group thinks. */
        LiveMembership withUnhealthy(Set<String> instanceIds) {
            List<LiveMember> members =
                    group.members().stream()
                            .map(each ->
                                    new LiveMember(
                                            each.instanceId(),
                                            each.lifecycle(),
                                            each.healthy()
                                                    && !instanceIds.contains(each.instanceId()),
                                            each.protectedFromScaleIn()))
                            .toList();
            return new LiveMembership(
                    new LiveScalingGroup(
                            group.name(),
                            group.min(),
                            group.max(),
                            group.desired(),
                            group.suspended(),
                            members),
                    member);
        }
    }

    /**
     * A target of a target group.
     *
     * @param id an instance or an address
     * @param zone empty where the group takes none
     * @param state "healthy", "draining", …
     * @param healthyOthers ids of other healthy targets of the group
     */
    record LiveTarget(
            String groupArn,
            String groupName,
            String id,
            int port,
            String zone,
            String state,
            boolean registered,
            Set<String> healthyOthers) {

        LiveTarget {
            healthyOthers = Set.copyOf(healthyOthers);
        }

        long healthyBeside() {
            return healthyOthers.size();
        }

        LiveTarget withUnhealthy(Set<String> ids) {
            Set<String> healthy = new HashSet<>(healthyOthers);
            healthy.removeAll(ids);
            return new LiveTarget(groupArn, groupName, id, port, zone, state, registered, healthy);
        }

        @Override
        public String toString() {
            return groupName + " (" + id + " port " + port + ")";
        }
    }

    /**
     * Target groups of a VPC.
     *
     * @param groupArns all that there are
     * @param targets those that were asked for
     */
    record LiveTargets(Set<String> groupArns, List<LiveTarget> targets) {}

    /** EC2's attributes disableApiTermination and disableApiStop. */
    record Protection(boolean termination, boolean stop) {}

    MembershipReader(Cloud cloud) {
        this.cloud = cloud;
    }

    Optional<LiveMembership> membership(String instanceId) {
        return cloud
                .autoScaling()
                .describeAutoScalingInstances(request -> request.instanceIds(instanceId))
                .autoScalingInstances()
                .stream()
                .findFirst()
                .flatMap(member -> scalingGroup(member.autoScalingGroupName()))
                .flatMap(group ->
                        group.members().stream()
                                .filter(member -> member.instanceId().equals(instanceId))
                                .map(member -> new LiveMembership(group, member))
                                .findFirst());
    }

    Optional<LiveScalingGroup> scalingGroup(String name) {
        return cloud
                .autoScaling()
                .describeAutoScalingGroups(request -> request.autoScalingGroupNames(name))
                .autoScalingGroups()
                .stream()
                .map(MembershipReader::scalingGroup)
                .findFirst();
    }

    /**
     * Looks through every target group of a VPC: there is no call that starts from the target.
     *
     * @param ids instance ids or addresses
     */
    LiveTargets targets(String vpcId, Set<String> ids) {
        List<TargetGroup> groups =
                cloud.loadBalancing().describeTargetGroupsPaginator().targetGroups().stream()
                        .filter(group -> vpcId.equals(group.vpcId()))
                        .toList();
        return new LiveTargets(
                groups.stream().map(TargetGroup::targetGroupArn).collect(Collectors.toSet()),
                Together.all(
                                groups.stream()
                                        .<Supplier<List<LiveTarget>>>map(
                                                group -> () -> targets(group, ids))
                                        .toList())
                        .stream()
                        .flatMap(List::stream)
                        .toList());
    }

    Protection protection(String instanceId) {
        List<Boolean> values =
                Together.all(
                        List.of(
                                () ->
                                        attribute(
                                                instanceId,
                                                InstanceAttributeName.DISABLE_API_TERMINATION),
                                () ->
                                        attribute(
                                                instanceId,
                                                InstanceAttributeName.DISABLE_API_STOP)));
        return new Protection(values.getFirst(), values.getLast());
    }

    private boolean attribute(String instanceId, InstanceAttributeName name) {
        DescribeInstanceAttributeResponse response =
                cloud.ec2()
                        .describeInstanceAttribute(
                                request -> request.instanceId(instanceId).attribute(name));
        AttributeBooleanValue value =
                name == InstanceAttributeName.DISABLE_API_STOP
                        ? response.disableApiStop()
                        : response.disableApiTermination();
        return value != null && Boolean.TRUE.equals(value.value());
    }

    private List<LiveTarget> targets(TargetGroup group, Set<String> ids) {
        List<TargetHealthDescription> all =
                cloud.loadBalancing()
                        .describeTargetHealth(
                                request -> request.targetGroupArn(group.targetGroupArn()))
                        .targetHealthDescriptions();
        Set<String> healthy =
                all.stream()
                        .filter(each ->
                                each.targetHealth().state() == TargetHealthStateEnum.HEALTHY)
                        .map(each -> each.target().id())
                        .filter(id -> !ids.contains(id))
                        .collect(Collectors.toSet());
        return all.stream()
                .filter(each -> ids.contains(each.target().id()))
                .map(each -> target(group, each, healthy))
                .toList();
    }

    private static LiveTarget target(
            TargetGroup group, TargetHealthDescription health, Set<String> healthyOthers) {
        TargetDescription target = health.target();
        boolean zoned = group.targetType() == TargetTypeEnum.IP;
        String zone = target.availabilityZone();
        boolean gone =
                health.targetHealth().state() == TargetHealthStateEnum.DRAINING
                        || NOT_REGISTERED.equals(health.targetHealth().reasonAsString());
        return new LiveTarget(
                group.targetGroupArn(),
                group.targetGroupName(),
                target.id(),
                target.port() == null ? group.port() : target.port(),
                zoned && zone != null ? zone : "",
                health.targetHealth().stateAsString(),
                !gone,
                healthyOthers);
    }

    private static LiveScalingGroup scalingGroup(AutoScalingGroup group) {
        return new LiveScalingGroup(
                group.autoScalingGroupName(),
                group.minSize(),
                group.maxSize(),
                group.desiredCapacity(),
                group.suspendedProcesses().stream()
                        .map(SuspendedProcess::processName)
                        .collect(Collectors.toSet()),
                group.instances().stream()
                        .map(member ->
                                new LiveMember(
                                        member.instanceId(),
                                        member.lifecycleStateAsString(),
                                        "Healthy".equalsIgnoreCase(member.healthStatus()),
                                        Boolean.TRUE.equals(member.protectedFromScaleIn())))
                        .toList());
    }
}
