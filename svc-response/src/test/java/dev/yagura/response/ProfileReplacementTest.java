package dev.yagura.response;

import static dev.yagura.response.ActionOutcome.assertState;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.CheckOutcome;
import dev.yagura.proto.response.v1.CreateActionRequest;
import dev.yagura.proto.response.v1.InstanceProfileTarget;
import dev.yagura.proto.response.v1.PlannedCall;
import dev.yagura.proto.response.v1.PreflightCheck;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * replace_instance_profile through the public contract, against the sandbox, with the product's
 * role.
 */
class ProfileReplacementTest {
    @RegisterExtension
    static final TestService SERVICE =
            TestService.with(
                    Map.of(
                            "yagura.response.credentials.ssm-wait", "PT0.001S",
                            "yagura.response.action.poll", "PT0.02S"));

    private static final TestResponder RESPONDER =
            new TestResponder(SERVICE, Duration.ofSeconds(1));
    private static final String FORMER = "web-instance";
    private static final String OTHER = "app-instance";

    @BeforeAll
    static void timeStands() {
        SERVICE.sandbox().freezeClock();
    }

    @Test
    void replacesAndPutsExactlyTheFormerOneBack() throws Exception {
        long since = SERVICE.lastCall();
        Action planned = RESPONDER.plan(request(TestService.WEB, OTHER));
        assertThat(planned.getPlan().getCallsList())
                .extracting(PlannedCall::getOperation)
                .containsExactly("ec2:ReplaceIamInstanceProfileAssociation");
        assertThat(planned.getPlan().getResidualRisksList())
                .anyMatch(risk -> risk.contains("contain_role_session denies them"));
        assertThat(SERVICE.profile(TestService.WEB)).isEqualTo(FORMER);

        Action replaced = RESPONDER.apply(request(TestService.WEB, OTHER));

        assertState(replaced, ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(SERVICE.profile(TestService.WEB)).isEqualTo(OTHER);
        assertThatThrownBy(() -> RESPONDER.create(request(TestService.WEB, "yagura-quarantine")))
                .as("an instance has one profile, whichever it is to get")
                .hasMessageContaining("no other action holds it");

        Action undone = RESPONDER.undo(replaced);

        assertState(undone, ActionState.ACTION_STATE_UNDONE);
        assertThat(undone.getDriftList()).isEmpty();
        assertThat(SERVICE.profile(TestService.WEB)).isEqualTo(FORMER);
        PolicyFile.assertFits(SERVICE, "replace_instance_profile", since, "iam:PassRole");
    }

    @Test
    void aContainmentComesInBetweenAndIsUndoneFirst() {
        Action replaced = RESPONDER.apply(request(TestService.DB, FORMER));
        Action contained =
                RESPONDER.apply(
                        TestResponder.request(
                                ActionKind.ACTION_KIND_CONTAIN_ROLE_SESSION,
                                TestService.target(TestService.DB)));
        assertState(contained, ActionState.ACTION_STATE_SUCCEEDED);

        Action early = RESPONDER.undo(replaced);

        assertState(early, ActionState.ACTION_STATE_UNDO_FAILED);
        assertThat(early.getStateReason()).contains(contained.getName(), "undo that first");
        assertState(RESPONDER.undo(contained), ActionState.ACTION_STATE_UNDONE);
        assertThat(SERVICE.profile(TestService.DB)).isEqualTo(FORMER);
        assertState(RESPONDER.undo(replaced), ActionState.ACTION_STATE_UNDONE);
        assertThat(SERVICE.profile(TestService.DB)).isEqualTo(OTHER);
    }

    @Test
    void leavesWhatOthersSetAndSaysSo() {
        Action replaced = RESPONDER.apply(request(TestService.APP, FORMER));
        SERVICE.giveProfile(TestService.APP, "service-linked");

        Action undone = RESPONDER.undo(replaced);

        assertState(undone, ActionState.ACTION_STATE_UNDONE);
        assertThat(undone.getDriftList())
                .singleElement()
                .asString()
                .contains("service-linked", "set by somebody else; left so");
        SERVICE.sandbox().advance(Duration.ofSeconds(1));
        SERVICE.giveProfile(TestService.APP, OTHER);
        SERVICE.sandbox().advance(Duration.ofSeconds(1));
    }

    @Test
    void refusesWhatCannotBeOrIsNotWanted() {
        assertThat(refusal(RESPONDER.plan(request(TestService.WEB, "no-such"))).getDetail())
                .contains("no instance profile no-such");
        assertThat(refusal(RESPONDER.plan(request(TestService.WEB, FORMER))).getLabel())
                .isEqualTo("it has another profile");
        assertThatThrownBy(() -> RESPONDER.plan(request(TestService.WEB, "a/b")))
                .hasMessageContaining("target.instance_profile.name");
        assertThatThrownBy(() ->
                        RESPONDER.plan(
                                TestResponder.request(
                                        ActionKind.ACTION_KIND_REPLACE_INSTANCE_PROFILE,
                                        TestService.target(TestService.WEB))))
                .hasMessageContaining("target.instance_profile");
    }

    private static CreateActionRequest.Builder request(String instanceId, String profile) {
        return TestResponder.request(
                ActionKind.ACTION_KIND_REPLACE_INSTANCE_PROFILE, target(instanceId, profile));
    }

    private static ActionTarget target(String instanceId, String profile) {
        return TestService.target(instanceId).toBuilder()
                .setInstanceProfile(InstanceProfileTarget.newBuilder().setName(profile))
                .build();
    }

    private static PreflightCheck refusal(Action planned) {
        return planned.getPlan().getChecksList().stream()
                .filter(check -> check.getOutcome() == CheckOutcome.CHECK_OUTCOME_REFUSED)
                .findFirst()
                .orElseThrow();
    }
}
