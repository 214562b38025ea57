package dev.yagura.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.proto.inventory.v1.CoverageReason;
import dev.yagura.proto.inventory.v1.CoverageStanding;
import io.grpc.BindableService;
import java.util.List;
import org.junit.jupiter.api.Test;

/** yagura coverage. */
class HostCoverageCommandTest extends CommandTest {
    private final CannedHostCoverage coverage = new CannedHostCoverage();

    @Override
    List<BindableService> services() {
        return List.of(coverage);
    }

    @Test
    void printsALineForEachGapAndTheShareThatIsProtected() {
        assertThat(run("coverage")).isZero();

        assertThat(out.lines().filter(line -> line.contains("i-0000000000000000b")))
                .hasSize(2)
                .anySatisfy(line -> assertThat(line).contains("no-agent").endsWith("run an agent"))
                .anySatisfy(line ->
                        assertThat(line)
                                .contains("ssm-not-managed")
                                .contains("1970-01-01T00:01:00Z"));
        assertThat(out)
                .containsPattern("protected +i-0000000000000000a")
                .doesNotContain("\u001b")
                .contains("1 of 3 assets are protected (33.3 %)")
                .contains("1 with gaps, 1 unknown, 4 not running")
                .contains("no-agent, oldest since 1970-01-01T00:01:00Z")
                .contains("aws:444455556666:eu-west-1: EC2 was never read completely")
                .contains("aws:444455556666:eu-west-1: GuardDuty cannot be read: not authorized");
    }

    @Test
    void asksForWhatTheOptionsSay() {
        assertThat(
                        run(
                                "coverage",
                                "--gaps",
                                "--account",
                                "111122223333",
                                "--reason",
                                "agent-silent",
                                "--min-age",
                                "PT1H",
                                "--type",
                                "AWS::ECS::Task",
                                "--filter",
                                "owner = shop OR owner = web",
                                "--output",
                                "json"))
                .isZero();

        assertThat(out.lines()).hasSize(2).allSatisfy(line -> assertThat(line).startsWith("{"));
        assertThat(coverage.asked.getAccountId()).isEqualTo("111122223333");
        assertThat(coverage.asked.getStanding()).isEqualTo(CoverageStanding.COVERAGE_STANDING_GAP);
        assertThat(coverage.asked.getReason())
                .isEqualTo(CoverageReason.COVERAGE_REASON_AGENT_SILENT);
        assertThat(coverage.asked.getMinAge().getSeconds()).isEqualTo(3600);
        assertThat(coverage.asked.getExpression())
                .isEqualTo("resource_type = \"AWS::ECS::Task\" AND (owner = shop OR owner = web)");

        assertThat(run("coverage", "--reason", "bored")).isEqualTo(2);
        assertThat(err).contains("sensor_degraded");
    }

    @Test
    void summaryIsOneCommand() {
        assertThat(run("coverage", "summary", "--output", "json")).isZero();
        assertThat(out.lines()).hasSize(1);
        assertThat(out).contains("\"protected\":\"1\"").contains("\"notRunning\":\"4\"");
    }
}
