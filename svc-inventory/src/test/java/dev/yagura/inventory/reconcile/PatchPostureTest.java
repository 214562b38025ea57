package dev.yagura.inventory.reconcile;

import static dev.yagura.proto.inventory.v1.PostureOutcome.POSTURE_OUTCOME_FAIL;
import static dev.yagura.proto.inventory.v1.PostureOutcome.POSTURE_OUTCOME_PASS;
import static dev.yagura.proto.inventory.v1.PostureOutcome.POSTURE_OUTCOME_UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.inventory.InventoryService;
import dev.yagura.inventory.TestClock;
import dev.yagura.proto.inventory.v1.GetPostureRequest;
import dev.yagura.proto.inventory.v1.Posture;
import dev.yagura.proto.inventory.v1.PostureItem;
import dev.yagura.proto.inventory.v1.PostureServiceGrpc;
import dev.yagura.proto.type.v1.Scope;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.ssm.model.InstancePatchState;

/** From what Patch Manager of the sandbox found to what the API says of the instance. */
class PatchPostureTest {
    @RegisterExtension static final InventoryService SERVICE = new InventoryService();

    @RegisterExtension static final SandboxAccount SANDBOX = new SandboxAccount(SERVICE);

    private static final String ACCOUNT = SandboxAccount.ACCOUNT;
    private static final Scope SCOPE = SandboxAccount.SCOPE;
    private static final String WEB = "i-085b07764feced695";
    private static final String APP = "i-083dc41ecd9ab1b98";
    private static final String DATABASE = "i-02d59893435baed09";
    private static final String PATCHES = "ssm:DescribeInstancePatchStates";

    @BeforeEach
    void readEverything() {
        SandboxAccount.setClock();
        assertThat(SANDBOX.read(SandboxAccount.INSTANCE)).isEqualTo(ScopeReader.Outcome.COMPLETE);
        SANDBOX.readNodes();
    }

    @Test
    void patchesThatAreMissingFailThoseNeverLookedForAreUnknown() {
        assertThat(patched(WEB).getOutcome()).isEqualTo(POSTURE_OUTCOME_PASS);
        PostureItem app = patched(APP);
        assertThat(app.getOutcome()).isEqualTo(POSTURE_OUTCOME_FAIL);
        assertThat(app.getDetail())
                .startsWith(
                        "1 critical and 2 security patches are not in place; of all kinds 4 are"
                                + " missing");
        assertThat(app.getRemedy()).contains("Operation=Install").contains(APP);
        assertThat(posture(APP).getReasonsList())
                .anySatisfy(reason -> assertThat(reason).startsWith("patched: 1 critical"));
        PostureItem database = patched(DATABASE);
        assertThat(database.getOutcome()).isEqualTo(POSTURE_OUTCOME_UNKNOWN);
        assertThat(database.getDetail()).contains("never looked");
        assertThat(posture(DATABASE).getReasonsList())
                .as("the standard policy lets this pass")
                .noneSatisfy(reason -> assertThat(reason).startsWith("patched"));
    }

    @Test
    void changesCountAfterTheNextReadingAndOldScansDoNot() {
        SANDBOX.control().setMissingPatches(WEB, 1, 0, 1, Duration.ofMinutes(1));
        SANDBOX.control().setMissingPatches(APP, 3, 0, 0, Duration.ofDays(8));
        SANDBOX.control().setMissingPatches(DATABASE, 3, 0, 0, Duration.ofDays(6));
        TestClock.CLOCK.advance(Duration.ofMinutes(1));
        SANDBOX.readNodes();
        assertThat(patched(APP).getOutcome())
                .as("patch states are not read every minute")
                .isEqualTo(POSTURE_OUTCOME_FAIL);

        TestClock.CLOCK.advance(Duration.ofMinutes(5));
        SANDBOX.readNodes();
        assertThat(patched(WEB).getOutcome()).isEqualTo(POSTURE_OUTCOME_FAIL);
        assertThat(patched(APP).getOutcome()).isEqualTo(POSTURE_OUTCOME_UNKNOWN);
        assertThat(patched(APP).getDetail()).contains("last looked at it at");
        assertThat(patched(DATABASE).getOutcome()).isEqualTo(POSTURE_OUTCOME_PASS);

        SANDBOX.control().forgetPatches(WEB);
        TestClock.CLOCK.advance(Duration.ofMinutes(5));
        SANDBOX.readNodes();
        assertThat(patched(WEB).getOutcome()).isEqualTo(POSTURE_OUTCOME_UNKNOWN);
    }

    @Test
    void readingThatFailsLeavesTheNodesKnownAndSaysSoWhenItIsOld() {
        SANDBOX.control()
                .planFault(
                        Map.of(
                                "operation",
                                PATCHES,
                                "kind",
                                "error",
                                "code",
                                "AccessDeniedException",
                                "status",
                                400,
                                "times",
                                1000));
        TestClock.CLOCK.advance(Duration.ofMinutes(6));
        SANDBOX.readNodes();
        assertThat(patched(WEB).getOutcome()).isEqualTo(POSTURE_OUTCOME_PASS);
        TestClock.CLOCK.advance(Duration.ofMinutes(20));
        SANDBOX.readNodes();
        assertThat(patched(WEB).getOutcome()).isEqualTo(POSTURE_OUTCOME_UNKNOWN);
        assertThat(patched(WEB).getDetail())
                .contains("patch states were last read at")
                .contains("planned")
                .as("the same failure again is no news of the host")
                .doesNotContain("Request ID");
        assertThat(item(posture(WEB), "os-supported").getOutcome()).isEqualTo(POSTURE_OUTCOME_PASS);
        SANDBOX.control().clearFaults();
        SANDBOX.readNodes();
        assertThat(patched(WEB).getOutcome()).isEqualTo(POSTURE_OUTCOME_PASS);
    }

    @Test
    void countsThatPatchManagerDoesNotTellAreNotZero() {
        assertThat(
                        SsmNodeSource.state(
                                        SCOPE, InstancePatchState.builder().instanceId(WEB).build())
                                .isTold())
                .isFalse();
        SERVICE.postgres().execute("UPDATE patch_state SET critical = " + PatchState.UNTOLD);
        assertThat(patched(WEB).getOutcome()).isEqualTo(POSTURE_OUTCOME_UNKNOWN);
        assertThat(patched(WEB).getDetail()).startsWith("an untold number of critical and 0 ");
        assertThat(patched(APP).getOutcome())
                .as("of security patches it is known")
                .isEqualTo(POSTURE_OUTCOME_FAIL);
    }

    @Test
    void fiftyInstancesAreAskedForAtOnce() {
        long before = SANDBOX.control().journal(0).size();
        assertThat(
                        SANDBOX.nodes()
                                .patches(
                                        SCOPE,
                                        IntStream.range(0, 101)
                                                .mapToObj("i-0%016x"::formatted)
                                                .toList()))
                .isEmpty();
        assertThat(SANDBOX.control().journal(0).stream().skip(before))
                .filteredOn(entry -> entry.operation().equals(PATCHES))
                .hasSize(3);
    }

    private static PostureItem patched(String instance) {
        return item(posture(instance), "patched");
    }

    private static PostureItem item(Posture posture, String check) {
        return posture.getItemsList().stream()
                .filter(each -> each.getCheck().equals(check))
                .findFirst()
                .orElseThrow();
    }

    private static Posture posture(String instance) {
        return PostureServiceGrpc.newBlockingStub(SERVICE.admin(ACCOUNT))
                .getPosture(GetPostureRequest.newBuilder().setInstanceId(instance).build());
    }
}
