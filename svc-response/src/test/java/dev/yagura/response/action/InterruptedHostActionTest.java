package dev.yagura.response.action;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.common.config.Settings;
import dev.yagura.common.identity.Principal;
import dev.yagura.common.ids.ResourceName;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.FileTarget;
import dev.yagura.response.TestService;
import dev.yagura.response.host.HostProcedures;
import dev.yagura.testkit.PostgresFixture;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** quarantine_file with runners that die, answers that are lost, calls that are throttled. */
class InterruptedHostActionTest {
    @RegisterExtension static final PostgresFixture POSTGRES = PostgresFixture.of("response");

    private static final List<String> CALLS =
            List.of(
                    "ec2:DescribeInstances",
                    "ssm:DescribeInstanceInformation",
                    "ssm:DescribeDocument",
                    "ssm:GetDocument",
                    "ssm:ListCommands",
                    "ssm:GetCommandInvocation",
                    "ssm:SendCommand");

    @TempDir static Path folder;
    private static TestService service;
    private static ActionStore store;
    private static ActionConfig config;
    private static ActionCatalog catalog;
    private static DyingRunners runners;

    private Path host = folder;
    private Path file = folder;

    @BeforeAll
    static void startService() throws Exception {
        IdleService idle =
                IdleService.start(
                        POSTGRES, folder, Map.of("yagura.response.action.attempts", "20"));
        service = idle.service();
        store = idle.store();
        config = idle.config();
        runners =
                new DyingRunners(
                        store,
                        idle.procedures(),
                        idle.config(),
                        POSTGRES,
                        () -> service.sandbox().advance(Duration.ofSeconds(1)));
        catalog = idle.catalog();
    }

    @AfterAll
    static void stopService() {
        service.close();
    }

    @BeforeEach
    void backToTheSeed() throws Exception {
        POSTGRES.execute("DELETE FROM action");
        service.sandbox().reset();
        host = Files.createTempDirectory(folder, "host");
        service.sandbox().runScriptsOf(TestService.WEB, host);
        file = Files.writeString(host.resolve("miner"), "mine");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void survivesAKillAtEveryStep(boolean afterTheWrite) throws Exception {
        boolean killed = true;
        for (int step = 1; killed; step++) {
            backToTheSeed();
            UUID id = create();

            killed = runners.killAt(step, afterTheWrite);
            runners.runToTheEnd();
            assertQuarantined(id);

            undo(id);
            killed |= runners.killAt(step, afterTheWrite);
            runners.runToTheEnd();
            assertRestored(id);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void survivesLostRepliesThrottlesAndKills(long seed) throws Exception {
        Random random = new Random(seed);
        UUID id = create();

        spoil(random);
        runners.killAt(1 + random.nextInt(6), random.nextBoolean());
        runners.runToTheEnd();
        assertQuarantined(id);

        undo(id);
        spoil(random);
        runners.killAt(1 + random.nextInt(6), random.nextBoolean());
        runners.runToTheEnd();
        assertRestored(id);
    }

    @Test
    void aCommandThatItsHostDoesNotTakeIsCancelledAndHoldsNothing() throws Exception {
        UUID id = create();
        service.sandbox().setAgentRunning("web-1", false);
        Clock hasty = new HastyClock();
        Procedures procedures =
                new Procedures(
                        Stream.of(
                                new HostProcedures(
                                                CDI.current().select(Settings.class).get(), hasty)
                                        .quarantineFile()));

        new DyingRunners(store, procedures, config, POSTGRES, () -> {}).runToTheEnd();

        Action failed = action(id);
        assertThat(failed.getState()).isEqualTo(ActionState.ACTION_STATE_FAILED);
        assertThat(failed.getStateReason()).contains("was not delivered", "nothing was changed");
        assertThat(failed.getHostCommands(0).getStatus()).isEqualTo("NotDelivered");
        assertThat(service.ssm().listCommands().commands())
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
        Action created =
                catalog.create(
                        new ActionCatalog.Order(
                                ActionKind.ACTION_KIND_QUARANTINE_FILE, target, "miner", ""),
                        UUID.randomUUID(),
                        Principal.service("token-1"));
        return ResourceName.parse("actions", created.getName());
    }

    private static void undo(UUID id) {
        catalog.undo(id, "clean", Principal.service("gateway"));
    }

    private static void spoil(Random random) {
        service.sandbox().loseReply("ssm:SendCommand");
        service.sandbox().loseReply(CALLS.get(random.nextInt(CALLS.size())));
        service.sandbox().throttle(CALLS.get(random.nextInt(CALLS.size())), 1 + random.nextInt(5));
    }

    private void assertQuarantined(UUID id) throws Exception {
        Action action = action(id);
        assertThat(action.getState())
                .as(action.getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(file).doesNotExist();
        assertThat(host.resolve("quarantine/" + id + "/file")).exists();
        assertThat(runs()).containsExactly(id + ".apply");
        assertThat(action.getCallsList()).allMatch(call -> call.hasEndTime());
    }

    private void assertRestored(UUID id) throws Exception {
        Action action = action(id);
        assertThat(action.getState())
                .as(action.getStateReason())
                .isEqualTo(ActionState.ACTION_STATE_UNDONE);
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

    private static Action action(UUID id) {
        return store.find(id).orElseThrow();
    }
}
