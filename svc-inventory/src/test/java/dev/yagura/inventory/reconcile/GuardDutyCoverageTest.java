package dev.yagura.inventory.reconcile;

import static dev.yagura.proto.inventory.v1.CoverageReason.COVERAGE_REASON_GUARDDUTY_OFF;
import static dev.yagura.proto.inventory.v1.CoverageReason.COVERAGE_REASON_GUARDDUTY_UNREAD;
import static dev.yagura.proto.inventory.v1.CoverageReason.COVERAGE_REASON_NO_AGENT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.inventory.InventoryService;
import dev.yagura.inventory.TestClock;
import dev.yagura.inventory.coverage.StrictLedger;
import dev.yagura.proto.inventory.v1.AssetCoverage;
import dev.yagura.proto.inventory.v1.CoverageFinding;
import dev.yagura.proto.inventory.v1.CoverageReason;
import dev.yagura.proto.type.v1.Scope;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** GuardDuty of the sandbox, read with the product's role, in the ledger. */
class GuardDutyCoverageTest {
    @RegisterExtension static final InventoryService SERVICE = new InventoryService();

    @RegisterExtension static final SandboxAccount SANDBOX = new SandboxAccount(SERVICE);

    private static final String ACCOUNT = SandboxAccount.ACCOUNT;
    private static final Scope SCOPE = SandboxAccount.SCOPE;
    private static final String WEB = "i-085b07764feced695";
    private static final String FUNCTION = "shop-mail";

    private DetectorReader reader;
    private StrictLedger ledger;

    @BeforeEach
    void readAssets() {
        SandboxAccount.setClockAhead();
        for (String type : List.of(SandboxAccount.INSTANCE, "AWS::Lambda::Function")) {
            SANDBOX.makeDue();
            assertThat(SANDBOX.read(type)).isEqualTo(ScopeReader.Outcome.COMPLETE);
        }
        SANDBOX.readNodes();
        ledger = new StrictLedger(SERVICE);
        reader =
                new DetectorReader(
                        SANDBOX.cloud().guardDuty(),
                        SERVICE.bean(DetectorStore.class),
                        TestClock.CLOCK);
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

        SANDBOX.control().turnGuardDutyFeature("LAMBDA_NETWORK_LOGS", false);
        SANDBOX.control().changeGuardDuty("DISABLED");
        Instant began = readDetector();
        assertThat(reasons(WEB))
                .containsExactly(COVERAGE_REASON_NO_AGENT, COVERAGE_REASON_GUARDDUTY_OFF);
        SANDBOX.control().changeGuardDuty("NONE");
        readDetector();
        CoverageFinding off = the(WEB).getGaps(1);
        assertThat(off.getDetail()).contains("no detector");
        assertThat(off.getSince().getSeconds()).as("still off").isEqualTo(began.getEpochSecond());
        assertThat(the(FUNCTION).getGapsList()).hasSize(2);

        SANDBOX.control().changeGuardDuty("ENABLED");
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
        SANDBOX.control()
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
        SANDBOX.control().clearFaults();
        readDetector();
        assertThat(the(WEB).getUnknownsList()).isEmpty();
        assertThat(ledger.scope(ACCOUNT).getGuarddutyFailure()).isEmpty();
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
