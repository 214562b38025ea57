package dev.yagura.inventory.coverage;

import static dev.yagura.proto.inventory.v1.CoverageReason.COVERAGE_REASON_AGENT_DUPLICATE;
import static dev.yagura.proto.inventory.v1.CoverageReason.COVERAGE_REASON_AGENT_KEY_SHARED;
import static dev.yagura.proto.inventory.v1.CoverageReason.COVERAGE_REASON_AGENT_OUTDATED;
import static dev.yagura.proto.inventory.v1.CoverageReason.COVERAGE_REASON_AGENT_REVOKED;
import static dev.yagura.proto.inventory.v1.CoverageReason.COVERAGE_REASON_AGENT_SILENT;
import static dev.yagura.proto.inventory.v1.CoverageReason.COVERAGE_REASON_INSTANCE_STALE;
import static dev.yagura.proto.inventory.v1.CoverageReason.COVERAGE_REASON_NOT_RECORDED;
import static dev.yagura.proto.inventory.v1.CoverageReason.COVERAGE_REASON_NO_AGENT;
import static dev.yagura.proto.inventory.v1.CoverageReason.COVERAGE_REASON_SENSOR_DEGRADED;
import static dev.yagura.proto.inventory.v1.CoverageReason.COVERAGE_REASON_SSM_CONNECTION_LOST;
import static dev.yagura.proto.inventory.v1.CoverageReason.COVERAGE_REASON_SSM_NOT_MANAGED;
import static dev.yagura.proto.inventory.v1.CoverageReason.COVERAGE_REASON_SSM_UNREAD;
import static dev.yagura.proto.inventory.v1.CoverageReason.COVERAGE_REASON_UNSUPPORTED_KIND;
import static dev.yagura.proto.inventory.v1.CoverageStanding.COVERAGE_STANDING_GAP;
import static dev.yagura.proto.inventory.v1.CoverageStanding.COVERAGE_STANDING_NOT_RUNNING;
import static dev.yagura.proto.inventory.v1.CoverageStanding.COVERAGE_STANDING_PROTECTED;
import static dev.yagura.proto.inventory.v1.CoverageStanding.COVERAGE_STANDING_UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import dev.yagura.inventory.Enrolling;
import dev.yagura.inventory.agent.Agent;
import dev.yagura.inventory.asset.Asset;
import dev.yagura.inventory.reconcile.ManagedNode;
import dev.yagura.inventory.reconcile.NodeKnowledge;
import dev.yagura.proto.inventory.v1.AgentHealth;
import dev.yagura.proto.type.v1.Scope;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CoverageDecisionTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Instant LAUNCH = NOW.minus(Duration.ofDays(2));
    private static final Instant MINUTE_AGO = NOW.minus(Duration.ofMinutes(1));
    private static final Instant HOUR_AGO = NOW.minus(Duration.ofHours(1));
    private static final Duration STALE_AFTER = Duration.ofMinutes(15);
    private static final Scope SCOPE = Enrolling.scope("100000000071");
    private static final NodeKnowledge READ = new NodeKnowledge(SCOPE, HOUR_AGO, MINUTE_AGO, "");

    @Test
    void instanceWithAReportingAgentAndAnOnlineNodeIsProtected() {
        Coverage coverage = decide(running(), List.of(connected()), online(), READ);
        assertThat(coverage.standing()).isEqualTo(COVERAGE_STANDING_PROTECTED);
        assertThat(coverage.findings()).isEmpty();
        assertThat(coverage.agentId()).isNotNull();
    }

    @Test
    void instanceWithoutAgentAndNodeHasTwoGapsSinceItsStart() {
        Coverage coverage = decide(running(), List.of(), null, READ);
        assertThat(coverage.standing()).isEqualTo(COVERAGE_STANDING_GAP);
        assertThat(coverage.gaps())
                .extracting(Finding::reason, Finding::since)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(COVERAGE_REASON_NO_AGENT, LAUNCH),
                        org.assertj.core.groups.Tuple.tuple(
                                COVERAGE_REASON_SSM_NOT_MANAGED, HOUR_AGO));
        assertThat(coverage.gaps().getFirst().remedy())
                .contains(
                        "./yagura agents enrollment-token --account 100000000071"
                                + " --region ap-northeast-1");
    }

    @Test
    void agentThatIsSilentOrNeverReportedIsAGapSinceItWasHeardOrTheInstanceWasStarted() {
        assertThat(gap(agent(HOUR_AGO, null, null)).since()).isEqualTo(HOUR_AGO);
        assertThat(gap(agent(HOUR_AGO, null, null)).reason())
                .isEqualTo(COVERAGE_REASON_AGENT_SILENT);
        assertThat(gap(agent(null, null, null)).detail())
                .contains("no heartbeat since it enrolled");
        assertThat(gap(agent(LAUNCH.minusSeconds(1), null, null)).since())
                .as("while it was stopped it could not report")
                .isEqualTo(LAUNCH);
    }

    @Test
    void revokedAgentIsAGapUnlessAnotherOneReports() {
        Agent revoked = agent(MINUTE_AGO, null, MINUTE_AGO);
        assertThat(gap(revoked).reason()).isEqualTo(COVERAGE_REASON_AGENT_REVOKED);
        assertThat(gap(revoked).remedy()).contains("enroll --again");
        assertThat(decide(running(), List.of(revoked, connected()), online(), READ).standing())
                .isEqualTo(COVERAGE_STANDING_PROTECTED);
    }

    @Test
    void connectedAgentThatNamesProblemsIsDegradedSinceTheyBegan() {
        Finding gap = gap(agent(NOW, HOUR_AGO, null));
        assertThat(gap.reason()).isEqualTo(COVERAGE_REASON_SENSOR_DEGRADED);
        assertThat(gap.since()).isEqualTo(HOUR_AGO);
        assertThat(gap.detail()).contains("disk full");
    }

    @Test
    void nodeThatIsLostOrGoneIsAGap() {
        Finding lost =
                node(new ManagedNode(UUID.randomUUID(), "ConnectionLost", HOUR_AGO, "", "", null));
        assertThat(lost.reason()).isEqualTo(COVERAGE_REASON_SSM_CONNECTION_LOST);
        assertThat(lost.since()).isEqualTo(HOUR_AGO);
        Finding gone = node(new ManagedNode(UUID.randomUUID(), "Online", NOW, "", "", MINUTE_AGO));
        assertThat(gone.reason()).isEqualTo(COVERAGE_REASON_SSM_NOT_MANAGED);
        assertThat(gone.since()).isEqualTo(MINUTE_AGO);
    }

    @Test
    void instanceThatIsNotRunningHasNoGap() {
        for (String state : List.of("stopped", "stopping", "pending", "shutting-down")) {
            Coverage coverage = decide(instance(state, MINUTE_AGO, LAUNCH), List.of(), null, READ);
            assertThat(coverage.standing()).as(state).isEqualTo(COVERAGE_STANDING_NOT_RUNNING);
            assertThat(coverage.findings()).isEmpty();
        }
    }

    @Test
    void whatWasNotReadOfSystemsManagerIsUnknownNeitherGapNorProtection() {
        NodeKnowledge never = new NodeKnowledge(SCOPE, null, null, "not authorized");
        NodeKnowledge stale = new NodeKnowledge(SCOPE, HOUR_AGO, HOUR_AGO, "");
        for (NodeKnowledge nodes : new NodeKnowledge[] {null, never, stale}) {
            Coverage coverage = decide(running(), List.of(connected()), online(), nodes);
            assertThat(coverage.standing()).isEqualTo(COVERAGE_STANDING_UNKNOWN);
            assertThat(coverage.gaps()).isEmpty();
            assertThat(coverage.unknowns())
                    .extracting(Finding::reason)
                    .containsExactly(COVERAGE_REASON_SSM_UNREAD);
        }
        assertThat(
                        decide(running(), List.of(connected()), null, never)
                                .unknowns()
                                .getFirst()
                                .detail())
                .contains("never read: not authorized");
        Coverage started =
                decide(
                        instance("running", NOW, MINUTE_AGO.plusSeconds(1)),
                        List.of(connected()),
                        null,
                        READ);
        assertThat(started.standing()).isEqualTo(COVERAGE_STANDING_UNKNOWN);
        assertThat(started.unknowns().getFirst().since()).isEqualTo(MINUTE_AGO.plusSeconds(1));
    }

    @Test
    void instanceThatWasNotReadLatelyIsUnknownAndOnlyALiveAgentHasGaps() {
        Asset stale = instance("running", HOUR_AGO, LAUNCH);
        for (List<Agent> agents :
                List.of(
                        List.<Agent>of(),
                        List.of(agent(HOUR_AGO, null, null)),
                        List.of(connected()))) {
            Coverage coverage = decide(stale, agents, online(), READ);
            assertThat(coverage.standing()).isEqualTo(COVERAGE_STANDING_UNKNOWN);
            assertThat(coverage.unknowns())
                    .extracting(Finding::reason)
                    .containsExactly(COVERAGE_REASON_INSTANCE_STALE);
        }
        assertThat(decide(stale, List.of(agent(NOW, NOW, null)), online(), READ).gaps())
                .extracting(Finding::reason)
                .containsExactly(COVERAGE_REASON_SENSOR_DEGRADED);
        assertThat(decide(instance("stopped", HOUR_AGO, LAUNCH), List.of(), null, READ).standing())
                .isEqualTo(COVERAGE_STANDING_UNKNOWN);
    }

    @Test
    void hostOutsideEc2NeedsAnAgentOnly() {
        Asset host = asset(Asset.HOST, "", HOUR_AGO, null);
        assertThat(decide(host, List.of(connected()), null, null).standing())
                .isEqualTo(COVERAGE_STANDING_PROTECTED);
        assertThat(decide(host, List.of(agent(HOUR_AGO, null, null)), null, null).gaps())
                .extracting(Finding::reason)
                .containsExactly(COVERAGE_REASON_AGENT_SILENT);
    }

    @Test
    void taskOnAnInstanceIsAsProtectedAsItsHostByTheAgentOfThat() {
        Asset task = workload(Asset.TASK, "running", "EC2", MINUTE_AGO);
        assertThat(onHost(task, running(), connected()).standing())
                .isEqualTo(COVERAGE_STANDING_PROTECTED);
        Finding silent = only(onHost(task, running(), agent(HOUR_AGO, null, null)));
        assertThat(silent.reason()).isEqualTo(COVERAGE_REASON_AGENT_SILENT);
        assertThat(silent.detail()).startsWith("its host i-1: ");
        assertThat(onHost(task, instance("running", HOUR_AGO, LAUNCH), connected()).unknowns())
                .extracting(Finding::reason)
                .containsExactly(COVERAGE_REASON_INSTANCE_STALE);
        assertThat(decide(task, List.of(), null, READ).unknowns())
                .extracting(Finding::reason)
                .containsExactly(COVERAGE_REASON_INSTANCE_STALE);
        Asset stale = workload(Asset.TASK, "running", "EC2", HOUR_AGO);
        assertThat(onHost(stale, running(), agent(NOW, NOW, null)).findings())
                .extracting(Finding::reason)
                .containsExactly(COVERAGE_REASON_INSTANCE_STALE);
    }

    @Test
    void whatCannotRunAnAgentIsAGap() {
        Finding task = only(alone(workload(Asset.TASK, "running", "FARGATE", MINUTE_AGO)));
        assertThat(task.reason()).isEqualTo(COVERAGE_REASON_UNSUPPORTED_KIND);
        assertThat(task.since()).isEqualTo(LAUNCH);
        assertThat(task.remedy()).contains("GuardDuty").contains("contain_task --cluster");
        Finding function = only(alone(workload(Asset.FUNCTION, "", "", MINUTE_AGO)));
        assertThat(function.reason()).isEqualTo(COVERAGE_REASON_UNSUPPORTED_KIND);
        assertThat(function.remedy()).contains("contain_function --function i-1 --account");
        assertThat(alone(workload(Asset.TASK, "pending", "FARGATE", MINUTE_AGO)).standing())
                .isEqualTo(COVERAGE_STANDING_NOT_RUNNING);
        assertThat(alone(workload(Asset.FUNCTION, "", "", HOUR_AGO)).standing())
                .isEqualTo(COVERAGE_STANDING_UNKNOWN);
    }

    @Test
    void agentThatIsOlderThanTheMinimumIsAGap() {
        Facts facts = new Facts(running(), null, List.of(connected()), online(), READ, "", null);
        for (String minimum : List.of("", "1.0", "1.0.0", "0.9.12")) {
            assertThat(decide(facts, minimum).findings()).as(minimum).isEmpty();
        }
        for (String minimum : List.of("1.0.1", "1.1", "2.0.0-SNAPSHOT", "10.0")) {
            Finding outdated = only(decide(facts, minimum));
            assertThat(outdated.reason()).isEqualTo(COVERAGE_REASON_AGENT_OUTDATED);
            assertThat(outdated.detail()).contains("'1.0', older than " + minimum);
        }
    }

    @Test
    void whatAwsConfigDoesNotRecordAroundAHostIsUnknown() {
        Coverage coverage =
                decide(
                        new Facts(
                                running(),
                                null,
                                List.of(connected()),
                                online(),
                                READ,
                                "AWS Config does not record AWS::EC2::Subnet: it is stopped",
                                null),
                        "");
        assertThat(coverage.standing()).isEqualTo(COVERAGE_STANDING_UNKNOWN);
        assertThat(coverage.unknowns().getFirst().reason()).isEqualTo(COVERAGE_REASON_NOT_RECORDED);
        assertThat(coverage.unknowns().getFirst().remedy())
                .contains("--scope aws:100000000071:ap-northeast-1");
    }

    private static Coverage onHost(Asset task, Asset host, Agent agent) {
        return decide(new Facts(task, host, List.of(agent), null, READ, "", null), "");
    }

    private static Coverage alone(Asset asset) {
        return decide(asset, List.of(), null, READ);
    }

    private static Asset workload(String type, String state, String launchType, Instant read) {
        return asset(
                type,
                state,
                read,
                launchType.isEmpty() ? null : LAUNCH,
                dev.yagura.proto.inventory.v1.Asset.newBuilder().setLaunchType(launchType));
    }

    private static Finding gap(Agent agent) {
        return only(decide(running(), List.of(agent), online(), READ));
    }

    private static Finding node(ManagedNode node) {
        return only(decide(running(), List.of(connected()), node, READ));
    }

    private static Finding only(Coverage coverage) {
        assertThat(coverage.standing()).isEqualTo(COVERAGE_STANDING_GAP);
        assertThat(coverage.findings()).hasSize(1);
        return coverage.gaps().getFirst();
    }

    private static Coverage decide(
            Asset asset,
            List<Agent> agents,
            @Nullable ManagedNode node,
            @Nullable NodeKnowledge nodes) {
        return decide(new Facts(asset, null, agents, node, nodes, "", null), "");
    }

    private static Coverage decide(Facts facts, String minAgentVersion) {
        return CoverageDecision.of(
                facts,
                NOW,
                new CoverageConfig(STALE_AFTER, AgentVersion.parse(minAgentVersion), false));
    }

    private static Asset running() {
        return instance("running", MINUTE_AGO, LAUNCH);
    }

    private static Asset instance(String state, Instant observed, Instant launched) {
        return asset(Asset.INSTANCE, state, observed, launched);
    }

    private static Asset asset(
            String type, String state, Instant observed, @Nullable Instant launched) {
        return asset(
                type, state, observed, launched, dev.yagura.proto.inventory.v1.Asset.newBuilder());
    }

    private static Asset asset(
            String type,
            String state,
            Instant observed,
            @Nullable Instant launched,
            dev.yagura.proto.inventory.v1.Asset.Builder description) {
        if (launched != null) {
            description.setLaunchTime(Timestamp.newBuilder().setSeconds(launched.getEpochSecond()));
        }
        return new Asset(
                Asset.id(SCOPE, type, "i-1"),
                SCOPE,
                type,
                "i-1",
                state,
                description.build(),
                1,
                observed,
                null,
                observed,
                List.of());
    }

    private static ManagedNode online() {
        return new ManagedNode(UUID.randomUUID(), "Online", MINUTE_AGO, "", "", null);
    }

    @Test
    void twoAgentsThatGoOnReportingAreAGap() {
        Agent first = identified(true, HOUR_AGO, MINUTE_AGO, null);
        Agent second = identified(false, NOW.minus(Duration.ofMinutes(30)), NOW, null);
        Coverage coverage = decide(running(), List.of(first, second), online(), READ);
        assertThat(coverage.agentId()).as("the proven one speaks").isEqualTo(first.id());
        assertThat(coverage.gaps())
                .singleElement()
                .satisfies(gap -> {
                    assertThat(gap.reason()).isEqualTo(COVERAGE_REASON_AGENT_DUPLICATE);
                    assertThat(gap.since()).isEqualTo(second.enrollTime());
                    assertThat(gap.detail())
                            .contains(
                                    first.id().toString(),
                                    second.id() + " (not proven)",
                                    "report for it");
                    assertThat(gap.remedy()).contains("agents revoke");
                });
    }

    @Test
    void agentThatEnrolledAgainIsNoSecondOne() {
        Agent before = identified(true, HOUR_AGO, MINUTE_AGO, null);
        Agent after = identified(true, NOW.minusSeconds(50), NOW, null);
        assertThat(decide(running(), List.of(before, after), online(), READ).standing())
                .isEqualTo(COVERAGE_STANDING_PROTECTED);
    }

    @Test
    void unprovenAgentDoesNotHideTheSilenceOfAProvenOne() {
        Agent silent = identified(true, LAUNCH, HOUR_AGO, null);
        Agent other = identified(false, MINUTE_AGO, NOW, null);
        Coverage coverage = decide(running(), List.of(silent, other), online(), READ);
        assertThat(coverage.agentId()).isEqualTo(silent.id());
        assertThat(coverage.gaps())
                .extracting(Finding::reason)
                .containsExactly(COVERAGE_REASON_AGENT_SILENT);
    }

    @Test
    void keyOfSeveralHostsIsAGap() {
        Finding gap = gap(identified(true, LAUNCH, NOW, HOUR_AGO));
        assertThat(gap.reason()).isEqualTo(COVERAGE_REASON_AGENT_KEY_SHARED);
        assertThat(gap.since()).isEqualTo(HOUR_AGO);
        assertThat(gap.remedy()).contains("yagura-agent enroll");
    }

    private static Agent identified(
            boolean proven, Instant enrolled, Instant heard, @Nullable Instant shared) {
        return new Agent(
                UUID.randomUUID(),
                UUID.randomUUID(),
                SCOPE,
                UUID.randomUUID(),
                "",
                new Agent.Machine("i-1", "web-1", "linux", ""),
                proven,
                "1.0",
                enrolled,
                NOW,
                heard,
                AgentHealth.getDefaultInstance(),
                null,
                shared,
                null,
                "",
                false,
                NOW);
    }

    private static Agent connected() {
        return agent(NOW, null, null);
    }

    private static Agent agent(
            @Nullable Instant heard, @Nullable Instant degraded, @Nullable Instant revoked) {
        AgentHealth.Builder health = AgentHealth.newBuilder();
        if (degraded != null) {
            health.addProblems("the spool cannot grow: disk full");
        }
        return new Agent(
                UUID.randomUUID(),
                UUID.randomUUID(),
                SCOPE,
                UUID.randomUUID(),
                "",
                new Agent.Machine("i-1", "web-1", "linux", ""),
                false,
                "1.0",
                HOUR_AGO,
                NOW,
                heard,
                health.build(),
                degraded,
                null,
                revoked,
                revoked == null ? "" : "host rebuilt",
                false,
                NOW);
    }
}
