package dev.yagura.inventory.reconcile;

import static dev.yagura.proto.inventory.v1.CoverageReason.COVERAGE_REASON_AGENT_REVOKED;
import static dev.yagura.proto.inventory.v1.CoverageReason.COVERAGE_REASON_AGENT_SILENT;
import static dev.yagura.proto.inventory.v1.CoverageReason.COVERAGE_REASON_INSTANCE_STALE;
import static dev.yagura.proto.inventory.v1.CoverageReason.COVERAGE_REASON_NO_AGENT;
import static dev.yagura.proto.inventory.v1.CoverageReason.COVERAGE_REASON_SENSOR_DEGRADED;
import static dev.yagura.proto.inventory.v1.CoverageReason.COVERAGE_REASON_SSM_CONNECTION_LOST;
import static dev.yagura.proto.inventory.v1.CoverageReason.COVERAGE_REASON_SSM_NOT_MANAGED;
import static dev.yagura.proto.inventory.v1.CoverageReason.COVERAGE_REASON_SSM_UNREAD;
import static dev.yagura.proto.inventory.v1.CoverageStanding.COVERAGE_STANDING_GAP;
import static dev.yagura.proto.inventory.v1.CoverageStanding.COVERAGE_STANDING_NOT_RUNNING;
import static dev.yagura.proto.inventory.v1.CoverageStanding.COVERAGE_STANDING_PROTECTED;
import static dev.yagura.proto.inventory.v1.CoverageStanding.COVERAGE_STANDING_UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Duration;
import dev.yagura.inventory.Enrolling;
import dev.yagura.inventory.InventoryService;
import dev.yagura.inventory.Reporting;
import dev.yagura.inventory.TestClock;
import dev.yagura.proto.inventory.v1.AgentServiceGrpc;
import dev.yagura.proto.inventory.v1.AssetCoverage;
import dev.yagura.proto.inventory.v1.CoverageFilter;
import dev.yagura.proto.inventory.v1.CoverageFinding;
import dev.yagura.proto.inventory.v1.CoverageReason;
import dev.yagura.proto.inventory.v1.CoverageServiceGrpc;
import dev.yagura.proto.inventory.v1.CoverageSummary;
import dev.yagura.proto.inventory.v1.EnrollAgentResponse;
import dev.yagura.proto.inventory.v1.GetCoverageSummaryRequest;
import dev.yagura.proto.inventory.v1.ListCoverageRequest;
import dev.yagura.proto.inventory.v1.ListCoverageResponse;
import dev.yagura.proto.inventory.v1.RevokeAgentRequest;
import dev.yagura.proto.type.v1.Scope;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Coverage through the API: EC2 and Systems Manager of the sandbox, agents that report. */
class CoverageTest {
    @RegisterExtension static final InventoryService SERVICE = new InventoryService();

    @RegisterExtension static final SandboxAccount SANDBOX = new SandboxAccount(SERVICE);

    private static final String ACCOUNT = SandboxAccount.ACCOUNT;
    private static final Scope SCOPE = SandboxAccount.SCOPE;
    private static final String DESCRIBE = "ssm:DescribeInstanceInformation";
    private static final String WEB = "i-085b07764feced695";
    private static final String APP = "i-083dc41ecd9ab1b98";
    private static final String DATABASE = "i-02d59893435baed09";
    private static final String UNMANAGED = "i-0aaaaaaaaaaaaaa01";

    @BeforeEach
    void setClock() {
        SandboxAccount.setClockAhead();
    }

    @Test
    void standingFollowsTheAgentAndSystemsManager() throws Exception {
        readInstances();
        assertThat(the(WEB).getStanding()).isEqualTo(COVERAGE_STANDING_GAP);
        assertThat(reasons(WEB)).containsExactly(COVERAGE_REASON_NO_AGENT);
        assertThat(the(WEB).getUnknownsList())
                .extracting(CoverageFinding::getReason)
                .containsExactly(COVERAGE_REASON_SSM_UNREAD);

        EnrollAgentResponse agent = enroll(WEB);
        assertThat(reasons(WEB)).containsExactly(COVERAGE_REASON_AGENT_SILENT);
        report(agent);
        assertThat(the(WEB).getStanding()).isEqualTo(COVERAGE_STANDING_UNKNOWN);

        readNodes();
        assertThat(the(WEB).getStanding()).isEqualTo(COVERAGE_STANDING_PROTECTED);
        assertThat(the(WEB).getAgent()).isEqualTo("agents/" + agent.getAgentId());
        assertThat(reasons(APP)).containsExactly(COVERAGE_REASON_NO_AGENT);
        assertThat(the(APP).getOwner()).isEqualTo("shop");
        assertThat(the(APP).getEnvironment()).isEqualTo("production");
        assertThat(reasons(UNMANAGED))
                .containsExactly(COVERAGE_REASON_NO_AGENT, COVERAGE_REASON_SSM_NOT_MANAGED);
        CoverageSummary summary = summary(ACCOUNT, ACCOUNT);
        assertThat(summary.getProtected()).isEqualTo(1);
        assertThat(summary.getGap()).isEqualTo(SandboxCloud.INSTANCES - 1);
        assertThat(summary.getUnknown() + summary.getNotRunning()).isZero();
        assertThat(summary.getReasonsList())
                .anySatisfy(each -> {
                    assertThat(each.getReason()).isEqualTo(COVERAGE_REASON_SSM_NOT_MANAGED);
                    assertThat(each.getAssets()).isEqualTo(SandboxCloud.INSTANCES - 3);
                });

        report(agent, "audit.log cannot be read");
        Instant began = TestClock.CLOCK.instant();
        TestClock.CLOCK.advance(java.time.Duration.ofSeconds(30));
        report(agent, "audit.log cannot be read");
        assertThat(reasons(WEB)).containsExactly(COVERAGE_REASON_SENSOR_DEGRADED);
        assertThat(the(WEB).getGaps(0).getDetail()).contains("audit.log");
        assertThat(the(WEB).getGaps(0).getSince().getSeconds()).isEqualTo(began.getEpochSecond());
        report(agent);
        assertThat(the(WEB).getStanding()).isEqualTo(COVERAGE_STANDING_PROTECTED);

        TestClock.CLOCK.advance(java.time.Duration.ofSeconds(91));
        assertThat(reasons(WEB)).containsExactly(COVERAGE_REASON_AGENT_SILENT);
        AgentServiceGrpc.newBlockingStub(SERVICE.admin())
                .revokeAgent(
                        RevokeAgentRequest.newBuilder()
                                .setName("agents/" + agent.getAgentId())
                                .setReason("host rebuilt")
                                .build());
        assertThat(reasons(WEB)).containsExactly(COVERAGE_REASON_AGENT_REVOKED);
        assertThat(the(WEB).getGaps(0).getDetail()).contains("host rebuilt");
    }

    @Test
    void stoppedInstanceHasNoGapAndOneThatIsNotReadIsUnknown() {
        SANDBOX.control().freezeClock();
        SANDBOX.control().stop(APP);
        SANDBOX.control().advance(java.time.Duration.ofMinutes(1));
        readInstances();
        readNodes();
        assertThat(the(APP).getStanding()).isEqualTo(COVERAGE_STANDING_NOT_RUNNING);
        assertThat(the(APP).getInstanceState()).isEqualTo("stopped");
        assertThat(reasons(APP)).isEmpty();
        assertThat(summary(ACCOUNT, "").getNotRunning()).isEqualTo(1);

        TestClock.CLOCK.advance(java.time.Duration.ofMinutes(16));
        assertThat(listed(ListCoverageRequest.getDefaultInstance()).getCoverageList())
                .hasSize(SandboxCloud.INSTANCES)
                .allSatisfy(each -> {
                    assertThat(each.getStanding()).isEqualTo(COVERAGE_STANDING_UNKNOWN);
                    assertThat(each.getUnknowns(0).getReason())
                            .isEqualTo(COVERAGE_REASON_INSTANCE_STALE);
                });
        assertThat(summary(ACCOUNT, "").getUnknown()).isEqualTo(SandboxCloud.INSTANCES);
    }

    @Test
    void connectionThatIsLostIsAGapAndANodeThatIsGoneIsRemembered() {
        SANDBOX.control().freezeClock();
        SANDBOX.control().setAgentRunning(WEB, false);
        SANDBOX.control().advance(java.time.Duration.ofMinutes(6));
        readInstances();
        readNodes();
        assertThat(reasons(WEB))
                .containsExactly(COVERAGE_REASON_NO_AGENT, COVERAGE_REASON_SSM_CONNECTION_LOST);
        assertThat(reasons(DATABASE)).containsExactly(COVERAGE_REASON_NO_AGENT);

        TestClock.CLOCK.advance(java.time.Duration.ofMinutes(1));
        Instant asked = TestClock.CLOCK.instant();
        SERVICE.bean(NodeStore.class).replace(SCOPE, List.of(), asked);
        assertThat(reasons(WEB))
                .containsExactly(COVERAGE_REASON_NO_AGENT, COVERAGE_REASON_SSM_NOT_MANAGED);
        assertThat(the(WEB).getGaps(1).getSince().getSeconds()).isEqualTo(asked.getEpochSecond());
        // What an older reading still wants to say is not heard.
        SERVICE.bean(NodeStore.class)
                .replace(SCOPE, SANDBOX.nodes().nodes(SCOPE).values(), asked.minusSeconds(1));
        assertThat(reasons(WEB)).contains(COVERAGE_REASON_SSM_NOT_MANAGED);
        readNodes();
        assertThat(reasons(DATABASE)).containsExactly(COVERAGE_REASON_NO_AGENT);
    }

    @Test
    void systemsManagerThatFailsFailsNoReadingAndSaysSo() throws Exception {
        readInstances();
        readNodes();
        report(enroll(WEB));
        SANDBOX.control()
                .planFault(
                        Map.of(
                                "operation",
                                DESCRIBE,
                                "kind",
                                "error",
                                "code",
                                "AccessDeniedException",
                                "status",
                                400,
                                "times",
                                1000));
        readInstances();
        readNodes();
        assertThat(the(WEB).getStanding()).isEqualTo(COVERAGE_STANDING_PROTECTED);
        assertThat(summary(ACCOUNT, "").getScopes(0).getSsmFailure()).contains("planned");
        assertThat(summary(ACCOUNT, "").getScopes(0).hasInstancesReadTime()).isTrue();

        TestClock.CLOCK.advance(java.time.Duration.ofMinutes(16));
        readInstances();
        readNodes();
        assertThat(the(WEB).getUnknownsList())
                .extracting(CoverageFinding::getReason)
                .containsExactly(COVERAGE_REASON_SSM_UNREAD);
        assertThat(the(WEB).getUnknowns(0).getDetail()).contains("planned");
        SANDBOX.control().clearFaults();
        readNodes();
        assertThat(the(WEB).getUnknownsList()).isEmpty();
        assertThat(summary(ACCOUNT, "").getScopes(0).getSsmFailure()).isEmpty();
        assertThat(Files.readString(Path.of("../deploy/policies/inventory.json")))
                .contains("\"" + DESCRIBE + "\"");
    }

    @Test
    void pagesFiltersAndAccounts() {
        readInstances();
        readNodes();
        List<String> seen = new ArrayList<>();
        ListCoverageRequest request = ListCoverageRequest.newBuilder().setPageSize(5).build();
        ListCoverageResponse page;
        do {
            page = listed(request);
            page.getCoverageList().forEach(each -> seen.add(each.getAsset()));
            request = request.toBuilder().setPageToken(page.getNextPageToken()).build();
        } while (!page.getNextPageToken().isEmpty());
        assertThat(seen).hasSize(SandboxCloud.INSTANCES).doesNotHaveDuplicates().isSorted();

        CoverageFilter unmanaged =
                CoverageFilter.newBuilder().setReason(COVERAGE_REASON_SSM_NOT_MANAGED).build();
        String token = listed(page(unmanaged).setPageSize(4).build()).getNextPageToken();
        assertThat(
                        listed(page(unmanaged).setPageSize(4).setPageToken(token).build())
                                .getCoverageList())
                .hasSize(4)
                .allSatisfy(each -> assertThat(each.getNativeId()).startsWith("i-0aaaaaaaaaaaaaa"));
        TestClock.CLOCK.advance(java.time.Duration.ofMinutes(10));
        CoverageFilter.Builder aged = unmanaged.toBuilder();
        assertThat(matching(aged.setMinAge(minutes(9)).build())).hasSize(9);
        assertThat(matching(aged.setMinAge(minutes(60)).build())).isEmpty();
        assertThat(matching(CoverageFilter.newBuilder().setAccountId(ACCOUNT).build()))
                .hasSize(SandboxCloud.INSTANCES);
        assertThat(matching(CoverageFilter.newBuilder().setAccountId("999999999999").build()))
                .isEmpty();
        assertThat(summary("999999999999", ""))
                .satisfies(each -> {
                    assertThat(each.getGap()).isZero();
                    assertThat(each.getScopesList()).isEmpty();
                });
        assertThat(summary("999999999999", ACCOUNT))
                .isEqualTo(CoverageSummary.getDefaultInstance());

        assertThatThrownBy(() -> listed(page(aged.build()).setPageToken(token).build()))
                .hasMessageContaining("page_token");
        assertThatThrownBy(() -> matching(CoverageFilter.newBuilder().setAccountId("12").build()))
                .hasMessageContaining("filter.account_id");
        assertThatThrownBy(() -> matching(aged.setMinAge(minutes(-1)).build()))
                .hasMessageContaining("filter.min_age");
        assertThatThrownBy(() -> matching(CoverageFilter.newBuilder().setReasonValue(99).build()))
                .hasMessageContaining("filter.reason");
    }

    private static void readInstances() {
        SANDBOX.makeDue();
        assertThat(SANDBOX.read(SandboxAccount.INSTANCE)).isEqualTo(ScopeReader.Outcome.COMPLETE);
    }

    private static void readNodes() {
        TestClock.CLOCK.advance(java.time.Duration.ofMillis(10));
        SANDBOX.readNodes();
    }

    private static EnrollAgentResponse enroll(String instance) {
        return Enrolling.enroll(
                SERVICE.anonymous(),
                Enrolling.request(
                        Enrolling.token(SERVICE.admin(), SCOPE, 1),
                        Enrolling.signingRequest(),
                        instance));
    }

    private static void report(EnrollAgentResponse agent, String... problems) throws Exception {
        Reporting.report(SERVICE, agent, problems);
    }

    private static AssetCoverage the(String instance) {
        return listed(ListCoverageRequest.newBuilder().setPageSize(500).build())
                .getCoverageList()
                .stream()
                .filter(each -> each.getNativeId().equals(instance))
                .findFirst()
                .orElseThrow();
    }

    private static List<CoverageReason> reasons(String instance) {
        return the(instance).getGapsList().stream().map(CoverageFinding::getReason).toList();
    }

    private static ListCoverageRequest.Builder page(CoverageFilter filter) {
        return ListCoverageRequest.newBuilder().setFilter(filter);
    }

    private static List<AssetCoverage> matching(CoverageFilter filter) {
        return listed(page(filter).build()).getCoverageList();
    }

    private static ListCoverageResponse listed(ListCoverageRequest request) {
        return CoverageServiceGrpc.newBlockingStub(SERVICE.admin(ACCOUNT)).listCoverage(request);
    }

    private static CoverageSummary summary(String caller, String account) {
        return CoverageServiceGrpc.newBlockingStub(SERVICE.admin(caller))
                .getCoverageSummary(
                        GetCoverageSummaryRequest.newBuilder().setAccountId(account).build());
    }

    private static Duration minutes(int minutes) {
        return Duration.newBuilder().setSeconds(minutes * 60L).build();
    }
}
