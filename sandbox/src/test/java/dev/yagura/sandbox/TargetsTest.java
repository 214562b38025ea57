package dev.yagura.sandbox;

import static dev.yagura.sandbox.AwsErrors.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.sandbox.control.SandboxClient;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetDescription;

/** Registration, draining and what is refused, as the Elastic Load Balancing documents say. */
class TargetsTest {
    @RegisterExtension static final SandboxExtension SANDBOX = new SandboxExtension();

    private static final ElasticLoadBalancingV2Client BALANCING = SANDBOX.loadBalancing();
    private final SandboxClient control = SANDBOX.control();

    @AfterAll
    static void closeClient() {
        BALANCING.close();
    }

    @Test
    void aDeregisteredTargetDrainsFor300Seconds() {
        control.registerTarget("web-1", "web");
        BALANCING.deregisterTargets(r -> r.targetGroupArn(arn("web")).targets(web(80)));
        assertThat(states("web")).containsExactly("draining");
        control.advance(Duration.ofSeconds(299));
        assertThat(states("web")).containsExactly("draining");
        control.advance(Duration.ofSeconds(1));
        assertThat(states("web")).isEmpty();
    }

    @Test
    void aDrainingTargetCanBeRegisteredAgain() {
        control.registerTarget("web-1", "web");
        BALANCING.deregisterTargets(r -> r.targetGroupArn(arn("web")).targets(web(80)));
        BALANCING.registerTargets(r -> r.targetGroupArn(arn("web")).targets(web(80)));
        assertThat(states("web")).containsExactly("initial");
        control.advance(Duration.ofSeconds(30));
        assertThat(states("web")).containsExactly("healthy");
    }

    @Test
    void aPortIsATargetOfItsOwn() {
        control.registerTarget("web-1", "web");
        control.registerTarget("web-1", "web", 81);
        BALANCING.deregisterTargets(r -> r.targetGroupArn(arn("web")).targets(web(81)));
        assertThat(states("web")).containsExactly("healthy", "draining");
        BALANCING.deregisterTargets(
                r -> r.targetGroupArn(arn("web")).targets(t -> t.id(Seeded.WEB)));
        assertThat(states("web")).containsExactly("draining", "draining");
    }

    @Test
    void deregisteringNobodyIsNoError() {
        BALANCING.deregisterTargets(r -> r.targetGroupArn(arn("web")).targets(web(80)));
        assertThat(states("web")).isEmpty();
    }

    @Test
    void addressesHaveTheirZone() {
        control.registerTarget("web-1", "web-ip");
        TargetDescription target =
                BALANCING
                        .describeTargetHealth(r -> r.targetGroupArn(arn("web-ip")))
                        .targetHealthDescriptions()
                        .getFirst()
                        .target();
        assertThat(target.id()).startsWith("10.20.");
        assertThat(target.availabilityZone()).startsWith(Seeded.REGION);
        BALANCING.deregisterTargets(r -> r.targetGroupArn(arn("web-ip")).targets(target));
        BALANCING.registerTargets(r -> r.targetGroupArn(arn("web-ip")).targets(target));
        assertThat(states("web-ip")).containsExactly("initial");
    }

    @Test
    void refusesTargetsThatCannotServe() {
        control.stop("web-1");
        refused(
                () -> BALANCING.registerTargets(r -> r.targetGroupArn(arn("web")).targets(web(80))),
                "InvalidTarget");
        refused(
                () ->
                        BALANCING.registerTargets(r ->
                                r.targetGroupArn(arn("web-ip")).targets(t -> t.id("192.0.2.1"))),
                "InvalidTarget");
        refused(
                () ->
                        BALANCING.registerTargets(r ->
                                r.targetGroupArn(arn("web"))
                                        .targets(t ->
                                                t.id(Seeded.DB)
                                                        .availabilityZone("ap-northeast-1a"))),
                "ValidationError");
        refused(
                () ->
                        BALANCING.registerTargets(
                                r -> r.targetGroupArn(arn("web") + "0").targets(web(80))),
                "TargetGroupNotFound");
    }

    private static TargetDescription web(int port) {
        return TargetDescription.builder().id(Seeded.WEB).port(port).build();
    }

    private static String arn(String name) {
        return BALANCING
                .describeTargetGroups(r -> r.names(name))
                .targetGroups()
                .getFirst()
                .targetGroupArn();
    }

    private static List<String> states(String group) {
        return BALANCING
                .describeTargetHealth(r -> r.targetGroupArn(arn(group)))
                .targetHealthDescriptions()
                .stream()
                .map(each -> each.targetHealth().stateAsString())
                .toList();
    }
}
