package dev.yagura.response;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.AgentCommandServiceGrpc;
import dev.yagura.proto.response.v1.AgentHello;
import dev.yagura.proto.response.v1.CreateActionRequest;
import dev.yagura.proto.response.v1.FileTarget;
import dev.yagura.proto.response.v1.HostCommand;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.proto.response.v1.PreflightCheck;
import dev.yagura.proto.response.v1.ProcessTarget;
import dev.yagura.proto.response.v1.ReceiveCommandsRequest;
import dev.yagura.proto.response.v1.ReceiveCommandsResponse;
import dev.yagura.proto.response.v1.SignedCommand;
import dev.yagura.proto.response.v1.VerificationLevel;
import dev.yagura.sandbox.front.JournalEntry;
import io.grpc.stub.StreamObserver;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Actions on a host through the channel that its agent keeps open: the agent's own code, which
 * really runs the documents on this machine, against the whole service.
 */
class AgentChannelTest {
    @RegisterExtension static final TestService SERVICE = TestService.with(Map.of());

    private static final TestResponder RESPONDER = TestResponder.of(SERVICE);

    private static final String SEND = "ssm:SendCommand";

    private Path host = Path.of("");
    private TestAgent agent;

    @BeforeEach
    void standForTheHost() throws Exception {
        host = SERVICE.folder("host");
        SERVICE.postgres().execute("DELETE FROM action");
        SERVICE.postgres().execute("DELETE FROM agent_command");
        SERVICE.sandbox().clearFaults();
        agent = TestAgent.on(SERVICE, TestService.WEB, host);
    }

    @AfterEach
    void leaveNothingBehind() {
        agent.close();
    }

    @Test
    void planSaysWhichWayAndAsksNothingOfSystemsManager() throws Exception {
        long before = SERVICE.lastCall();

        Plan plan = RESPONDER.plan(quarantine(file())).getPlan();

        assertThat(plan.getCalls(0).getOperation()).isEqualTo("agent:RunDocument");
        assertThat(plan.getCalls(0).getParametersMap())
                .containsEntry("Agent", agent.name())
                .containsEntry("DocumentName", "Yagura-QuarantineFile")
                .containsEntry("RunId", "ACTION.apply");
        assertThat(plan.getUndoCalls(0).getParametersMap())
                .containsEntry("DocumentName", "Yagura-RestoreFile");
        assertThat(way(plan)).contains("the command channel of " + agent.name(), "1.2.3", "heard ");
        assertThat(asked(before)).isEmpty();
        assertThat(agent.gateway().commands).isEmpty();
    }

    @Test
    void quarantineAndUndoLeaveTheFileAsItWas() throws Exception {
        long before = SERVICE.lastCall();
        Path file = file();

        Action action = RESPONDER.apply(quarantine(file));

        assertSucceeded(action);
        assertThat(file).doesNotExist();
        assertThat(action.getVerifications(0).getLevel())
                .isEqualTo(VerificationLevel.VERIFICATION_LEVEL_HOST_CLAIMED);
        assertThat(action.getHostCommandsList())
                .singleElement()
                .satisfies(command -> {
                    assertThat(command.getAgent()).isEqualTo(agent.name());
                    assertThat(command.getStatus()).isEqualTo("Success");
                    assertThat(command.getReport()).contains("quarantined ");
                });

        Action undone = RESPONDER.undo(action);

        assertThat(undone.getState())
                .as(undone.getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_UNDONE);
        assertThat(undone.getDriftList()).isEmpty();
        assertThat(file).hasContent("mine");
        assertThat(asked(before)).isEmpty();
        assertThat(commands("command IS NOT NULL")).as("kept for no longer").isZero();
    }

    @Test
    void killsTheTreeForGood() throws Exception {
        Process process =
                new ProcessBuilder("sh", "-c", "sleep 300 & echo && exec sleep 300").start();
        try {
            assertThat(process.getInputStream().read()).isNotEqualTo(-1);
            List<ProcessHandle> children = process.descendants().toList();

            assertSucceeded(RESPONDER.apply(kill(process)));

            assertThat(process.waitFor()).isNotZero();
            assertThat(children).hasSize(1).allMatch(child -> Processes.isGone(child.pid()));
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    @Test
    void aHostThatRefusesSaysWhy() throws Exception {
        Path file = file();
        Action failed = RESPONDER.apply(quarantine(file.toString(), "0".repeat(64)));

        assertThat(failed.getState()).isEqualTo(ActionState.ACTION_STATE_FAILED);
        assertThat(failed.getStateReason()).contains("the host refused", "nothing was changed");
        assertThat(file).hasContent("mine");
    }

    @Test
    void whatIsLostOrComesTwiceIsOneEffect() throws Exception {
        agent.gateway().doubleAll(true);
        agent.gateway().loseResults(1);
        agent.gateway().loseAcknowledgements(1);

        Path file = file();
        Action action = RESPONDER.apply(quarantine(file));

        assertSucceeded(action);
        assertThat(file).doesNotExist();
        assertThat(runs()).containsExactly(id(action) + ".apply");
        assertThat(action.getHostCommands(0).getAgent()).isEqualTo(agent.name());
    }

    @Test
    void anAgentThatEndsInBetweenComesBackWithTheReport() throws Exception {
        agent.close();
        // Scripts take their time, so that the agent ends in the middle of one.
        agent =
                TestAgent.on(
                        SERVICE,
                        TestService.WEB,
                        SERVICE.folder("another"),
                        List.of("sh", "-c", "sleep 1; exec \"$@\"", "sh"),
                        UnaryOperator.identity());
        Path file = file();

        Action action = RESPONDER.create(quarantine(file));
        next(agent);
        TestResponder.await("the agent has it", () -> commands("state = 'TAKEN'") == 1);
        agent.stop();
        agent.start();

        assertSucceeded(RESPONDER.settled(action));
        assertThat(file).doesNotExist();
    }

    @Test
    void aSilentAgentLeavesItToSystemsManagerAndStaysHarmless() throws Exception {
        SERVICE.sandbox().runScriptsOf(TestService.WEB, host);
        agent.gateway().keepCommands(true);
        Path file = file();

        Action created = RESPONDER.create(quarantine(file));
        SignedCommand late = next(agent);
        pass(Duration.ofSeconds(20));
        Action action = RESPONDER.settled(created);

        assertSucceeded(action);
        HostCommand command = action.getHostCommands(0);
        assertThat(command.getAgent()).isEmpty();
        assertThat(command.getCommandId()).isNotEmpty();
        assertThat(command.getFallbackReason())
                .isEqualTo(agent.name() + " did not take it within 15 s");
        assertThat(action.getCallsList())
                .extracting(call -> call.getOperation())
                .containsExactly("agent:RunDocument", "agent:WithdrawCommand", SEND);

        Path other = Files.writeString(file, "mine");
        agent.gateway().handOn(late);
        TestResponder.await(
                "the late result is kept",
                () -> commands("state = 'WITHDRAWN' AND result IS NOT NULL") == 1);
        assertThat(other).as("the host does a run once").hasContent("mine");
        assertThat(runs()).containsExactly(id(action) + ".apply");
    }

    @Test
    void theOnlyWayHasAllTheTimeOfTheCommandAndThenNothingWasDone() throws Exception {
        agent.gateway().keepCommands(true);
        SERVICE.sandbox().setAgentRunning("web-1", false);
        try {
            SERVICE.sandbox().advance(Duration.ofMinutes(10));
            Action patient = RESPONDER.create(quarantine(file()));
            SignedCommand command = next(agent);
            pass(Duration.ofSeconds(20));
            agent.gateway().handOn(command);
            assertSucceeded(RESPONDER.settled(patient));

            Path file = Files.writeString(host.resolve("another"), "mine");
            Action hopeless = RESPONDER.create(quarantine(file));
            next(agent);
            pass(Duration.ofMinutes(2));
            Action failed = RESPONDER.settled(hopeless);

            assertThat(failed.getState()).isEqualTo(ActionState.ACTION_STATE_FAILED);
            assertThat(failed.getStateReason())
                    .contains(
                            agent.name() + " did not take it within 60 s",
                            "Systems Manager reaches it",
                            "nothing was changed");
            assertThat(failed.getHostCommands(0).getStatus()).isEqualTo("NotDelivered");
            assertThat(file).hasContent("mine");
        } finally {
            SERVICE.sandbox().setAgentRunning("web-1", true);
        }
    }

    @Test
    void anAgentThatIsGoneWithItsCommandIsAskedForThroughSystemsManager() throws Exception {
        SERVICE.sandbox().runScriptsOf(TestService.WEB, host);
        agent.gateway().loseResults(1_000);
        Action created = RESPONDER.create(quarantine(file()));
        TestResponder.await("the agent has it", () -> commands("state = 'TAKEN'") == 1);
        agent.stop();
        pass(Duration.ofSeconds(90));

        Action action = RESPONDER.settled(created);

        assertSucceeded(action);
        assertThat(action.getHostCommands(0).getFallbackReason())
                .contains("has taken it and is not heard any more");
        assertThat(action.getHostCommands(0).getReport()).contains("quarantined ");
        assertThat(runs()).containsExactly(id(action) + ".apply");
    }

    @Test
    void twoAgentsOfOneHostAreNotBelieved() throws Exception {
        try (TestAgent other = TestAgent.on(SERVICE, TestService.WEB, SERVICE.folder("other"))) {
            Plan plan = RESPONDER.plan(quarantine(file())).getPlan();

            assertThat(plan.getCalls(0).getOperation()).isEqualTo(SEND);
            assertThat(way(plan))
                    .contains("Systems Manager, since several agents", agent.name(), other.name());
        }
    }

    @Test
    void aStreamOfAnotherKeyCannotSpeakForThisAgent() throws Exception {
        try (TestAgent other = TestAgent.on(SERVICE, TestService.APP, SERVICE.folder("other"))) {
            SERVICE.sandbox().runScriptsOf(TestService.WEB, host);
            agent.gateway().keepCommands(true);
            Action action = RESPONDER.create(quarantine(file()));
            SignedCommand command = next(agent);

            other.gateway().handOn(command);
            other.gateway().awaitResult();
            pass(Duration.ofSeconds(20));

            // Its refusal is nothing to this command.
            assertThat(RESPONDER.settled(action).getHostCommands(0).getFallbackReason())
                    .contains(agent.name() + " did not take it");
        }
    }

    @Test
    void onlyAgentsOpenAChannel() throws Exception {
        CompletableFuture<Throwable> end = new CompletableFuture<>();
        AgentCommandServiceGrpc.newStub(SERVICE.asResponder())
                .receiveCommands(
                        new StreamObserver<>() {
                            @Override
                            public void onNext(ReceiveCommandsResponse message) {
                                end.complete(new AssertionError("it was let in: " + message));
                            }

                            @Override
                            public void onError(Throwable error) {
                                end.complete(error);
                            }

                            @Override
                            public void onCompleted() {
                                end.complete(new AssertionError("it was let in"));
                            }
                        })
                .onNext(
                        ReceiveCommandsRequest.newBuilder()
                                .setHello(AgentHello.getDefaultInstance())
                                .build());

        assertThat(end.get(20, TimeUnit.SECONDS))
                .hasMessageContaining("PERMISSION_DENIED")
                .hasMessageContaining("this method is for agents");
    }

    /** As time would, for commands. */
    private static void pass(Duration time) {
        SERVICE.postgres()
                .execute(
                        "UPDATE agent_command SET created_at = created_at - interval '%d seconds'"
                                .formatted(time.toSeconds()));
    }

    private static SignedCommand next(TestAgent agent) throws Exception {
        SignedCommand command = agent.gateway().commands.poll(20, TimeUnit.SECONDS);
        assertThat(command).isNotNull();
        return command;
    }

    private static String way(Plan plan) {
        return plan.getChecksList().stream()
                .filter(check -> check.getLabel().equals("the way to the host"))
                .map(PreflightCheck::getDetail)
                .findFirst()
                .orElseThrow();
    }

    /** What Systems Manager was asked since. */
    private static List<String> asked(long since) {
        return SERVICE.sandbox().journal(since).stream()
                .map(JournalEntry::operation)
                .filter(operation -> operation.startsWith("ssm:"))
                .toList();
    }

    private static int commands(String condition) {
        return SERVICE.postgres()
                .transactions()
                .query(connection -> {
                    try (ResultSet rows =
                            connection
                                    .createStatement()
                                    .executeQuery(
                                            "SELECT count(*) FROM agent_command WHERE "
                                                    + condition)) {
                        rows.next();
                        return rows.getInt(1);
                    }
                });
    }

    private Path file() throws Exception {
        return Files.writeString(host.resolve("miner"), "mine");
    }

    private static CreateActionRequest.Builder quarantine(Path file) throws Exception {
        return quarantine(
                file.toString(),
                HexFormat.of()
                        .formatHex(
                                MessageDigest.getInstance("SHA-256")
                                        .digest(Files.readAllBytes(file))));
    }

    private static CreateActionRequest.Builder quarantine(String path, String sha256) {
        return TestResponder.request(
                ActionKind.ACTION_KIND_QUARANTINE_FILE,
                target().setFile(FileTarget.newBuilder().setPath(path).setSha256(sha256)).build());
    }

    private static CreateActionRequest.Builder kill(Process process) {
        long start = process.info().startInstant().orElseThrow().toEpochMilli() * 1_000_000;
        return TestResponder.request(
                ActionKind.ACTION_KIND_KILL_PROCESS_TREE,
                target().setProcess(
                                ProcessTarget.newBuilder()
                                        .setPid((int) process.pid())
                                        .setStartTimeNs(start))
                        .build());
    }

    private static ActionTarget.Builder target() {
        return TestService.target(TestService.WEB).toBuilder();
    }

    private List<String> runs() throws Exception {
        try (Stream<Path> runs = Files.list(host.resolve("runs"))) {
            return runs.map(run -> run.getFileName().toString()).sorted().toList();
        }
    }

    private static String id(Action action) {
        return action.getName().substring("actions/".length());
    }

    private static void assertSucceeded(Action action) {
        assertThat(action.getState())
                .as(action.getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_SUCCEEDED);
    }
}
