package dev.yagura.response;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.CheckOutcome;
import dev.yagura.proto.response.v1.CreateActionRequest;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.proto.response.v1.UndoActionRequest;
import dev.yagura.proto.response.v1.VerificationLevel;
import dev.yagura.sandbox.front.JournalEntry;
import dev.yagura.testkit.PostgresFixture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** isolate_host through the public contract: its documents really run, in network namespaces. */
class HostIsolationTest {
    @RegisterExtension static final PostgresFixture POSTGRES = PostgresFixture.of("response");

    private static final String SEND = "ssm:SendCommand";

    @TempDir static Path folder;
    private static NetworkLab lab;
    private static NetworkLab.Node host;
    private static TestService service;

    @BeforeAll
    static void startService() throws Exception {
        lab = NetworkLab.start();
        host = lab.onHost();
        lab.onPeer().listensOn(443, 8443);
        service = TestService.start(POSTGRES, folder, Map.of());
    }

    @AfterAll
    static void stopService() {
        if (lab != null) {
            lab.close();
        }
        if (service != null) {
            service.close();
        }
    }

    @BeforeEach
    void standForTheHost() throws Exception {
        POSTGRES.execute("DELETE FROM action");
        service.sandbox().clearFaults();
        service.sandbox()
                .runScriptsOf(
                        TestService.WEB, Files.createTempDirectory(folder, "host"), lab.host());
    }

    /** The process that keeps a cut ends with its folder. */
    @AfterEach
    void openTheHost() throws Exception {
        lab.doOnHost("rm -rf " + folder.toAbsolutePath() + "/host*; nft flush ruleset");
    }

    @Test
    void planNamesWhatStaysAndChangesNothing() throws Exception {
        long before = lastCall();

        Plan plan =
                service.actions().createAction(isolate().setValidateOnly(true).build()).getPlan();

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
        assertThat(calls(before, SEND)).isZero();
        assertThat(lab.rules()).isEmpty();
    }

    @Test
    void cutsTheHostAndUndoGivesItBack() throws Exception {
        long before = lastCall();
        assertThat(host.opens("out", NetworkLab.FAR, 443)).isTrue();
        assertThat(host.hears("out")).isTrue();

        Action action = apply(isolate());

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
        assertThatThrownBy(() -> apply(isolate()))
                .hasMessageContaining("FAILED_PRECONDITION")
                .hasMessageContaining("undo " + action.getName() + " first");

        Action undone = undo(action);

        assertThat(undone.getState())
                .as(undone.getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_UNDONE);
        assertThat(undone.getDriftList()).isEmpty();
        assertThat(host.hears("out")).isTrue();
        assertThat(lab.rules()).isEmpty();
        assertPolicyFits(before);
    }

    @Test
    void undoReportsWhatOthersMadeOfTheTable() throws Exception {
        Action action = apply(isolate());
        lab.doOnHost("nft flush ruleset");

        Action undone = undo(action);

        assertThat(undone.getState()).isEqualTo(ActionState.ACTION_STATE_UNDONE);
        assertThat(undone.getDriftList())
                .as("put back before, or not yet")
                .singleElement()
                .asString()
                .containsAnyOf("the table was deleted; the host put it back", "the table was gone");
    }

    @Test
    void aLostReplyIsNoSecondCommand() throws Exception {
        long before = lastCall();
        service.sandbox().loseReply(SEND);

        Action action = apply(isolate());

        assertThat(action.getState())
                .as(action.getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(calls(before, SEND)).isOne();
    }

    @Test
    void aHostThatRefusesIsNotHeld() throws Exception {
        lab.doOnHost("mount --bind /dev/null /usr/sbin/nft");
        Action refused;
        try {
            refused = apply(isolate());
        } finally {
            lab.doOnHost("umount /usr/sbin/nft");
        }

        assertThat(refused.getState()).isEqualTo(ActionState.ACTION_STATE_FAILED);
        assertThat(refused.getStateReason())
                .contains("the host refused: the host has no nft", "nothing was changed");
        assertThat(apply(isolate()).getState()).isEqualTo(ActionState.ACTION_STATE_SUCCEEDED);
    }

    private static void assertPolicyFits(long since) throws Exception {
        Set<String> called = PolicyFile.called(service.sandbox().journal(since));
        // Only after an answer that was lost, and for a host that does not take its command.
        called.addAll(Set.of("ssm:ListCommands", "ssm:CancelCommand"));
        called.remove("sts:AssumeRole");
        assertThat(called).isEqualTo(PolicyFile.allowed("isolate_host"));
    }

    private static Action apply(CreateActionRequest.Builder request) {
        return Settled.of(
                service.actions(), service.actions().createAction(request.build()).getName());
    }

    private static Action undo(Action action) {
        service.actions()
                .undoAction(
                        UndoActionRequest.newBuilder()
                                .setName(action.getName())
                                .setReason("clean")
                                .build());
        return Settled.of(service.actions(), action.getName());
    }

    private static CreateActionRequest.Builder isolate() {
        return CreateActionRequest.newBuilder()
                .setKind(ActionKind.ACTION_KIND_ISOLATE_HOST)
                .setTarget(TestService.target(TestService.WEB))
                .setReason("beacon")
                .setRequestId(UUID.randomUUID().toString());
    }

    private static long calls(long since, String operation) {
        return service.sandbox().journal(since).stream()
                .filter(entry -> entry.operation().equals(operation))
                .count();
    }

    private static long lastCall() {
        List<JournalEntry> journal = service.sandbox().journal(0);
        return journal.isEmpty() ? 0 : journal.getLast().sequence();
    }
}
