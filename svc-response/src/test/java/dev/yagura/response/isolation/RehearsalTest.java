package dev.yagura.response.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.common.aws.AwsConfig;
import dev.yagura.common.config.Settings;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.proto.response.v1.PlannedCall;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RehearsalTest {
    private static final Settings SETTINGS = Settings.of("yagura.response", Map.of());

    /** An answer that the SDK could not read would leave its part of the plan out. */
    @Test
    void goesThroughEveryKindOfChangeOfAnIsolation() {
        Plan plan =
                new Rehearsal(
                                AwsConfig.from(SETTINGS),
                                IsolationConfig.from(SETTINGS),
                                Clock.systemUTC())
                        .isolate();
        assertThat(plan.getCallsList())
                .extracting(PlannedCall::getOperation)
                .containsExactly(
                        "ec2:AuthorizeSecurityGroupEgress",
                        "autoscaling:EnterStandby",
                        "ec2:ModifyNetworkInterfaceAttribute",
                        "ec2:ModifyInstanceAttribute",
                        "ec2:ModifyInstanceAttribute",
                        "elasticloadbalancing:DeregisterTargets");
        assertThat(plan.getCallsList())
                .filteredOn(call -> call.getOperation().startsWith("ec2:"))
                .extracting(PlannedCall::getDryRun)
                .containsOnly("allowed");
    }
}
