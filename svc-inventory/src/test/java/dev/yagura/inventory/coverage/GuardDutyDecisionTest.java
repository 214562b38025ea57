package dev.yagura.inventory.coverage;

import static dev.yagura.proto.inventory.v1.CoverageReason.COVERAGE_REASON_GUARDDUTY_OFF;
import static dev.yagura.proto.inventory.v1.CoverageReason.COVERAGE_REASON_GUARDDUTY_UNREAD;
import static dev.yagura.proto.inventory.v1.CoverageReason.COVERAGE_REASON_NO_AGENT;
import static dev.yagura.proto.inventory.v1.CoverageReason.COVERAGE_REASON_UNSUPPORTED_KIND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.inventory.Enrolling;
import dev.yagura.inventory.asset.Asset;
import dev.yagura.inventory.reconcile.Detector;
import dev.yagura.inventory.reconcile.DetectorKnowledge;
import dev.yagura.inventory.reconcile.ManagedNode;
import dev.yagura.inventory.reconcile.NodeKnowledge;
import dev.yagura.proto.inventory.v1.CoverageReason;
import dev.yagura.proto.type.v1.Scope;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What GuardDuty is known to do, as it is judged; and which gap an action closes. */
class GuardDutyDecisionTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Instant MINUTE_AGO = NOW.minus(Duration.ofMinutes(1));
    private static final Instant HOUR_AGO = NOW.minus(Duration.ofHours(1));
    private static final Scope SCOPE = Enrolling.scope("100000000072");
    private static final NodeKnowledge READ = new NodeKnowledge(SCOPE, HOUR_AGO, MINUTE_AGO, "");
    private static final Detector WATCHING =
            new Detector(
                    "ENABLED",
                    Set.of(
                            "LAMBDA_NETWORK_LOGS",
                            "RUNTIME_MONITORING",
                            "RUNTIME_MONITORING/ECS_FARGATE_AGENT_MANAGEMENT"));

    @Test
    void offIsAGapOfInstancesTasksAndFunctionsButNotOfHostsOutsideAws() {
        DetectorKnowledge none = known(new Detector("NONE", Set.of()), HOUR_AGO);
        for (String type : List.of(Asset.INSTANCE, Asset.TASK, Asset.FUNCTION)) {
            Finding off = finding(decide(type, none, true), COVERAGE_REASON_GUARDDUTY_OFF);
            assertThat(off.since()).isEqualTo(HOUR_AGO);
            assertThat(off.detail()).contains("no detector");
            assertThat(off.remedy())
                    .contains("create-detector --enable --region ap-northeast-1")
                    .contains("require-guardduty=false");
        }
        assertThat(reasons(decide(Asset.HOST, none, true)))
                .containsExactly(COVERAGE_REASON_NO_AGENT);
        assertThat(reasons(decide(Asset.INSTANCE, none, false)))
                .doesNotContain(COVERAGE_REASON_GUARDDUTY_OFF);
        DetectorKnowledge suspended =
                known(new Detector("DISABLED", WATCHING.features()), HOUR_AGO);
        Coverage function = decide(Asset.FUNCTION, suspended, true);
        assertThat(finding(function, COVERAGE_REASON_GUARDDUTY_OFF).detail()).contains("disabled");
        assertThat(finding(function, COVERAGE_REASON_UNSUPPORTED_KIND).detail())
                .endsWith("nothing watches what it does");
    }

    @Test
    void whatWasNotReadIsUnknownWithTheReason() {
        for (DetectorKnowledge unread :
                new DetectorKnowledge[] {
                    null,
                    new DetectorKnowledge(SCOPE, null, null, null, "not authorized"),
                    new DetectorKnowledge(SCOPE, HOUR_AGO, WATCHING, null, "not authorized")
                }) {
            Coverage coverage = decide(Asset.FUNCTION, unread, true);
            assertThat(coverage.unknowns())
                    .extracting(Finding::reason)
                    .containsExactly(COVERAGE_REASON_GUARDDUTY_UNREAD);
            assertThat(coverage.unknowns().getFirst().detail())
                    .contains(unread == null ? "never read" : "not authorized");
            assertThat(coverage.gaps().getFirst().detail())
                    .contains("whether GuardDuty watches it is not known");
            assertThat(decide(Asset.FUNCTION, unread, false).unknowns()).isEmpty();
        }
    }

    @Test
    void whatGuardDutyWatchesIsStillAGapAndSaysByWhat() {
        DetectorKnowledge on = known(WATCHING, null);
        Finding function =
                finding(decide(Asset.FUNCTION, on, true), COVERAGE_REASON_UNSUPPORTED_KIND);
        assertThat(function.detail()).endsWith("(Lambda Protection)");
        assertThat(function.remedy()).doesNotContain("GuardDuty").contains("contain_function");
        Finding task = finding(decide(Asset.TASK, on, true), COVERAGE_REASON_UNSUPPORTED_KIND);
        assertThat(task.detail()).contains("Runtime Monitoring");
        assertThat(task.remedy()).startsWith("run it on EC2").contains("contain_task");
        DetectorKnowledge withoutAgent =
                known(new Detector("ENABLED", Set.of("RUNTIME_MONITORING")), null);
        assertThat(
                        finding(
                                        decide(Asset.TASK, withoutAgent, true),
                                        COVERAGE_REASON_UNSUPPORTED_KIND)
                                .remedy())
                .startsWith("have GuardDuty watch it");
    }

    @Test
    void missingAgentIsClosedByAnActionWhereSystemsManagerReachesALinuxHost() {
        Finding gap = noAgent(node("Online", "Amazon Linux", null), READ);
        assertThat(gap.action())
                .contains(
                        new RemedyAction(
                                "install_agent", "./yagura actions plan install_agent i-1"));
        assertThat(gap.remedy())
                .startsWith("./yagura actions plan install_agent i-1, or run an agent on the host");

        assertThat(noAgent(node("ConnectionLost", "Ubuntu", null), READ).action()).isEmpty();
        assertThat(noAgent(node("Online", "Ubuntu", MINUTE_AGO), READ).action()).isEmpty();
        assertThat(
                        noAgent(
                                        node(
                                                "Online",
                                                "Microsoft Windows Server 2022 Datacenter",
                                                null),
                                        READ)
                                .action())
                .isEmpty();
        assertThat(noAgent(null, READ).action()).isEmpty();
        assertThat(
                        noAgent(
                                        node("Online", "Ubuntu", null),
                                        new NodeKnowledge(SCOPE, HOUR_AGO, HOUR_AGO, ""))
                                .action())
                .isEmpty();
    }

    private static Finding noAgent(@Nullable ManagedNode node, NodeKnowledge nodes) {
        return finding(
                decide(asset(Asset.INSTANCE), node, nodes, known(WATCHING, null), true),
                COVERAGE_REASON_NO_AGENT);
    }

    private static Coverage decide(
            String type, @Nullable DetectorKnowledge guardDuty, boolean required) {
        return decide(asset(type), null, READ, guardDuty, required);
    }

    private static Coverage decide(
            Asset asset,
            @Nullable ManagedNode node,
            NodeKnowledge nodes,
            @Nullable DetectorKnowledge guardDuty,
            boolean required) {
        return CoverageDecision.of(
                new Facts(asset, null, List.of(), node, nodes, "", guardDuty),
                NOW,
                new CoverageConfig(Duration.ofMinutes(15), Optional.empty(), required));
    }

    private static DetectorKnowledge known(Detector detector, @Nullable Instant offSince) {
        return new DetectorKnowledge(SCOPE, MINUTE_AGO, detector, offSince, "");
    }

    private static ManagedNode node(String ping, String platform, @Nullable Instant absent) {
        return new ManagedNode(UUID.randomUUID(), ping, MINUTE_AGO, platform, "", absent);
    }

    private static Asset asset(String type) {
        return new Asset(
                Asset.id(SCOPE, type, "i-1"),
                SCOPE,
                type,
                "i-1",
                "running",
                dev.yagura.proto.inventory.v1.Asset.newBuilder().setLaunchType("FARGATE").build(),
                1,
                MINUTE_AGO,
                null,
                MINUTE_AGO,
                List.of());
    }

    private static List<CoverageReason> reasons(Coverage coverage) {
        return coverage.findings().map(Finding::reason).toList();
    }

    private static Finding finding(Coverage coverage, CoverageReason reason) {
        return coverage.findings()
                .filter(each -> each.reason() == reason)
                .findFirst()
                .orElseThrow();
    }
}
