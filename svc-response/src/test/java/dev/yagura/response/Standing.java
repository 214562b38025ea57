package dev.yagura.response;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.autoscaling.model.AutoScalingGroup;
import software.amazon.awssdk.services.autoscaling.model.Instance;
import software.amazon.awssdk.services.autoscaling.model.SuspendedProcess;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetDescription;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroup;

/**
 * What an instance belongs to and what protects it, as AWS says now, for comparison field by field.
 *
 * @param lifecycle in its Auto Scaling group; empty when it is in none
 * @param targets "name id port zone" of its registrations; draining ones are none
 */
public record Standing(
        String lifecycle,
        boolean protectedFromScaleIn,
        int desired,
        List<String> suspended,
        Set<String> targets,
        boolean terminationProtection,
        boolean stopProtection) {

    public static Standing of(TestService service, String instanceId) {
        Optional<AutoScalingGroup> group =
                service.scaling().describeAutoScalingGroups().autoScalingGroups().stream()
                        .filter(each -> member(each, instanceId).isPresent())
                        .findFirst();
        Optional<Instance> member = group.flatMap(each -> member(each, instanceId));
        Ec2Client ec2 = service.operator();
        return new Standing(
                member.map(Instance::lifecycleStateAsString).orElse(""),
                member.map(Instance::protectedFromScaleIn).orElse(false),
                group.map(AutoScalingGroup::desiredCapacity).orElse(0),
                group.map(Standing::suspended).orElse(List.of()),
                targets(service),
                ec2.describeInstanceAttribute(
                                r -> r.instanceId(instanceId).attribute("disableApiTermination"))
                        .disableApiTermination()
                        .value(),
                ec2.describeInstanceAttribute(
                                r -> r.instanceId(instanceId).attribute("disableApiStop"))
                        .disableApiStop()
                        .value());
    }

    /** With the instance on its way into service taken for in service. */
    public Standing settled() {
        return new Standing(
                lifecycle.equals("Pending") ? "InService" : lifecycle,
                protectedFromScaleIn,
                desired,
                suspended,
                targets,
                terminationProtection,
                stopProtection);
    }

    private static Optional<Instance> member(AutoScalingGroup group, String instanceId) {
        return group.instances().stream()
                .filter(member -> member.instanceId().equals(instanceId))
                .findFirst();
    }

    private static List<String> suspended(AutoScalingGroup group) {
        return group.suspendedProcesses().stream().map(SuspendedProcess::processName).toList();
    }

    /** Of everybody: only the instance under test is registered. */
    private static Set<String> targets(TestService service) {
        return service.balancing().describeTargetGroups().targetGroups().stream()
                .flatMap(group ->
                        registered(service.balancing(), group).stream()
                                .map(target -> group.targetGroupName() + " " + text(target)))
                .collect(Collectors.toSet());
    }

    private static List<TargetDescription> registered(
            ElasticLoadBalancingV2Client balancing, TargetGroup group) {
        return balancing
                .describeTargetHealth(r -> r.targetGroupArn(group.targetGroupArn()))
                .targetHealthDescriptions()
                .stream()
                .filter(each -> !each.targetHealth().stateAsString().equals("draining"))
                .map(each -> each.target())
                .toList();
    }

    private static String text(TargetDescription target) {
        return target.id() + " " + target.port() + " " + target.availabilityZone();
    }
}
