package dev.yagura.response.action;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.common.identity.Principal;
import dev.yagura.common.ids.ResourceName;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.HostCommand;
import dev.yagura.response.TestService;
import dev.yagura.testkit.PostgresFixture;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * isolate_host with runners that die, answers that are lost, calls that are throttled. What the
 * host answers is arranged: how it does its part once is shown where the documents run.
 */
class InterruptedHostIsolationTest {
    @RegisterExtension static final PostgresFixture POSTGRES = PostgresFixture.of("response");

    private static final String MADE = "a".repeat(64);

    @TempDir static Path folder;
    private static TestService service;
    private static ActionStore store;
    private static ActionCatalog catalog;
    private static DyingRunners runners;

    @BeforeAll
    static void startService() throws Exception {
        IdleService idle =
                IdleService.start(
                        POSTGRES, folder, Map.of("yagura.response.action.attempts", "20"));
        service = idle.service();
        store = idle.store();
        catalog = idle.catalog();
        runners =
                new DyingRunners(
                        store,
                        idle.procedures(),
                        idle.config(),
                        POSTGRES,
                        () -> service.sandbox().advance(Duration.ofSeconds(1)));
    }

    @AfterAll
    static void stopService() {
        service.close();
    }

    @BeforeEach
    void backToTheSeed() {
        POSTGRES.execute("DELETE FROM action");
        service.sandbox().reset();
        answer("Cuts the host off at once", "isolated " + MADE + "\nnarrowed user root\n");
        answer("Takes the cut back", "released " + MADE + " yes\n");
    }

    private static void answer(String script, String facts) {
        service.sandbox()
                .arrangeOutcome(
                        "web-1",
                        script,
                        0,
                        "yagura-report 1\n" + facts + "end 0\n",
                        Duration.ofSeconds(1));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void survivesAKillAtEveryStep(boolean afterTheWrite) {
        boolean killed = true;
        for (int step = 1; killed; step++) {
            backToTheSeed();
            UUID id = create();

            killed = runners.killAt(step, afterTheWrite);
            runners.runToTheEnd();
            assertEnded(id, ActionState.ACTION_STATE_SUCCEEDED, 1);

            undo(id);
            killed |= runners.killAt(step, afterTheWrite);
            runners.runToTheEnd();
            assertEnded(id, ActionState.ACTION_STATE_UNDONE, 2);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void survivesLostRepliesAndThrottles(long seed) {
        Random random = new Random(seed);
        UUID id = create();

        spoil(random);
        runners.killAt(1 + random.nextInt(6), random.nextBoolean());
        runners.runToTheEnd();
        assertEnded(id, ActionState.ACTION_STATE_SUCCEEDED, 1);

        undo(id);
        spoil(random);
        runners.killAt(1 + random.nextInt(6), random.nextBoolean());
        runners.runToTheEnd();
        assertEnded(id, ActionState.ACTION_STATE_UNDONE, 2);
    }

    @Test
    void anAlteredTableIsDrift() {
        service.sandbox().reset();
        answer("Cuts the host off at once", "isolated " + MADE + "\nnarrowed user root\n");
        answer(
                "Takes the cut back",
                "restored gone 1795719018\nreleased " + "b".repeat(64) + " forgotten\n");
        UUID id = create();
        runners.runToTheEnd();
        undo(id);
        runners.runToTheEnd();

        assertThat(action(id).getDriftList())
                .containsExactly(
                        "the table was deleted; the host put it back at 2026-11-26T18:50:18Z",
                        "the table was altered: its SHA-256 was %s, not %s"
                                .formatted("b".repeat(64), MADE),
                        "/var/lib/yagura/isolation of the host was deleted by somebody");
    }

    private static void spoil(Random random) {
        service.sandbox().loseReply("ssm:SendCommand");
        service.sandbox().throttle("ec2:DescribeVpcEndpoints", 1 + random.nextInt(4));
        service.sandbox().throttle("ec2:DescribeSubnets", 1 + random.nextInt(4));
    }

    private static UUID create() {
        Action created =
                catalog.create(
                        new ActionCatalog.Order(
                                ActionKind.ACTION_KIND_ISOLATE_HOST,
                                TestService.target(TestService.WEB),
                                "beacon",
                                ""),
                        UUID.randomUUID(),
                        Principal.service("token-1"));
        return ResourceName.parse("actions", created.getName());
    }

    private static void undo(UUID id) {
        catalog.undo(id, "clean", Principal.service("gateway"));
    }

    private static void assertEnded(UUID id, ActionState state, int commands) {
        Action action = action(id);
        assertThat(action.getState()).as(action.getStateReason()).isEqualTo(state);
        assertThat(action.getDriftList()).isEmpty();
        assertThat(service.ssm().listCommands().commands()).hasSize(commands);
        assertThat(action.getHostCommandsList())
                .extracting(HostCommand::getStatus)
                .containsOnly("Success")
                .hasSize(commands);
        assertThat(action.getCallsList()).allMatch(call -> call.hasEndTime());
    }

    private static Action action(UUID id) {
        return store.find(id).orElseThrow();
    }
}
