package dev.yagura.response.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.proto.response.v1.CheckOutcome;
import dev.yagura.proto.response.v1.PreflightCheck;
import dev.yagura.response.aws.AddressBlock;
import dev.yagura.response.aws.ManagementEndpoint;
import java.util.List;
import org.junit.jupiter.api.Test;

class HostNetworkTest {
    private static final HostNetwork.Way SSM = way("ssm", "10.20.1.200");
    private static final HostNetwork.Way MESSAGES = way("ssmmessages", "2001:db8::1");
    private static final HostNetwork.Way GATEWAY = way("gateway", "10.20.1.40");

    @Test
    void bothServicesAreNeeded() {
        assertThat(check(List.of(SSM, MESSAGES), List.of()).getOutcome())
                .isEqualTo(CheckOutcome.CHECK_OUTCOME_PASSED);
        assertThat(check(List.of(SSM, GATEWAY), List.of()))
                .satisfies(check -> {
                    assertThat(check.getOutcome()).isEqualTo(CheckOutcome.CHECK_OUTCOME_REFUSED);
                    assertThat(check.getDetail())
                            .contains("no interface endpoint of ssmmessages", "NAT");
                    assertThat(check.getRemedy()).contains("private DNS", "isolate the instance");
                });
    }

    @Test
    void anEndpointThatAgentsDoNotFindIsNamed() {
        var hidden =
                new ManagementEndpoint("vpce-1", "ssmmessages", false, List.of(), List.of("eni-1"));

        assertThat(check(List.of(SSM), List.of(hidden)).getDetail())
                .contains("vpce-1 (ssmmessages) has no private DNS");
    }

    @Test
    void waysAreWordsThatTheDocumentTakes() {
        assertThat(List.of(SSM.word(), MESSAGES.word()))
                .containsExactly(
                        "ssm@10.20.1.200/32@443", "ssmmessages@2001:db8:0:0:0:0:0:1/128@443");
    }

    @Test
    void resolverAndRouterAreCountedFromTheFirstAddress() {
        assertThat(AddressBlock.parse("10.20.0.0/16").address(2)).hasToString("10.20.0.2/32");
        assertThat(AddressBlock.parse("172.31.255.240/28").address(1))
                .hasToString("172.31.255.241/32");
        assertThat(AddressBlock.parse("10.0.0.255/8").address(256)).hasToString("10.0.1.0/32");
    }

    private static PreflightCheck check(
            List<HostNetwork.Way> ways, List<ManagementEndpoint> hidden) {
        return new HostNetwork(ways, hidden, List.of(), List.of()).check();
    }

    private static HostNetwork.Way way(String service, String address) {
        return new HostNetwork.Way(service, AddressBlock.parse(address), 443);
    }
}
