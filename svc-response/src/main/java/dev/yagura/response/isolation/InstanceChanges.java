package dev.yagura.response.isolation;

import dev.yagura.proto.response.v1.TargetState;
import java.util.Map;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetDescription;

/** Calls that change an instance, or what it belongs to. */
public final class InstanceChanges {
    static final String ENTER_STANDBY = "autoscaling:EnterStandby";
    static final String EXIT_STANDBY = "autoscaling:ExitStandby";

    private InstanceChanges() {}

    static Change enterStandby(String group, String instanceId, boolean decrement) {
        return Change.of(
                ENTER_STANDBY,
                Map.of(
                        "AutoScalingGroupName",
                        group,
                        "InstanceIds",
                        instanceId,
                        "ShouldDecrementDesiredCapacity",
                        String.valueOf(decrement)),
                (cloud, dryRun) ->
                        cloud.autoScaling()
                                .enterStandby(request ->
                                        request.autoScalingGroupName(group)
                                                .instanceIds(instanceId)
                                                .shouldDecrementDesiredCapacity(decrement)));
    }

    static Change exitStandby(String group, String instanceId) {
        return Change.of(
                EXIT_STANDBY,
                Map.of("AutoScalingGroupName", group, "InstanceIds", instanceId),
                (cloud, dryRun) ->
                        cloud.autoScaling()
                                .exitStandby(request ->
                                        request.autoScalingGroupName(group)
                                                .instanceIds(instanceId)));
    }

    static Change protectFromScaleIn(String group, String instanceId, boolean value) {
        return Change.of(
                "autoscaling:SetInstanceProtection",
                Map.of(
                        "AutoScalingGroupName",
                        group,
                        "InstanceIds",
                        instanceId,
                        "ProtectedFromScaleIn",
                        String.valueOf(value)),
                (cloud, dryRun) ->
                        cloud.autoScaling()
                                .setInstanceProtection(request ->
                                        request.autoScalingGroupName(group)
                                                .instanceIds(instanceId)
                                                .protectedFromScaleIn(value)));
    }

    static Change suspendReplacement(String group) {
        return Change.of(
                "autoscaling:SuspendProcesses",
                processes(group),
                (cloud, dryRun) ->
                        cloud.autoScaling()
                                .suspendProcesses(request ->
                                        request.autoScalingGroupName(group)
                                                .scalingProcesses(
                                                        ScalingMeasure.REPLACE_UNHEALTHY)));
    }

    static Change resumeReplacement(String group) {
        return Change.of(
                "autoscaling:ResumeProcesses",
                processes(group),
                (cloud, dryRun) ->
                        cloud.autoScaling()
                                .resumeProcesses(request ->
                                        request.autoScalingGroupName(group)
                                                .scalingProcesses(
                                                        ScalingMeasure.REPLACE_UNHEALTHY)));
    }

    public static Change protectFromTermination(String instanceId, boolean value) {
        return Change.of(
                "ec2:ModifyInstanceAttribute",
                Map.of("InstanceId", instanceId, "DisableApiTermination", String.valueOf(value)),
                (cloud, dryRun) ->
                        cloud.ec2()
                                .modifyInstanceAttribute(request ->
                                        request.instanceId(instanceId)
                                                .disableApiTermination(it -> it.value(value))
                                                .dryRun(dryRun)));
    }

    public static Change protectFromStop(String instanceId, boolean value) {
        return Change.of(
                "ec2:ModifyInstanceAttribute",
                Map.of("InstanceId", instanceId, "DisableApiStop", String.valueOf(value)),
                (cloud, dryRun) ->
                        cloud.ec2()
                                .modifyInstanceAttribute(request ->
                                        request.instanceId(instanceId)
                                                .disableApiStop(it -> it.value(value))
                                                .dryRun(dryRun)));
    }

    static Change deregister(TargetState target) {
        return Change.of(
                "elasticloadbalancing:DeregisterTargets",
                parameters(target),
                (cloud, dryRun) ->
                        cloud.loadBalancing()
                                .deregisterTargets(request ->
                                        request.targetGroupArn(target.getTargetGroupArn())
                                                .targets(description(target))));
    }

    static Change register(TargetState target) {
        return Change.of(
                "elasticloadbalancing:RegisterTargets",
                parameters(target),
                (cloud, dryRun) ->
                        cloud.loadBalancing()
                                .registerTargets(request ->
                                        request.targetGroupArn(target.getTargetGroupArn())
                                                .targets(description(target))));
    }

    private static TargetDescription description(TargetState target) {
        TargetDescription.Builder description =
                TargetDescription.builder().id(target.getTargetId()).port(target.getPort());
        if (!target.getAvailabilityZone().isEmpty()) {
            description.availabilityZone(target.getAvailabilityZone());
        }
        return description.build();
    }

    private static Map<String, String> parameters(TargetState target) {
        String zone = target.getAvailabilityZone();
        return Map.of(
                "TargetGroupArn",
                target.getTargetGroupArn(),
                "Targets",
                target.getTargetId()
                        + " port "
                        + target.getPort()
                        + (zone.isEmpty() ? "" : " " + zone));
    }

    private static Map<String, String> processes(String group) {
        return Map.of(
                "AutoScalingGroupName",
                group,
                "ScalingProcesses",
                ScalingMeasure.REPLACE_UNHEALTHY);
    }
}
