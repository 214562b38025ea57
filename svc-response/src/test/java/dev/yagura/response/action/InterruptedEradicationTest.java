package dev.yagura.response.action;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.EradicationTarget;
import dev.yagura.proto.response.v1.Verification;
import dev.yagura.response.TestService;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.iam.model.AccessKeyMetadata;

/**
 * eradicate, on a host and on access keys, with runners that die, answers that are lost, calls that
 * are throttled, and others who have keys too. The host's part is arranged: what it does when it is
 * interrupted is tested with its scripts.
 */
class InterruptedEradicationTest {
    @RegisterExtension
    static final IdleService IDLE = IdleService.with(Map.of(), Duration.ofSeconds(1));

    private static final TestService SERVICE = IDLE.service();

    private static final String SEND = "ssm:SendCommand";
    private static final String UPDATE = "iam:UpdateAccessKey";
    private static final String LIST = "iam:ListAccessKeys";
    private static final String ACTIVE = "AKIASANDBOXDEPLOY001";

    /** Inactive when the action is asked for: undo leaves it so. */
    private static final String INACTIVE = "AKIASANDBOXDEPLOY002";

    private static final String PROVEN = "2 of 2 looked for again and not found";

    @Test
    void survivesAKillAtEveryStep() throws Exception {
        IDLE.dieAtEveryStep(
                InterruptedEradicationTest::create,
                InterruptedEradicationTest::assertEradicated,
                InterruptedEradicationTest::assertUndone);
    }

    @Test
    void survivesLostRepliesThrottlesAndKills() {
        UUID id = create();
        spoil();
        IDLE.runners().killAt(3, false);
        IDLE.runners().runToTheEnd();
        assertEradicated(id);

        IDLE.undo(id);
        spoil();
        IDLE.runners().killAt(2, true);
        IDLE.runners().runToTheEnd();
        assertUndone(id);
    }

    /** The host is not kept waiting for it, and says its part once. */
    @Test
    void aKeyIsReadBackUntilItIsSeenInactive() {
        UUID id = create();
        // What is shown to the last three reads is from before the first key was set.
        SERVICE.sandbox()
                .planFault(Map.of("operation", LIST, "kind", "stale", "skip", 3, "times", 3));

        IDLE.runners().runToTheEnd();

        assertEradicated(id);
        assertThat(IDLE.action(id).getVerificationsList())
                .extracting(Verification::getDetail)
                .filteredOn(detail -> detail.startsWith(PROVEN))
                .hasSize(1);
        assertThat(IDLE.action(id).getVerificationsList())
                .extracting(Verification::getDetail)
                .contains(ACTIVE + " of deploy is shown as Active");
    }

    /** The host's word for each finding counts, not that its script ended well. */
    @Test
    void whatTheHostDoesNotCallCleanIsNoSuccessAndTheKeysAreProvenAllTheSame() {
        UUID id = create("clean 1");

        IDLE.runners().runToTheEnd();

        Action failed = IDLE.ended(id, ActionState.ACTION_STATE_FAILED);
        assertThat(failed.getStateReason())
                .contains(
                        "1 of 2 looked for again and not found: unit miner.service",
                        "Still there, or not known: account mallory",
                        ACTIVE + " of deploy is Inactive");
        assertThat(failed.getVerificationsList())
                .extracting(Verification::getPassed)
                .containsExactly(false, true, true);
        IDLE.undo(id);
        IDLE.runners().runToTheEnd();
        assertUndone(id);
    }

    /** Nothing was done to the host, yet there is something to undo. */
    @Test
    void aHostThatRefusesLeavesTheKeysInactiveUntilUndo() {
        UUID id = create("refused bm8=");

        IDLE.runners().runToTheEnd();

        Action failed = IDLE.ended(id, ActionState.ACTION_STATE_FAILED);
        assertThat(failed.getStateReason())
                .contains(
                        "the host refused",
                        "nothing on the host was changed; access keys: " + ACTIVE,
                        "is Inactive");
        assertThat(statuses()).containsExactly("Inactive", "Inactive");
        IDLE.undo(id);
        IDLE.runners().runToTheEnd();
        assertThat(IDLE.ended(id, ActionState.ACTION_STATE_UNDONE).getDriftList()).isEmpty();
        assertThat(statuses()).containsExactly("Active", "Inactive");
        assertThat(SERVICE.done(SEND)).isOne();
    }

    @Test
    void aKeyThatCannotBeSetEndsItBeforeTheHostIsTouched() {
        UUID id = create();
        SERVICE.sandbox().fail(UPDATE, "AccessDenied", 403);

        IDLE.runners().runToTheEnd();

        Action failed = IDLE.ended(id, ActionState.ACTION_STATE_FAILED);
        assertThat(failed.getStateReason()).contains("deploy/policies/eradicate.json");
        assertThat(SERVICE.done(SEND)).isZero();
        IDLE.undo(id);
        IDLE.runners().runToTheEnd();
        assertThat(IDLE.ended(id, ActionState.ACTION_STATE_UNDONE).getDriftList()).isEmpty();
        assertThat(SERVICE.done(SEND)).isZero();
        assertThat(statuses()).containsExactly("Active", "Inactive");
    }

    @Test
    void whatOthersEnabledIsDisabledAgainAndReported() {
        UUID id = create();
        IDLE.runners().runToTheEnd();
        setStatus(INACTIVE, "Active");

        IDLE.watch();

        assertThat(statuses()).containsExactly("Inactive", "Inactive");
        assertThat(IDLE.action(id).getDriftList())
                .containsExactly(INACTIVE + " of deploy is Active while disabled; disabled again");
        assertThat(IDLE.action(id).getVerificationsList().getLast().getPassed()).isTrue();

        setStatus(ACTIVE, "Active");
        setStatus(INACTIVE, "Active");
        IDLE.undo(id);
        IDLE.runners().runToTheEnd();

        assertThat(IDLE.ended(id, ActionState.ACTION_STATE_UNDONE).getDriftList())
                .contains(
                        ACTIVE + " was set Active meanwhile",
                        INACTIVE + " was set Active meanwhile; left so (before: Inactive)");
        assertThat(statuses()).containsExactly("Active", "Active");
    }

    @Test
    void refusesKeysThatAreNotToBeDisabledAndTouchesNothing() {
        assertRefused("AKIASANDBOXBREAK0001", "it is not protected");
        // The service of this test calls AWS with it.
        assertRefused("AKIASANDBOXOPERATOR1", "it is not a key of the platform");
        assertRefused("AKIASANDBOXNOBODY001", "AKIASANDBOXNOBODY001");
    }

    private static void assertRefused(String key, String problem) {
        assertThatThrownBy(() -> create("clean 1", List.of(ACTIVE, key)))
                .hasMessageContaining(problem);
    }

    private static void spoil() {
        List.of(SEND, UPDATE, LIST).forEach(SERVICE.sandbox()::loseReply);
        SERVICE.sandbox().throttle(UPDATE, 3);
        SERVICE.sandbox().throttle("ssm:GetCommandInvocation", 2);
    }

    private static void assertEradicated(UUID id) {
        Action action = IDLE.ended(id, ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(SERVICE.done(SEND)).isOne();
        assertThat(action.getHostCommandsList()).hasSize(1);
        assertThat(action.getAccessKeyStatesList())
                .extracting(each -> each.getAccessKeyId() + " " + each.getStatus())
                .containsExactly(ACTIVE + " Active", INACTIVE + " Inactive");
        assertThat(statuses()).containsExactly("Inactive", "Inactive");
        assertThat(action.getVerificationsList())
                .filteredOn(Verification::getPassed)
                .extracting(Verification::getDetail)
                .contains(ACTIVE + " of deploy is Inactive", INACTIVE + " of deploy is Inactive")
                .anyMatch(detail -> detail.startsWith(PROVEN));
        assertThat(action.getCallsList())
                .allMatch(call -> !call.getParametersMap().containsValue(INACTIVE));
    }

    private static void assertUndone(UUID id) {
        Action action = IDLE.ended(id, ActionState.ACTION_STATE_UNDONE);
        assertThat(SERVICE.done(SEND)).isEqualTo(2);
        assertThat(action.getHostCommandsList()).hasSize(2);
        assertThat(action.getDriftList()).isEmpty();
        assertThat(statuses()).containsExactly("Active", "Inactive");
    }

    private static List<String> statuses() {
        return SERVICE
                .iam()
                .listAccessKeys(request -> request.userName("deploy"))
                .accessKeyMetadata()
                .stream()
                .map(AccessKeyMetadata::statusAsString)
                .toList();
    }

    private static void setStatus(String key, String status) {
        SERVICE.iam()
                .updateAccessKey(
                        request -> request.userName("deploy").accessKeyId(key).status(status));
    }

    private static UUID create() {
        return create("clean 1\nclean 2");
    }

    private static UUID create(String report) {
        return create(report, List.of(ACTIVE, INACTIVE));
    }

    private static UUID create(String report, List<String> keys) {
        setStatus(INACTIVE, "Inactive");
        arrange("each_finding freeze", report);
        arrange("put_back_all others", "restored 1\nrestored 2");
        return IDLE.create(
                ActionKind.ACTION_KIND_ERADICATE,
                TestService.target(TestService.WEB).toBuilder()
                        .setEradication(
                                EradicationTarget.newBuilder()
                                        .addUnits("miner.service")
                                        .addUsers("mallory")
                                        .addAllAccessKeyIds(keys))
                        .build());
    }

    private static void arrange(String script, String report) {
        SERVICE.sandbox()
                .arrangeOutcome(
                        "web-1",
                        script,
                        0,
                        "yagura-report 1\n" + report + "\nend 0\n",
                        Duration.ofMillis(600));
    }
}
