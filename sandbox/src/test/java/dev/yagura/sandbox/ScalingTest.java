package dev.yagura.sandbox;

import static dev.yagura.sandbox.AwsErrors.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.sandbox.control.SandboxClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.autoscaling.model.AutoScalingInstanceDetails;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthStateEnum;

class ScalingTest {
    @RegisterExtension static final SandboxExtension SANDBOX = new SandboxExtension();

    private final SandboxClient control = SANDBOX.control();

    @Test
    void showsMembersOfAnAutoScalingGroup() {
        try (AutoScalingClient scaling = SANDBOX.autoScaling()) {
            assertThat(
                            scaling.describeAutoScalingInstances(r -> r.instanceIds(Seeded.WEB))
                                    .autoScalingInstances())
                    .isEmpty();
            control.joinAutoScalingGroup("web-1", "web-asg");

            assertThat(
                            scaling.describeAutoScalingInstances(r -> r.instanceIds(Seeded.WEB))
                                    .autoScalingInstances())
                    .extracting(AutoScalingInstanceDetails::autoScalingGroupName)
                    .containsExactly("web-asg");
            control.leaveAutoScalingGroup("web-1");
            assertThat(scaling.describeAutoScalingInstances().autoScalingInstances()).isEmpty();
            refused(
                    () -> scaling.describeAutoScalingInstances(r -> r.maxRecords(51)),
                    "ValidationError");
        }
    }

    @Test
    void showsTargetsOfATargetGroup() {
        try (ElasticLoadBalancingV2Client balancing = SANDBOX.loadBalancing()) {
            String arn =
                    balancing.describeTargetGroups().targetGroups().getFirst().targetGroupArn();
            assertThat(
                            balancing
                                    .describeTargetHealth(r -> r.targetGroupArn(arn))
                                    .targetHealthDescriptions())
                    .isEmpty();
            control.registerTarget("web-1", "web");

            assertThat(
                            balancing
                                    .describeTargetHealth(r -> r.targetGroupArn(arn))
                                    .targetHealthDescriptions())
                    .singleElement()
                    .satisfies(target -> {
                        assertThat(target.target().id()).isEqualTo(Seeded.WEB);
                        assertThat(target.target().port()).isEqualTo(80);
                        assertThat(target.targetHealth().state())
                                .isEqualTo(TargetHealthStateEnum.HEALTHY);
                    });
            refused(
                    () -> balancing.describeTargetGroups(r -> r.names("nobody")),
                    "TargetGroupNotFound");
        }
    }

    @Test
    void namesWhatDoesNotExist() {
        assertThatThrownBy(() -> control.joinAutoScalingGroup("web-1", "nobody"))
                .hasMessageContaining("404")
                .hasMessageContaining("no Auto Scaling group called nobody");
        assertThatThrownBy(() -> control.registerTarget("web-9", "web"))
                .hasMessageContaining("no instance called web-9");
    }
}
