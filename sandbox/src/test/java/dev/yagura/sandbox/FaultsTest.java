package dev.yagura.sandbox;

import static dev.yagura.sandbox.AwsErrors.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.sandbox.control.SandboxClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.sts.StsClient;

class FaultsTest {
    private static final String CREATE = "ec2:CreateSecurityGroup";

    @RegisterExtension static final SandboxExtension SANDBOX = new SandboxExtension();

    private final Ec2Client ec2 = SANDBOX.ec2();
    private final SandboxClient control = SANDBOX.control();

    @Test
    void throttlesInTheWordsOfEachService() {
        control.throttle("ec2:DescribeInstances", 2);
        refused(ec2::describeInstances, 503, "RequestLimitExceeded");
        refused(ec2::describeInstances, 503, "RequestLimitExceeded");
        assertThat(ec2.describeInstances().reservations()).hasSize(3);

        control.throttle("ssm:*", 1);
        refused(() -> SANDBOX.ssm().describeInstanceInformation(), "ThrottlingException");
        control.throttle("sts:GetCallerIdentity", 1);
        try (StsClient sts = SANDBOX.sts(SandboxExtension.OPERATOR)) {
            refused(sts::getCallerIdentity, "Throttling");
        }
    }

    @Test
    void theSdkRetriesAThrottledCall() {
        control.throttle("ec2:DescribeInstances", 2);
        try (Ec2Client retrying = SANDBOX.retryingEc2()) {
            assertThat(retrying.describeInstances().reservations()).hasSize(3);
        }
        assertThat(control.journal(0)).hasSize(3);
    }

    @Test
    void aLostReplyWasAppliedAllTheSame() {
        control.loseReply(CREATE);
        assertThatThrownBy(() -> create("isolation")).isInstanceOf(SdkClientException.class);

        assertThat(control.journal(0))
                .singleElement()
                .satisfies(call -> {
                    assertThat(call.applied()).isTrue();
                    assertThat(call.replied()).isFalse();
                });
        refused(() -> create("isolation"), "InvalidGroup.Duplicate");
    }

    @Test
    void aPlannedErrorAppliesNothing() {
        control.fail(CREATE, "InternalError", 500);
        refused(() -> create("isolation"), 500, "InternalError");
        create("isolation");
    }

    @Test
    void aFaultWaitsForTheCallItIsMeantFor() {
        control.planFault(
                Map.of(
                        "operation", "ec2:ModifyNetworkInterfaceAttribute",
                        "kind", "throttle",
                        "when", Map.of("NetworkInterfaceId", Seeded.APP_BACK_ENI)));
        setGroups(Seeded.APP_FRONT_ENI);
        refused(() -> setGroups(Seeded.APP_BACK_ENI), 503, "RequestLimitExceeded");

        control.planFault(Map.of("operation", CREATE, "kind", "throttle", "skip", 1));
        create("first");
        refused(() -> create("second"), 503, "RequestLimitExceeded");
    }

    @Test
    void aDelayOutlastsTheClientsPatience() {
        control.planFault(
                Map.of("operation", CREATE, "kind", "delay", "delay", Duration.ofSeconds(2)));

        assertThatThrownBy(() ->
                        ec2.createSecurityGroup(r ->
                                r.groupName("isolation")
                                        .description("x")
                                        .vpcId(Seeded.VPC)
                                        .overrideConfiguration(
                                                o -> o.apiCallTimeout(Duration.ofMillis(300)))))
                .isInstanceOf(SdkClientException.class);
    }

    @Test
    void aStaleReadIsAnsweredAsBefore() {
        assertThat(groupNames()).doesNotContain("isolation");
        create("isolation");
        control.answerStale("ec2:DescribeSecurityGroups", 1);
        assertThat(groupNames()).doesNotContain("isolation");
        assertThat(groupNames()).contains("isolation");
    }

    @Test
    void refusesFaultsThatItDoesNotKnow() {
        assertThatThrownBy(() -> control.planFault(Map.of("operation", CREATE, "kind", "fire")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("throttle, error, lost-reply, stale, delay");
    }

    private List<String> groupNames() {
        return ec2.describeSecurityGroups().securityGroups().stream()
                .map(group -> group.groupName())
                .toList();
    }

    private void create(String name) {
        ec2.createSecurityGroup(r -> r.groupName(name).description("x").vpcId(Seeded.VPC));
    }

    private void setGroups(String eni) {
        ec2.modifyNetworkInterfaceAttribute(
                r -> r.networkInterfaceId(eni).groups(Seeded.APP_BACK_GROUP));
    }
}
