package dev.yagura.inventory.posture;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.yagura.proto.inventory.v1.PostureOutcome;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CheckResultTest {
    private static final UUID ASSET = UUID.randomUUID();

    @Test
    void checkThatBreaksOnAConfigurationKnowsNothing() throws Exception {
        // EC2 lets nobody write a range backwards; AWS Config could still tell one.
        JsonNode group =
                new ObjectMapper()
                        .readTree(
                                """
                                {"ipPermissions": [{"ipProtocol": "tcp", "fromPort": 9000,
                                    "toPort": 22, "ipv4Ranges": [{"cidrIp": "0.0.0.0/0"}]}]}
                                """);
        CheckResult result =
                CheckResult.tried(
                        "no-open-management-port",
                        ASSET,
                        () ->
                                ManagementPortCheck.open(group)
                                        .map(open -> CheckResult.fail(open, "", null))
                                        .orElseGet(() -> CheckResult.pass("", null)));
        assertThat(result.outcome()).isEqualTo(PostureOutcome.POSTURE_OUTCOME_UNKNOWN);
        assertThat(result.remedy()).contains(ASSET.toString());
    }

    @Test
    void whatACheckFoundIsLeftAsItIs() {
        CheckResult found = CheckResult.pass("fine", null);
        assertThat(CheckResult.tried("any", ASSET, () -> found)).isSameAs(found);
    }
}
