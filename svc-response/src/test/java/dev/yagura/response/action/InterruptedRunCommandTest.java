package dev.yagura.response.action;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.common.identity.Principal;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.DocumentParameter;
import dev.yagura.proto.response.v1.RunCommandTarget;
import dev.yagura.response.TestDocument;
import dev.yagura.response.TestService;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** run_command with runners that die, answers that are lost, calls that are throttled. */
class InterruptedRunCommandTest {
    @RegisterExtension
    static final IdleService IDLE =
            IdleService.with(
                    Map.of(
                            "yagura.response.run-command.documents",
                            TestDocument.RESTART.entry(),
                            "yagura.response.run-command.any-script-documents",
                            TestDocument.SHELL.entry(),
                            // The sandbox lists at once what it took.
                            "yagura.response.run-command.settle",
                            "PT0.001S"),
                    Duration.ofSeconds(2));

    private static final TestService SERVICE = IDLE.service();

    private static final String SEND = "ssm:SendCommand";
    private static final List<String> READS =
            List.of(
                    "ec2:DescribeInstances",
                    "ssm:DescribeDocument",
                    "ssm:GetDocument",
                    "ssm:GetCommandInvocation",
                    "ssm:ListCommands");

    @BeforeEach
    void createDocument() {
        TestDocument.RESTART.create(SERVICE.ssm());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void isSentOnceWhereverTheRunnerDies(boolean afterTheWrite) {
        boolean killed = true;
        for (int step = 1; killed; step++) {
            IDLE.backToTheSeed();
            createDocument();
            UUID id = create(TestDocument.RESTART);

            killed = IDLE.runners().killAt(step, afterTheWrite);
            IDLE.runners().runToTheEnd();
            assertSentOnceOrUnknown(id);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void isSentOnceWhateverIsLost(long seed) {
        Random random = new Random(seed);
        UUID id = create(TestDocument.RESTART);

        SERVICE.sandbox().loseReply(SEND);
        SERVICE.sandbox().loseReply(READS.get(random.nextInt(READS.size())));
        SERVICE.sandbox().throttle(READS.get(random.nextInt(READS.size())), 1 + random.nextInt(5));
        IDLE.runners().killAt(1 + random.nextInt(10), random.nextBoolean());
        IDLE.runners().runToTheEnd();

        assertSentOnceOrUnknown(id);
    }

    @Test
    void aLostAnswerIsFoundByTheComment() {
        UUID id = create(TestDocument.RESTART);
        SERVICE.sandbox().loseReply(SEND);
        IDLE.runners().runToTheEnd();

        assertThat(IDLE.action(id).getState())
                .as(IDLE.action(id).getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(SERVICE.done(SEND)).isOne();
    }

    @Test
    void whatMayHaveBeenSentAndIsNotListedIsNeverSentAgain() {
        UUID id = create(TestDocument.RESTART);
        SERVICE.sandbox().fail(SEND, "InternalServerError", 500);
        IDLE.runners().runToTheEnd();

        assertThat(IDLE.action(id).getState()).isEqualTo(ActionState.ACTION_STATE_FAILED);
        assertThat(IDLE.action(id).getStateReason())
                .contains("outcome unknown", "not sent again by itself", TestService.WEB);
        assertThat(SERVICE.done(SEND)).isZero();
    }

    @Test
    void whatWasRefusedIsSentLater() {
        UUID id = create(TestDocument.RESTART);
        SERVICE.sandbox().throttle(SEND, 2);
        IDLE.runners().runToTheEnd();

        assertThat(IDLE.action(id).getState())
                .as(IDLE.action(id).getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(SERVICE.done(SEND)).isOne();
    }

    @Test
    void aSecondPersonStartsWhatRunsAnyText() {
        UUID id = create(TestDocument.SHELL);
        IDLE.runners().runToTheEnd();
        assertThat(SERVICE.done(SEND)).isZero();
        assertThat(IDLE.action(id).getState())
                .isEqualTo(ActionState.ACTION_STATE_AWAITING_APPROVAL);

        IDLE.catalog().approve(id, Set.of(), Principal.service("gateway"));
        IDLE.runners().runToTheEnd();

        assertThat(IDLE.action(id).getState())
                .as(IDLE.action(id).getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(SERVICE.done(SEND)).isOne();
    }

    private static void assertSentOnceOrUnknown(UUID id) {
        Action action = IDLE.action(id);
        if (SERVICE.done(SEND) == 1) {
            assertThat(action.getState())
                    .as(action.getStateReason())
                    .isEqualTo(ActionState.ACTION_STATE_SUCCEEDED);
        } else {
            assertThat(SERVICE.done(SEND)).isZero();
            assertThat(action.getState()).isEqualTo(ActionState.ACTION_STATE_FAILED);
            assertThat(action.getStateReason()).contains("outcome unknown");
        }
        assertThat(action.getCallsList()).allMatch(call -> call.hasEndTime());
    }

    private static UUID create(TestDocument document) {
        RunCommandTarget.Builder target =
                RunCommandTarget.newBuilder()
                        .setDocument(document.title())
                        .addInstanceIds(TestService.WEB);
        document.parameters()
                .forEach((name, value) ->
                        target.addParameters(
                                DocumentParameter.newBuilder().setName(name).addValues(value)));
        return IDLE.create(
                ActionKind.ACTION_KIND_RUN_COMMAND,
                ActionTarget.newBuilder()
                        .setScope(TestService.TOKYO)
                        .setRunCommand(target)
                        .build());
    }
}
