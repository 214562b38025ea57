package dev.yagura.response;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.CheckOutcome;
import dev.yagura.proto.response.v1.CreateActionRequest;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.proto.response.v1.VerificationLevel;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** isolate_host through the public contract: its documents really run, in network namespaces. */
class HostIsolationTest {
    @RegisterExtension static final TestService SERVICE = TestService.with(Map.of());

    private static final TestResponder RESPONDER = TestResponder.of(SERVICE);

    private static final String SEND = "ssm:SendCommand";

    private static NetworkLab lab;
    private static NetworkLab.Node host;

    private Path folder = Path.of("");

    @BeforeAll
    static void startLab() throws Exception {
        lab = NetworkLab.start();
        host = lab.onHost();
        lab.onPeer().listensOn(443, 8443);
    }

    @AfterAll
    static void stopLab() {
        if (lab != null) {
            lab.close();
        }
    }

    @BeforeEach
    void standForTheHost() throws Exception {
        folder = SERVICE.folder("host");
        SERVICE.postgres().execute("DELETE FROM action");
        SERVICE.sandbox().clearFaults();
        SERVICE.sandbox().runScriptsOf(TestService.WEB, folder, lab.host());
    }

    /** The process that keeps a cut ends with its folder. */
    @AfterEach
    void openTheHost() throws Exception {
        lab.doOnHost("rm -rf " + folder.toAbsolutePath() + "; nft flush ruleset");
    }

    @Test
    void planNamesWhatStaysAndChangesNothing() throws Exception {
        long before = SERVICE.lastCall();

        Plan plan = RESPONDER.plan(isolate()).getPlan();

        assertThat(plan.getChecksList())
                .noneMatch(check -> check.getOutcome() == CheckOutcome.CHECK_OUTCOME_REFUSED)
                .anySatisfy(check ->
                        assertThat(check.getDetail())
                                .contains(
                                        "ssm (tcp 443 10.20.1.200/32)",
                                        "ssmmessages (tcp 443 10.20.2.201/32)",
                                        "gateway (tcp 8443 10.20.1.40/32)"));
        assertThat(plan.getCalls(0).getParametersOrThrow("Parameters"))
                .contains("Resolvers=10.20.0.2", "Routers=10.20.1.1");
        assertThat(plan.getUndoCalls(0).getParametersMap())
                .containsEntry("DocumentName", "Yagura-ReleaseHost");
        assertThat(String.join("\n", plan.getResidualRisksList()))
                .contains("AF_PACKET", "can delete the table", "Auto Scaling");
        assertThat(SERVICE.calls(before, SEND)).isZero();
        assertThat(lab.rules()).isEmpty();
    }

    @Test
    void cutsTheHostAndUndoGivesItBack() throws Exception {
        long before = SERVICE.lastCall();
        assertThat(host.opens("out", NetworkLab.FAR, 443)).isTrue();
        assertThat(host.hears("out")).isTrue();

        Action action = RESPONDER.apply(isolate());

        assertThat(action.getState())
                .as(action.getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(host.isCutOff("out")).isTrue();
        assertThat(action.getVerificationsList())
                .singleElement()
                .satisfies(verification -> {
                    assertThat(verification.getLevel())
                            .isEqualTo(VerificationLevel.VERIFICATION_LEVEL_HOST_CLAIMED);
                    assertThat(verification.getPassed()).isTrue();
                    assertThat(verification.getDetail())
                            .contains("answered after the cut", "ssmmessages@10.20.2.201/32@443");
                });
        assertThatThrownBy(() -> RESPONDER.apply(isolate()))
                .hasMessageContaining("FAILED_PRECONDITION")
                .hasMessageContaining("undo " + action.getName() + " first");

        Action undone = RESPONDER.undo(action);

        assertThat(undone.getState())
                .as(undone.getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_UNDONE);
        assertThat(undone.getDriftList()).isEmpty();
        assertThat(host.hears("out")).isTrue();
        assertThat(lab.rules()).isEmpty();
        PolicyFile.assertFits(
                SERVICE, "isolate_host", before, "ssm:ListCommands", "ssm:CancelCommand");
    }

    @Test
    void undoReportsWhatOthersMadeOfTheTable() throws Exception {
        Action action = RESPONDER.apply(isolate());
        lab.doOnHost("nft flush ruleset");

        Action undone = RESPONDER.undo(action);

        assertThat(undone.getState()).isEqualTo(ActionState.ACTION_STATE_UNDONE);
        assertThat(undone.getDriftList())
                .as("put back before, or not yet")
                .singleElement()
                .asString()
                .containsAnyOf("the table was deleted; the host put it back", "the table was gone");
    }

    @Test
    void aLostReplyIsNoSecondCommand() throws Exception {
        long before = SERVICE.lastCall();
        SERVICE.sandbox().loseReply(SEND);

        Action action = RESPONDER.apply(isolate());

        assertThat(action.getState())
                .as(action.getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(SERVICE.calls(before, SEND)).isOne();
    }

    @Test
    void aHostThatRefusesIsNotHeld() throws Exception {
        lab.doOnHost("mount --bind /dev/null /usr/sbin/nft");
        Action refused;
        try {
            refused = RESPONDER.apply(isolate());
        } finally {
            lab.doOnHost("umount /usr/sbin/nft");
        }

        assertThat(refused.getState()).isEqualTo(ActionState.ACTION_STATE_FAILED);
        assertThat(refused.getStateReason())
                .contains("the host refused: the host has no nft", "nothing was changed");
        assertThat(RESPONDER.apply(isolate()).getState())
                .isEqualTo(ActionState.ACTION_STATE_SUCCEEDED);
    }

    @Test
    void theHostsAgentCutsItAndGivesItBack() throws Exception {
        long before = SERVICE.lastCall();
        try (TestAgent agent =
                TestAgent.on(
                        SERVICE,
                        TestService.WEB,
                        folder,
                        lab.entrance(),
                        seen -> "10.20.1.40:8443")) {
            Plan plan = RESPONDER.plan(isolate()).getPlan();
            assertThat(plan.getCalls(0).getParametersMap())
                    .containsEntry("Agent", agent.name())
                    .extractingByKey("Parameters")
                    .asString()
                    .contains("Through=gateway", "gateway@10.20.1.40/32@8443", "ssm@10.20.1.200");
            assertThat(host.opens("out", NetworkLab.FAR, 443)).isTrue();

            Action action = RESPONDER.apply(isolate());

            assertThat(action.getState())
                    .as(action.getStateReason())
                    .isEqualTo(ActionState.ACTION_STATE_SUCCEEDED);
            assertThat(action.getVerifications(0).getDetail())
                    .contains("gateway@10.20.1.40/32@8443", "ssm@10.20.1.200/32@443");
            assertThat(host.isCutOff("out")).isTrue();

            Action undone = RESPONDER.undo(action);

            assertThat(undone.getState())
                    .as(undone.getStateReason())
                    .isEqualTo(ActionState.ACTION_STATE_UNDONE);
            assertThat(undone.getDriftList()).isEmpty();
            assertThat(lab.rules()).isEmpty();
            assertThat(SERVICE.calls(before, SEND)).isZero();
        }
    }

    private static CreateActionRequest.Builder isolate() {
        return TestResponder.request(
                ActionKind.ACTION_KIND_ISOLATE_HOST, TestService.target(TestService.WEB));
    }
}
