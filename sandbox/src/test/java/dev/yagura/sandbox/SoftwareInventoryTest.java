package dev.yagura.sandbox;

import static dev.yagura.sandbox.AwsErrors.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.sandbox.control.SandboxClient;
import dev.yagura.sandbox.ssm.Application;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.ListInventoryEntriesResponse;

class SoftwareInventoryTest {
    @RegisterExtension static final SandboxExtension SANDBOX = new SandboxExtension();

    private static final String TYPE = "AWS:Application";

    private final SsmClient ssm = SANDBOX.ssm();
    private final SandboxClient control = SANDBOX.control();

    @Test
    void tellsWhatTheAgentReportedPageByPage() {
        control.setSoftware(
                "web-1",
                IntStream.range(0, 51)
                        .mapToObj(i -> new Application("p" + i, "1." + i, null, null, null, null))
                        .toList(),
                Duration.ofHours(2));
        ListInventoryEntriesResponse first =
                ssm.listInventoryEntries(r -> r.instanceId(Seeded.WEB).typeName(TYPE));
        assertThat(first.entries())
                .hasSize(50)
                .first()
                .isEqualTo(Map.of("Name", "p0", "Version", "1.0"));
        assertThat(Instant.parse(first.captureTime())).isBefore(Instant.now().minusSeconds(3600));
        ListInventoryEntriesResponse second =
                ssm.listInventoryEntries(
                        r -> r.instanceId(Seeded.WEB).typeName(TYPE).nextToken(first.nextToken()));
        assertThat(second.entries()).singleElement().extracting("Name").isEqualTo("p50");
        assertThat(second.nextToken()).isNull();
    }

    @Test
    void saysNothingOfANodeThatNeverReported() {
        control.forgetSoftware("app-1");
        ListInventoryEntriesResponse answer =
                ssm.listInventoryEntries(r -> r.instanceId(Seeded.APP).typeName(TYPE));
        assertThat(answer.entries()).isEmpty();
        assertThat(answer.captureTime()).isNull();

        control.setSoftware("app-1", List.of(), Duration.ZERO);
        assertThat(
                        ssm.listInventoryEntries(r -> r.instanceId(Seeded.APP).typeName(TYPE))
                                .captureTime())
                .endsWith("Z");
    }

    @Test
    void refusesWhatAwsRefuses() {
        refused(
                () ->
                        ssm.listInventoryEntries(
                                r -> r.instanceId(Seeded.WEB).typeName(TYPE).maxResults(51)),
                "ValidationException");
        refused(
                () -> ssm.listInventoryEntries(r -> r.instanceId("web-1").typeName(TYPE)),
                "ValidationException");
        refused(
                () -> ssm.listInventoryEntries(r -> r.instanceId(Seeded.WEB).typeName("Software")),
                "ValidationException");
        refused(
                () -> ssm.listInventoryEntries(r -> r.instanceId(Seeded.WEB).typeName("AWS:Fan")),
                "InvalidTypeNameException");
        refused(
                () ->
                        ssm.listInventoryEntries(
                                r -> r.instanceId("i-00000000000000000").typeName(TYPE)),
                "InvalidInstanceId");
        refused(
                () ->
                        ssm.listInventoryEntries(
                                r -> r.instanceId(Seeded.WEB).typeName(TYPE).nextToken("no token")),
                "InvalidNextToken");
    }
}
