package dev.yagura.inventory.reconcile;

import static dev.yagura.proto.inventory.v1.CoverageReason.COVERAGE_REASON_GUARDDUTY_OFF;
import static dev.yagura.proto.inventory.v1.CoverageReason.COVERAGE_REASON_GUARDDUTY_UNREAD;
import static dev.yagura.proto.inventory.v1.CoverageReason.COVERAGE_REASON_NO_AGENT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.inventory.Enrolling;
import dev.yagura.inventory.InventoryService;
import dev.yagura.inventory.TestClock;
import dev.yagura.inventory.asset.AssetSet;
import dev.yagura.inventory.coverage.StrictLedger;
import dev.yagura.proto.inventory.v1.AssetCoverage;
import dev.yagura.proto.inventory.v1.CoverageFinding;
import dev.yagura.proto.inventory.v1.CoverageReason;
import dev.yagura.proto.type.v1.Scope;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** GuardDuty of the sandbox, read with the product's role, in the ledger. */
class GuardDutyCoverageTest {
    @RegisterExtension static final InventoryService SERVICE = new InventoryService();

    private static final String ACCOUNT = "111122223333";
    private static final Scope SCOPE = Enrolling.scope(ACCOUNT);
    private static final String WEB = "i-085b07764feced695";
    private static final String FUNCTION = "shop-mail";

    private static SandboxCloud cloud;

    private DetectorReader reader;
    private StrictLedger ledger;

    @BeforeAll
    static void startCloud() throws Exception {
        cloud = new SandboxCloud();
    }

    @AfterAll
    static void stopCloud() throws Exception {
        cloud.close();
    }

    @BeforeEach
    void readAssets() {
        SERVICE.postgres()
                .execute(
                        "DELETE FROM asset; DELETE FROM scope_reading; DELETE FROM asset_agent;"
                                + " DELETE FROM managed_node; DELETE FROM node_reading;"
                                + " DELETE FROM detector_reading");
        cloud.control().reset();
        Instant now = Instant.now();
        Instant other = TestClock.CLOCK.instant();
        TestClock.CLOCK.set(
                (now.isAfter(other) ? now : other).plusSeconds(10).truncatedTo(ChronoUnit.MICROS));
        Ec2InstanceSource instances = cloud.source(TestClock.CLOCK);
        LambdaFunctionSource functions = cloud.functions(TestClock.CLOCK);
        SsmNodeSource nodes = cloud.nodes();
        read(instances, "AWS::EC2::Instance");
        read(functions, "AWS::Lambda::Function");
        new NodeReader(nodes, SERVICE.bean(NodeStore.class), TestClock.CLOCK).read(SCOPE);
        instances.close();
        functions.close();
        nodes.close();
        ledger = new StrictLedger(SERVICE);
        reader =
                new DetectorReader(
                        cloud.guardDuty(), SERVICE.bean(DetectorStore.class), TestClock.CLOCK);
    }

    @Test
    void gapComesWithTheDetectorsEndAndGoesWithItsReturn() {
        assertThat(reasons(WEB))
                .containsExactly(COVERAGE_REASON_NO_AGENT, COVERAGE_REASON_GUARDDUTY_UNREAD);
        readDetector();
        assertThat(reasons(WEB)).containsExactly(COVERAGE_REASON_NO_AGENT);
        assertThat(the(WEB).getGaps(0).getRemedyAction()).isEqualTo("install_agent");
        assertThat(the(WEB).getGaps(0).getRemedyCommand())
                .isEqualTo("./yagura actions plan install_agent " + WEB);
        assertThat(the(FUNCTION).getGaps(0).getDetail()).endsWith("(Lambda Protection)");
        assertThat(ledger.scope(ACCOUNT).hasGuarddutyReadTime()).isTrue();

        cloud.control().turnGuardDutyFeature("LAMBDA_NETWORK_LOGS", false);
        cloud.control().changeGuardDuty("DISABLED");
        Instant began = readDetector();
        assertThat(reasons(WEB))
                .containsExactly(COVERAGE_REASON_NO_AGENT, COVERAGE_REASON_GUARDDUTY_OFF);
        cloud.control().changeGuardDuty("NONE");
        readDetector();
        CoverageFinding off = the(WEB).getGaps(1);
        assertThat(off.getDetail()).contains("no detector");
        assertThat(off.getSince().getSeconds()).as("still off").isEqualTo(began.getEpochSecond());
        assertThat(the(FUNCTION).getGapsList()).hasSize(2);

        cloud.control().changeGuardDuty("ENABLED");
        readDetector();
        assertThat(reasons(WEB)).containsExactly(COVERAGE_REASON_NO_AGENT);
        assertThat(the(FUNCTION).getGaps(0).getDetail()).endsWith("nothing watches what it does");
        // What an older reading still wants to say is not heard.
        SERVICE.bean(DetectorStore.class)
                .replace(SCOPE, new Detector(Detector.NONE, java.util.Set.of()), began);
        assertThat(reasons(WEB)).containsExactly(COVERAGE_REASON_NO_AGENT);
    }

    @Test
    void readingThatFailsKeepsWhatIsKnownUntilItIsTooOld() {
        readDetector();
        cloud.control()
                .planFault(
                        Map.of(
                                "operation",
                                "guardduty:GetDetector",
                                "kind",
                                "error",
                                "code",
                                "AccessDeniedException",
                                "status",
                                403,
                                "times",
                                1000));
        readDetector();
        assertThat(reasons(WEB)).containsExactly(COVERAGE_REASON_NO_AGENT);
        assertThat(ledger.scope(ACCOUNT).getGuarddutyFailure()).contains("planned");
        // Beyond what counts as read lately, and EC2 read again.
        SERVICE.postgres()
                .execute(
                        "UPDATE detector_reading SET observed_time = observed_time - interval '1 h'");
        assertThat(the(WEB).getUnknowns(0).getReason()).isEqualTo(COVERAGE_REASON_GUARDDUTY_UNREAD);
        assertThat(the(WEB).getUnknowns(0).getDetail()).contains("planned");
        cloud.control().clearFaults();
        readDetector();
        assertThat(the(WEB).getUnknownsList()).isEmpty();
        assertThat(ledger.scope(ACCOUNT).getGuarddutyFailure()).isEmpty();
    }

    private static void read(AssetSource source, String type) {
        TestClock.CLOCK.advance(Duration.ofMillis(10));
        assertThat(
                        new ScopeReader(
                                        each -> source,
                                        SERVICE.bean(Readings.class),
                                        Duration.ofMillis(1),
                                        TestClock.CLOCK)
                                .read(new AssetSet(SCOPE, type)))
                .isEqualTo(ScopeReader.Outcome.COMPLETE);
    }

    /** When it began. */
    private Instant readDetector() {
        TestClock.CLOCK.advance(Duration.ofMillis(1500));
        reader.read(SCOPE);
        return TestClock.CLOCK.instant();
    }

    private List<CoverageReason> reasons(String nativeId) {
        AssetCoverage asset = the(nativeId);
        return Stream.concat(asset.getGapsList().stream(), asset.getUnknownsList().stream())
                .map(CoverageFinding::getReason)
                .toList();
    }

    private AssetCoverage the(String nativeId) {
        return ledger.of(ACCOUNT).stream()
                .filter(each -> each.getNativeId().endsWith(nativeId))
                .findFirst()
                .orElseThrow();
    }
}
