package dev.yagura.response.action;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.HostCommand;
import dev.yagura.response.TestService;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * isolate_host with runners that die, answers that are lost, calls that are throttled. What the
 * host answers is arranged: how it does its part once is shown where the documents run.
 */
class InterruptedHostIsolationTest {
    @RegisterExtension
    static final IdleService IDLE = IdleService.with(Map.of(), Duration.ofSeconds(1));

    private static final TestService SERVICE = IDLE.service();

    private static final String MADE = "a".repeat(64);

    @BeforeEach
    void arrangeAnswers() {
        answer("Cuts the host off at once", "isolated " + MADE + "\nnarrowed user root\n");
        answer("Takes the cut back", "released " + MADE + " yes\n");
    }

    private static void answer(String script, String facts) {
        SERVICE.sandbox()
                .arrangeOutcome(
                        "web-1",
                        script,
                        0,
                        "yagura-report 1\n" + facts + "end 0\n",
                        Duration.ofSeconds(1));
    }

    @Test
    void survivesAKillAtEveryStep() throws Exception {
        IDLE.dieAtEveryStep(
                () -> {
                    arrangeAnswers();
                    return create();
                },
                id -> assertEnded(id, ActionState.ACTION_STATE_SUCCEEDED, 1),
                id -> assertEnded(id, ActionState.ACTION_STATE_UNDONE, 2));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void survivesLostRepliesAndThrottles(long seed) {
        Random random = new Random(seed);
        UUID id = create();

        spoil(random);
        IDLE.runners().killAt(1 + random.nextInt(6), random.nextBoolean());
        IDLE.runners().runToTheEnd();
        assertEnded(id, ActionState.ACTION_STATE_SUCCEEDED, 1);

        IDLE.undo(id);
        spoil(random);
        IDLE.runners().killAt(1 + random.nextInt(6), random.nextBoolean());
        IDLE.runners().runToTheEnd();
        assertEnded(id, ActionState.ACTION_STATE_UNDONE, 2);
    }

    @Test
    void anAlteredTableIsDrift() {
        SERVICE.sandbox().reset();
        answer("Cuts the host off at once", "isolated " + MADE + "\nnarrowed user root\n");
        answer(
                "Takes the cut back",
                "restored gone 1795719018\nreleased " + "b".repeat(64) + " forgotten\n");
        UUID id = create();
        IDLE.runners().runToTheEnd();
        IDLE.undo(id);
        IDLE.runners().runToTheEnd();

        assertThat(IDLE.action(id).getDriftList())
                .containsExactly(
                        "the table was deleted; the host put it back at 2026-11-26T18:50:18Z",
                        "the table was altered: its SHA-256 was %s, not %s"
                                .formatted("b".repeat(64), MADE),
                        "/var/lib/yagura/isolation of the host was deleted by somebody");
    }

    private static void spoil(Random random) {
        SERVICE.sandbox().loseReply("ssm:SendCommand");
        SERVICE.sandbox().throttle("ec2:DescribeVpcEndpoints", 1 + random.nextInt(4));
        SERVICE.sandbox().throttle("ec2:DescribeSubnets", 1 + random.nextInt(4));
    }

    private static UUID create() {
        return IDLE.create(ActionKind.ACTION_KIND_ISOLATE_HOST, TestService.WEB);
    }

    private static void assertEnded(UUID id, ActionState state, int commands) {
        Action action = IDLE.ended(id, state);
        assertThat(action.getDriftList()).isEmpty();
        assertThat(SERVICE.ssm().listCommands().commands()).hasSize(commands);
        assertThat(action.getHostCommandsList())
                .extracting(HostCommand::getStatus)
                .containsOnly("Success")
                .hasSize(commands);
    }
}
