package dev.yagura.sandbox;

import static dev.yagura.sandbox.AwsErrors.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.sandbox.control.SandboxClient;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.autoscaling.model.AutoScalingGroup;
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
    void groupsComeInPagesAndOneThatIsMadeAgainIsAnother() {
        try (AutoScalingClient scaling = SANDBOX.autoScaling()) {
            AutoScalingGroup seeded =
                    scaling.describeAutoScalingGroups(r -> r.autoScalingGroupNames("web-asg"))
                            .autoScalingGroups()
                            .getFirst();
            assertThat(seeded.createdTime()).isNotNull();
            assertThat(seeded.vpcZoneIdentifier()).startsWith("subnet-");
            assertThat(seeded.launchTemplate().launchTemplateId()).startsWith("lt-");
            assertThat(seeded.launchTemplate().version()).isEqualTo("1");

            control.resources().putAutoScalingGroup("batch", Map.of("team", "shop"));
            control.joinAutoScalingGroup("web-1", "batch");
            List<AutoScalingGroup> all =
                    scaling
                            .describeAutoScalingGroupsPaginator(r -> r.maxRecords(1))
                            .autoScalingGroups()
                            .stream()
                            .toList();
            assertThat(all)
                    .extracting(AutoScalingGroup::autoScalingGroupName)
                    .containsExactly("batch", "web-asg");
            AutoScalingGroup batch = all.getFirst();
            assertThat(batch.tags())
                    .singleElement()
                    .satisfies(tag ->
                            assertThat(tag.key() + "=" + tag.value()).isEqualTo("team=shop"));
            assertThat(batch.instances()).hasSize(1);

            control.resources().deleteAutoScalingGroup("batch");
            assertThat(
                            scaling.describeAutoScalingGroups(
                                            r -> r.autoScalingGroupNames("batch", "web-asg"))
                                    .autoScalingGroups())
                    .extracting(AutoScalingGroup::autoScalingGroupARN)
                    .containsExactly(seeded.autoScalingGroupARN());
            control.resources().putAutoScalingGroup("batch", Map.of());
            AutoScalingGroup again =
                    scaling.describeAutoScalingGroups(r -> r.autoScalingGroupNames("batch"))
                            .autoScalingGroups()
                            .getFirst();
            assertThat(again.autoScalingGroupARN()).isNotEqualTo(batch.autoScalingGroupARN());
            assertThat(again.instances()).isEmpty();
            refused(
                    () ->
                            scaling.describeAutoScalingGroups(
                                    r -> r.autoScalingGroupNames("a", "b").maxRecords(1)),
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
