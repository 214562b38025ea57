package dev.yagura.inventory.reconcile;

import static dev.yagura.proto.inventory.v1.CoverageReason.COVERAGE_REASON_NOT_RECORDED;
import static dev.yagura.proto.inventory.v1.CoverageReason.COVERAGE_REASON_NO_AGENT;
import static dev.yagura.proto.inventory.v1.CoverageReason.COVERAGE_REASON_UNSUPPORTED_KIND;
import static dev.yagura.proto.inventory.v1.CoverageStanding.COVERAGE_STANDING_GAP;
import static dev.yagura.proto.inventory.v1.CoverageStanding.COVERAGE_STANDING_PROTECTED;
import static dev.yagura.proto.inventory.v1.CoverageStanding.COVERAGE_STANDING_UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.inventory.Enrolling;
import dev.yagura.inventory.InventoryService;
import dev.yagura.inventory.Reporting;
import dev.yagura.proto.inventory.v1.AssetCoverage;
import dev.yagura.proto.inventory.v1.CoverageFilter;
import dev.yagura.proto.inventory.v1.CoverageServiceGrpc;
import dev.yagura.proto.inventory.v1.CoverageSummary;
import dev.yagura.proto.inventory.v1.EnrollAgentResponse;
import dev.yagura.proto.inventory.v1.GetCoverageSummaryRequest;
import dev.yagura.proto.inventory.v1.ListCoverageRequest;
import dev.yagura.proto.type.v1.Scope;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Coverage through the API of what is no host, and of what surrounds hosts. */
class WorkloadCoverageTest {
    @RegisterExtension static final InventoryService SERVICE = new InventoryService();

    @RegisterExtension static final SandboxAccount SANDBOX = new SandboxAccount(SERVICE);

    private static final String ACCOUNT = SandboxAccount.ACCOUNT;
    private static final Scope SCOPE = SandboxAccount.SCOPE;
    private static final String WEB = "i-085b07764feced695";
    private static final String APP = "i-083dc41ecd9ab1b98";

    @BeforeEach
    void setClock() {
        SandboxAccount.setClockAhead();
    }

    @Test
    void tasksAndFunctionsAreInTheLedgerToo() throws Exception {
        readHosts();
        read("AWS::ECS::Task");
        read("AWS::Lambda::Function");

        assertThat(ofType("AWS::Lambda::Function"))
                .hasSizeGreaterThan(5)
                .allSatisfy(each -> {
                    assertThat(each.getStanding()).isEqualTo(COVERAGE_STANDING_GAP);
                    assertThat(each.getGaps(0).getReason())
                            .isEqualTo(COVERAGE_REASON_UNSUPPORTED_KIND);
                    assertThat(each.getGaps(0).getRemedy())
                            .contains("contain_function --function " + each.getNativeId());
                });
        List<AssetCoverage> fargate =
                matching(
                        CoverageFilter.newBuilder()
                                .setReason(COVERAGE_REASON_UNSUPPORTED_KIND)
                                .setExpression("resource_type = \"AWS::ECS::Task\"")
                                .build());
        assertThat(fargate)
                .hasSize(3)
                .allSatisfy(each ->
                        assertThat(each.getGaps(0).getRemedy())
                                .contains("contain_task --cluster shop --task 0000"));
        AssetCoverage worker =
                ofType("AWS::ECS::Task").stream()
                        .filter(each -> !fargate.contains(each))
                        .findFirst()
                        .orElseThrow();
        assertThat(worker.getGaps(0).getReason()).isEqualTo(COVERAGE_REASON_NO_AGENT);
        assertThat(worker.getGaps(0).getDetail()).startsWith("its host " + APP);

        EnrollAgentResponse agent = enroll(APP);
        Reporting.report(SERVICE, agent);
        assertThat(the(worker.getNativeId()).getStanding()).isEqualTo(COVERAGE_STANDING_PROTECTED);
        assertThat(the(worker.getNativeId()).getAgent()).isEqualTo("agents/" + agent.getAgentId());
        assertThat(summary().getTypesList())
                .anySatisfy(each -> {
                    assertThat(each.getResourceType()).isEqualTo("AWS::ECS::Task");
                    assertThat(each.getProtected()).isEqualTo(1);
                    assertThat(each.getGap()).isEqualTo(3);
                });
        assertThat(summary().getScopes(0).hasTasksReadTime()).isTrue();
    }

    @Test
    void whatAwsConfigDoesNotRecordAroundAHostIsSaid() throws Exception {
        readHosts();
        Reporting.report(SERVICE, enroll(WEB));
        SANDBOX.control().recorder().stop();
        assertThat(read("AWS::EC2::Subnet")).isEqualTo(ScopeReader.Outcome.NOT_RECORDED);
        assertThat(the(WEB).getStanding()).isEqualTo(COVERAGE_STANDING_UNKNOWN);
        assertThat(the(WEB).getUnknowns(0).getReason()).isEqualTo(COVERAGE_REASON_NOT_RECORDED);
        assertThat(the(WEB).getUnknowns(0).getDetail())
                .contains("AWS::EC2::Subnet")
                .contains("is stopped; start it");
    }

    private static List<AssetCoverage> ofType(String type) {
        return matching(
                CoverageFilter.newBuilder()
                        .setExpression("resource_type = \"" + type + "\"")
                        .build());
    }

    private static void readHosts() {
        read(SandboxAccount.INSTANCE);
        SANDBOX.readNodes();
    }

    private static ScopeReader.Outcome read(String type) {
        SANDBOX.makeDue();
        return SANDBOX.read(type);
    }

    private static EnrollAgentResponse enroll(String instance) {
        return Enrolling.enroll(
                SERVICE.anonymous(),
                Enrolling.request(
                        Enrolling.token(SERVICE.admin(), SCOPE, 1),
                        Enrolling.signingRequest(),
                        instance));
    }

    private static AssetCoverage the(String nativeId) {
        return matching(CoverageFilter.getDefaultInstance()).stream()
                .filter(each -> each.getNativeId().equals(nativeId))
                .findFirst()
                .orElseThrow();
    }

    private static List<AssetCoverage> matching(CoverageFilter filter) {
        return CoverageServiceGrpc.newBlockingStub(SERVICE.admin(ACCOUNT))
                .listCoverage(
                        ListCoverageRequest.newBuilder().setPageSize(500).setFilter(filter).build())
                .getCoverageList();
    }

    private static CoverageSummary summary() {
        return CoverageServiceGrpc.newBlockingStub(SERVICE.admin(ACCOUNT))
                .getCoverageSummary(GetCoverageSummaryRequest.getDefaultInstance());
    }
}
