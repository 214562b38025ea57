package dev.yagura.response.action;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.common.config.Settings;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.FileTarget;
import dev.yagura.response.TestService;
import dev.yagura.response.channel.AgentChannels;
import dev.yagura.response.host.HostProcedures;
import jakarta.enterprise.inject.spi.CDI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** quarantine_file with runners that die, answers that are lost, calls that are throttled. */
class InterruptedHostActionTest {
    @RegisterExtension
    static final IdleService IDLE = IdleService.with(Map.of(), Duration.ofSeconds(1));

    private static final TestService SERVICE = IDLE.service();

    private static final List<String> CALLS =
            List.of(
                    "ec2:DescribeInstances",
                    "ssm:DescribeInstanceInformation",
                    "ssm:DescribeDocument",
                    "ssm:GetDocument",
                    "ssm:ListCommands",
                    "ssm:GetCommandInvocation",
                    "ssm:SendCommand");

    private Path host = Path.of("");
    private Path file = Path.of("");

    @BeforeEach
    void standForTheHost() throws Exception {
        host = SERVICE.folder("host");
        SERVICE.sandbox().runScriptsOf(TestService.WEB, host);
        file = Files.writeString(host.resolve("miner"), "mine");
    }

    @Test
    void survivesAKillAtEveryStep() throws Exception {
        IDLE.dieAtEveryStep(
                () -> {
                    standForTheHost();
                    return create();
                },
                this::assertQuarantined,
                this::assertRestored);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void survivesLostRepliesThrottlesAndKills(long seed) throws Exception {
        Random random = new Random(seed);
        UUID id = create();

        spoil(random);
        IDLE.runners().killAt(1 + random.nextInt(6), random.nextBoolean());
        IDLE.runners().runToTheEnd();
        assertQuarantined(id);

        IDLE.undo(id);
        spoil(random);
        IDLE.runners().killAt(1 + random.nextInt(6), random.nextBoolean());
        IDLE.runners().runToTheEnd();
        assertRestored(id);
    }

    @Test
    void aCommandThatItsHostDoesNotTakeIsCancelledAndHoldsNothing() throws Exception {
        UUID id = create();
        SERVICE.sandbox().setAgentRunning("web-1", false);
        Clock hasty = new HastyClock();
        Procedures procedures =
                new Procedures(
                        Stream.of(
                                new HostProcedures(
                                                CDI.current().select(AgentChannels.class).get(),
                                                CDI.current().select(Settings.class).get(),
                                                hasty)
                                        .quarantineFile()));

        new DyingRunners(IDLE.runs(), procedures, IDLE.config(), SERVICE.postgres(), () -> {})
                .runToTheEnd();

        Action failed = IDLE.action(id);
        assertThat(failed.getState()).isEqualTo(ActionState.ACTION_STATE_FAILED);
        assertThat(failed.getStateReason()).contains("was not delivered", "nothing was changed");
        assertThat(failed.getHostCommands(0).getStatus()).isEqualTo("NotDelivered");
        assertThat(SERVICE.ssm().listCommands().commands())
                .singleElement()
                .satisfies(command -> assertThat(command.statusAsString()).isEqualTo("Cancelled"));
        assertThat(file).hasContent("mine");
        assertThat(create()).as("nothing is held").isNotEqualTo(id);
    }

    /** A minute goes by whenever somebody looks. */
    private static final class HastyClock extends Clock {
        private Instant now = Instant.now();

        @Override
        public Instant instant() {
            now = now.plus(Duration.ofMinutes(1));
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException("one zone is enough for instants");
        }
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

    private static void spoil(Random random) {
        SERVICE.sandbox().loseReply("ssm:SendCommand");
        SERVICE.sandbox().loseReply(CALLS.get(random.nextInt(CALLS.size())));
        SERVICE.sandbox().throttle(CALLS.get(random.nextInt(CALLS.size())), 1 + random.nextInt(5));
    }

    private void assertQuarantined(UUID id) throws Exception {
        IDLE.ended(id, ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(file).doesNotExist();
        assertThat(host.resolve("quarantine/" + id + "/file")).exists();
        assertThat(runs()).containsExactly(id + ".apply");
    }

    private void assertRestored(UUID id) throws Exception {
        Action action = IDLE.ended(id, ActionState.ACTION_STATE_UNDONE);
        assertThat(action.getDriftList()).isEmpty();
        assertThat(file).hasContent("mine");
        assertThat(runs()).containsExactly(id + ".apply", id + ".undo1");
    }

    /** What the host has done, once each. */
    private List<String> runs() throws Exception {
        try (Stream<Path> runs = Files.list(host.resolve("runs"))) {
            return runs.map(run -> run.getFileName().toString()).sorted().toList();
        }
    }
}
