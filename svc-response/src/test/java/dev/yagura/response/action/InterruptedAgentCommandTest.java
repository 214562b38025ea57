package dev.yagura.response.action;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.FileTarget;
import dev.yagura.response.TestAgent;
import dev.yagura.response.TestService;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** quarantine_file by an agent's channel, with runners that die and streams that are cut. */
class InterruptedAgentCommandTest {
    @RegisterExtension static final IdleService IDLE = IdleService.with(Map.of());

    private static final TestService SERVICE = IDLE.service();

    private Path host = Path.of("");
    private Path file = Path.of("");
    private TestAgent agent;

    @BeforeEach
    void standForTheHost() throws Exception {
        host = SERVICE.folder("host");
        agent = TestAgent.on(SERVICE, TestService.WEB, host);
    }

    @AfterEach
    void leaveNothingBehind() {
        agent.close();
    }

    @Test
    void survivesAKillAtEveryStepWhileResultsAreLost() throws Exception {
        IDLE.dieAtEveryStep(
                () -> {
                    agent.gateway().loseResults(1);
                    file = Files.writeString(host.resolve("miner"), "mine");
                    return create();
                },
                id -> {
                    ended(id, ActionState.ACTION_STATE_SUCCEEDED);
                    assertThat(file).doesNotExist();
                    assertThat(runs(id)).containsExactly(id + ".apply");
                },
                id -> {
                    Action action = ended(id, ActionState.ACTION_STATE_UNDONE);
                    assertThat(action.getDriftList()).isEmpty();
                    assertThat(file).hasContent("mine");
                    assertThat(runs(id)).containsExactly(id + ".apply", id + ".undo1");
                });
    }

    private static Action ended(UUID id, ActionState state) {
        Action action = IDLE.ended(id, state);
        assertThat(action.getHostCommandsList())
                .allMatch(command -> command.getAgent().startsWith("agents/"))
                .allMatch(command -> command.getStatus().equals("Success"));
        assertThat(SERVICE.done("ssm:SendCommand")).isZero();
        return action;
    }

    private UUID create() throws Exception {
        String sha256 =
                HexFormat.of()
                        .formatHex(
                                MessageDigest.getInstance("SHA-256")
                                        .digest(Files.readAllBytes(file)));
        ActionTarget target =
                TestService.target(TestService.WEB).toBuilder()
                        .setFile(FileTarget.newBuilder().setPath(file.toString()).setSha256(sha256))
                        .build();
        return IDLE.create(ActionKind.ACTION_KIND_QUARANTINE_FILE, target);
    }

    /** What the host has done for an action, once each. */
    private List<String> runs(UUID id) throws Exception {
        try (Stream<Path> runs = Files.list(host.resolve("runs"))) {
            return runs.map(run -> run.getFileName().toString())
                    .filter(run -> run.startsWith(id.toString()))
                    .sorted()
                    .toList();
        }
    }
}
