package dev.yagura.inventory.posture;

import static dev.yagura.proto.inventory.v1.CoverageReason.COVERAGE_REASON_AGENT_DUPLICATE;
import static dev.yagura.proto.inventory.v1.CoverageReason.COVERAGE_REASON_AGENT_KEY_SHARED;
import static dev.yagura.proto.inventory.v1.CoverageReason.COVERAGE_REASON_AGENT_OUTDATED;
import static dev.yagura.proto.inventory.v1.CoverageReason.COVERAGE_REASON_AGENT_REVOKED;
import static dev.yagura.proto.inventory.v1.CoverageReason.COVERAGE_REASON_AGENT_SILENT;
import static dev.yagura.proto.inventory.v1.CoverageReason.COVERAGE_REASON_NO_AGENT;
import static dev.yagura.proto.inventory.v1.CoverageReason.COVERAGE_REASON_SENSOR_DEGRADED;

import dev.yagura.inventory.agent.Agent;
import dev.yagura.inventory.coverage.Finding;
import dev.yagura.proto.inventory.v1.CoverageReason;
import dev.yagura.proto.inventory.v1.CoverageStanding;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An agent reports, and names no problem. */
final class AgentCheck implements HostCheck {
    private static final Set<CoverageReason> REASONS =
            Set.of(
                    COVERAGE_REASON_NO_AGENT,
                    COVERAGE_REASON_AGENT_SILENT,
                    COVERAGE_REASON_AGENT_REVOKED,
                    COVERAGE_REASON_AGENT_DUPLICATE,
                    COVERAGE_REASON_AGENT_KEY_SHARED,
                    COVERAGE_REASON_AGENT_OUTDATED,
                    COVERAGE_REASON_SENSOR_DEGRADED);

    @Override
    public String id() {
        return "agent-healthy";
    }

    @Override
    public boolean concerns(HostFacts facts) {
        return true;
    }

    @Override
    public CheckResult of(HostFacts facts) {
        Optional<Finding> gap =
                facts.coverage().gaps().stream()
                        .filter(each -> REASONS.contains(each.reason()))
                        .findFirst();
        @Nullable Agent agent = facts.agent();
        @Nullable Instant heard = agent == null ? null : agent.lastHeartbeatTime();
        if (gap.isPresent()) {
            return CheckResult.fail(gap.get().detail(), gap.get().remedy(), heard);
        }
        if (facts.coverage().standing() == CoverageStanding.COVERAGE_STANDING_NOT_RUNNING) {
            return CheckResult.unknown(
                    "the instance is " + facts.host().instanceState(), "start it", heard);
        }
        if (heard == null || facts.readings().now().minus(Agent.SILENCE).isAfter(heard)) {
            return CheckResult.unknown(
                    "EC2 was not read lately, and no agent reports",
                    "./yagura coverage says what is missing",
                    heard);
        }
        return CheckResult.pass("the agent reports and names no problem", heard);
    }
}
