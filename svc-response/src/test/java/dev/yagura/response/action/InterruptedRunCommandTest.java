package dev.yagura.response.action;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.common.identity.Principal;
import dev.yagura.common.ids.ResourceName;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.DocumentParameter;
import dev.yagura.proto.response.v1.RunCommandTarget;
import dev.yagura.response.TestDocument;
import dev.yagura.response.TestService;
import dev.yagura.testkit.PostgresFixture;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** run_command with runners that die, answers that are lost, calls that are throttled. */
class InterruptedRunCommandTest {
    @RegisterExtension static final PostgresFixture POSTGRES = PostgresFixture.of("response");

    private static final String SEND = "ssm:SendCommand";
    private static final List<String> READS =
            List.of(
                    "ec2:DescribeInstances",
                    "ssm:DescribeDocument",
                    "ssm:GetDocument",
                    "ssm:GetCommandInvocation",
                    "ssm:ListCommands");

    @TempDir static Path folder;
    private static TestService service;
    private static ActionStore store;
    private static ActionCatalog catalog;
    private static DyingRunners runners;

    @BeforeAll
    static void startService() throws Exception {
        IdleService idle =
                IdleService.start(
                        POSTGRES,
                        folder,
                        Map.of(
                                "yagura.response.run-command.documents",
                                TestDocument.RESTART.entry(),
                                "yagura.response.run-command.any-script-documents",
                                TestDocument.SHELL.entry(),
                                // The sandbox lists at once what it took.
                                "yagura.response.run-command.settle",
                                "PT0.001S",
                                "yagura.response.action.attempts",
                                "20"));
        service = idle.service();
        store = idle.store();
        runners =
                new DyingRunners(
                        store,
                        idle.procedures(),
                        idle.config(),
                        POSTGRES,
                        () -> service.sandbox().advance(Duration.ofSeconds(2)));
        catalog = idle.catalog();
    }

    @AfterAll
    static void stopService() {
        service.close();
    }

    @BeforeEach
    void backToTheSeed() {
        POSTGRES.execute("DELETE FROM action");
        service.sandbox().reset();
        service.sandbox().freezeClock();
        TestDocument.RESTART.create(service.ssm());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void isSentOnceWhereverTheRunnerDies(boolean afterTheWrite) {
        boolean killed = true;
        for (int step = 1; killed; step++) {
            backToTheSeed();
            UUID id = create(TestDocument.RESTART);

            killed = runners.killAt(step, afterTheWrite);
            runners.runToTheEnd();
            assertSentOnceOrUnknown(id);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void isSentOnceWhateverIsLost(long seed) {
        Random random = new Random(seed);
        UUID id = create(TestDocument.RESTART);

        service.sandbox().loseReply(SEND);
        service.sandbox().loseReply(READS.get(random.nextInt(READS.size())));
        service.sandbox().throttle(READS.get(random.nextInt(READS.size())), 1 + random.nextInt(5));
        runners.killAt(1 + random.nextInt(10), random.nextBoolean());
        runners.runToTheEnd();

        assertSentOnceOrUnknown(id);
    }

    @Test
    void aLostAnswerIsFoundByTheComment() {
        UUID id = create(TestDocument.RESTART);
        service.sandbox().loseReply(SEND);
        runners.runToTheEnd();

        assertThat(action(id).getState())
                .as(action(id).getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(sent()).isOne();
    }

    @Test
    void whatMayHaveBeenSentAndIsNotListedIsNeverSentAgain() {
        UUID id = create(TestDocument.RESTART);
        service.sandbox().fail(SEND, "InternalServerError", 500);
        runners.runToTheEnd();

        assertThat(action(id).getState()).isEqualTo(ActionState.ACTION_STATE_FAILED);
        assertThat(action(id).getStateReason())
                .contains("outcome unknown", "not sent again by itself", TestService.WEB);
        assertThat(sent()).isZero();
    }

    @Test
    void whatWasRefusedIsSentLater() {
        UUID id = create(TestDocument.RESTART);
        service.sandbox().throttle(SEND, 2);
        runners.runToTheEnd();

        assertThat(action(id).getState())
                .as(action(id).getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(sent()).isOne();
    }

    @Test
    void aSecondPersonStartsWhatRunsAnyText() {
        UUID id = create(TestDocument.SHELL);
        runners.runToTheEnd();
        assertThat(sent()).isZero();
        assertThat(action(id).getState()).isEqualTo(ActionState.ACTION_STATE_AWAITING_APPROVAL);

        catalog.approve(id, Set.of(), Principal.service("gateway"));
        runners.runToTheEnd();

        assertThat(action(id).getState())
                .as(action(id).getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(sent()).isOne();
    }

    private static void assertSentOnceOrUnknown(UUID id) {
        Action action = action(id);
        if (sent() == 1) {
            assertThat(action.getState())
                    .as(action.getStateReason())
                    .isEqualTo(ActionState.ACTION_STATE_SUCCEEDED);
        } else {
            assertThat(sent()).isZero();
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
        Action created =
                catalog.create(
                        new ActionCatalog.Order(
                                ActionKind.ACTION_KIND_RUN_COMMAND,
                                ActionTarget.newBuilder()
                                        .setScope(TestService.TOKYO)
                                        .setRunCommand(target)
                                        .build(),
                                "maintenance",
                                ""),
                        UUID.randomUUID(),
                        Principal.service("token-1"));
        return ResourceName.parse("actions", created.getName());
    }

    private static Action action(UUID id) {
        return store.find(id).orElseThrow();
    }

    /** Commands that Systems Manager took. */
    private static long sent() {
        return service.sandbox().journal(0).stream()
                .filter(entry -> entry.operation().equals(SEND))
                .filter(entry -> entry.result().equals("ok"))
                .count();
    }
}
