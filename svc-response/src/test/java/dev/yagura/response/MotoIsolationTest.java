package dev.yagura.response;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.BlockTarget;
import dev.yagura.proto.response.v1.CreateActionRequest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.autoscaling.model.AutoScalingGroup;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.SecurityGroupRule;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetDescription;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroup;

/**
 * The EC2, Auto Scaling, Elastic Load Balancing and STS calls against an emulator that is not ours.
 */
class MotoIsolationTest {
    @RegisterExtension static final MotoAccount ACCOUNT = MotoAccount.with(Map.of());

    private static Ec2Client ec2;
    private static AutoScalingClient scaling;
    private static ElasticLoadBalancingV2Client balancing;
    private static String subnetId = "";
    private static String imageId = "";
    private static String vpcId = "";
    private static String groupId = "";
    private static String interfaceId = "";
    private static String instanceId = "";

    @BeforeAll
    static void openClients() {
        ec2 = ACCOUNT.client(Ec2Client.builder());
        scaling = ACCOUNT.client(AutoScalingClient.builder());
        balancing = ACCOUNT.client(ElasticLoadBalancingV2Client.builder());
        launch();
    }

    /** With an interface made before: moto adds the groups of a launch to every interface. */
    private static void launch() {
        vpcId = ec2.createVpc(request -> request.cidrBlock("10.20.0.0/16")).vpc().vpcId();
        subnetId =
                ec2.createSubnet(request -> request.vpcId(vpcId).cidrBlock("10.20.1.0/24"))
                        .subnet()
                        .subnetId();
        groupId =
                ec2.createSecurityGroup(
                                request -> request.groupName("web").description("Web").vpcId(vpcId))
                        .groupId();
        interfaceId =
                ec2.createNetworkInterface(request -> request.subnetId(subnetId).groups(groupId))
                        .networkInterface()
                        .networkInterfaceId();
        imageId = ec2.describeImages(request -> {}).images().getFirst().imageId();
        instanceId =
                ec2.runInstances(request ->
                                request.imageId(imageId)
                                        .minCount(1)
                                        .maxCount(1)
                                        .networkInterfaces(eni ->
                                                eni.deviceIndex(0).networkInterfaceId(interfaceId)))
                        .instances()
                        .getFirst()
                        .instanceId();
    }

    @AfterAll
    static void closeClients() {
        ec2.close();
        scaling.close();
        balancing.close();
    }

    /** Of entries of network ACLs it has no DryRun, and makes them; it has no DNS Firewall. */
    @Test
    void takesARuleAwayAndPutsItBack() {
        String partners =
                ec2.createSecurityGroup(r -> r.groupName("partners").description("p").vpcId(vpcId))
                        .groupId();
        ec2.authorizeSecurityGroupIngress(r ->
                r.groupId(partners)
                        .ipPermissions(p ->
                                p.ipProtocol("tcp")
                                        .fromPort(443)
                                        .toPort(443)
                                        .ipRanges(range ->
                                                range.cidrIp("203.0.113.0/24")
                                                        .description("a partner"))));
        String ruleId = ingress(partners).getFirst().securityGroupRuleId();

        Action applied =
                ACCOUNT.responder()
                        .apply(
                                TestResponder.request(
                                        ActionKind.ACTION_KIND_BLOCK_INDICATOR,
                                        ActionTarget.newBuilder()
                                                .setScope(MotoAccount.SCOPE)
                                                .setBlock(
                                                        BlockTarget.newBuilder()
                                                                .setSecurityGroupRuleId(ruleId))
                                                .build()));

        assertThat(applied.getState())
                .as(applied.getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(ingress(partners)).isEmpty();

        Action undone = ACCOUNT.responder().undo(applied);

        assertThat(undone.getState())
                .as(undone.getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_UNDONE);
        assertThat(undone.getDriftList()).isEmpty();
        assertThat(ingress(partners))
                .singleElement()
                .satisfies(after -> {
                    assertThat(after.cidrIpv4()).isEqualTo("203.0.113.0/24");
                    assertThat(after.description()).isEqualTo("a partner");
                });
    }

    private static List<SecurityGroupRule> ingress(String ofGroup) {
        return ec2
                .describeSecurityGroupRules(r -> r.filters(f -> f.name("group-id").values(ofGroup)))
                .securityGroupRules()
                .stream()
                .filter(each -> !each.isEgress())
                .toList();
    }

    @Test
    void isolatesAndRestores() {
        List<String> before = groups();

        Action action = ACCOUNT.responder().apply(request(instanceId));

        assertThat(action.getState())
                .as(action.getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(groups()).hasSize(1).doesNotContain(groupId);
        assertThat(
                        ec2.describeSecurityGroups(request -> request.groupIds(groups()))
                                .securityGroups())
                .singleElement()
                .satisfies(group -> {
                    assertThat(group.groupName()).startsWith("yagura-isolation-");
                    assertThat(group.ipPermissions()).isEmpty();
                    assertThat(group.ipPermissionsEgress())
                            .as("the gateway, which the host could reach before")
                            .singleElement()
                            .satisfies(rule -> assertThat(rule.fromPort()).isEqualTo(8443));
                });

        Action undone = ACCOUNT.responder().undo(action);

        assertThat(undone.getState())
                .as(undone.getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_UNDONE);
        assertThat(groups()).isEqualTo(before);
    }

    /** Groups of the interfaces aside: moto gives a group's instances those of every launch. */
    @Test
    void leavesItsGroupsAndReturns() {
        String member = launchGroup();
        TargetGroup targets =
                balancing
                        .createTargetGroup(request ->
                                request.name("web").protocol("HTTP").port(80).vpcId(vpcId))
                        .targetGroups()
                        .getFirst();
        TargetDescription target = TargetDescription.builder().id(member).port(8080).build();
        balancing.registerTargets(
                request -> request.targetGroupArn(targets.targetGroupArn()).targets(target));

        Action action =
                ACCOUNT.responder().apply(request(member).addOverrideGuards("minimum-healthy"));

        assertThat(action.getState())
                .as(action.getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(lifecycle(member)).isEqualTo("Standby");
        assertThat(group().desiredCapacity()).isEqualTo(1);
        assertThat(protections(member)).containsExactly(true, true);
        assertThat(registered(targets)).isEmpty();

        Action undone = ACCOUNT.responder().undo(action);

        assertThat(undone.getState())
                .as(undone.getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_UNDONE);
        assertThat(undone.getDriftList()).isEmpty();
        assertThat(lifecycle(member)).isEqualTo("InService");
        assertThat(group().desiredCapacity()).isEqualTo(2);
        assertThat(protections(member)).containsExactly(false, false);
        assertThat(registered(targets)).containsExactly(target);
    }

    /** Without security groups of its own: moto adds those to whatever an interface is given. */
    private static String launchGroup() {
        scaling.createLaunchConfiguration(request ->
                request.launchConfigurationName("web").imageId(imageId).instanceType("t3.micro"));
        scaling.createAutoScalingGroup(request ->
                request.autoScalingGroupName("web")
                        .launchConfigurationName("web")
                        .minSize(1)
                        .desiredCapacity(2)
                        .maxSize(3)
                        .vpcZoneIdentifier(subnetId));
        return group().instances().getFirst().instanceId();
    }

    private static AutoScalingGroup group() {
        return scaling.describeAutoScalingGroups(request -> request.autoScalingGroupNames("web"))
                .autoScalingGroups()
                .getFirst();
    }

    private static String lifecycle(String instance) {
        return group().instances().stream()
                .filter(each -> each.instanceId().equals(instance))
                .map(each -> each.lifecycleStateAsString())
                .findFirst()
                .orElse("");
    }

    private static List<Boolean> protections(String instance) {
        return List.of(
                ec2.describeInstanceAttribute(request ->
                                request.instanceId(instance).attribute("disableApiTermination"))
                        .disableApiTermination()
                        .value(),
                ec2.describeInstanceAttribute(
                                request -> request.instanceId(instance).attribute("disableApiStop"))
                        .disableApiStop()
                        .value());
    }

    private static List<TargetDescription> registered(TargetGroup group) {
        return balancing
                .describeTargetHealth(request -> request.targetGroupArn(group.targetGroupArn()))
                .targetHealthDescriptions()
                .stream()
                .map(health -> health.target())
                .toList();
    }

    @Test
    void doesNotKnowAnotherInstance() {
        assertThatThrownBy(() -> ACCOUNT.responder().create(request("i-0123456789abcdef0")))
                .hasMessageContaining("NOT_FOUND");
    }

    private static List<String> groups() {
        return ec2
                .describeNetworkInterfaces(request -> request.networkInterfaceIds(interfaceId))
                .networkInterfaces()
                .getFirst()
                .groups()
                .stream()
                .map(group -> group.groupId())
                .toList();
    }

    private static CreateActionRequest.Builder request(String instance) {
        return TestResponder.request(
                ActionKind.ACTION_KIND_ISOLATE_INSTANCE, MotoAccount.target(instance));
    }
}
