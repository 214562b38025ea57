package dev.yagura.response.action;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.response.TestService;
import dev.yagura.response.host.TestPackage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** install_agent with runners that die, answers that are lost, calls that are throttled. */
class InterruptedInstallTest {
    @RegisterExtension
    static final IdleService IDLE =
            IdleService.with(TestPackage.USUAL.settings(), Duration.ofSeconds(1));

    private static final TestService SERVICE = IDLE.service();

    private static final List<String> CALLS =
            List.of(
                    "ec2:DescribeInstances",
                    "ssm:DescribeInstanceInformation",
                    "ssm:GetDocument",
                    "ssm:ListCommands",
                    "ssm:GetCommandInvocation",
                    "s3:GetObject");

    private Path host = Path.of("");

    @Test
    void survivesAKillAtEveryStep() throws Exception {
        IDLE.dieAtEveryStep(this::create, this::assertInstalled, this::assertRemoved);
    }

    @Test
    void survivesLostRepliesAndThrottles() throws Exception {
        Random random = new Random(1);
        UUID id = create();
        spoil(random);
        IDLE.runners().killAt(1 + random.nextInt(6), random.nextBoolean());
        IDLE.runners().runToTheEnd();
        assertInstalled(id);

        IDLE.undo(id);
        spoil(random);
        IDLE.runners().killAt(1 + random.nextInt(6), random.nextBoolean());
        IDLE.runners().runToTheEnd();
        assertRemoved(id);
    }

    private UUID create() throws Exception {
        host = SERVICE.folder("host");
        TestPackage.prepare(host);
        SERVICE.sandbox().runScriptsOf(TestService.WEB, host);
        TestPackage.USUAL.put(SERVICE);
        return IDLE.create(ActionKind.ACTION_KIND_INSTALL_AGENT, TestService.WEB);
    }

    private static void spoil(Random random) {
        SERVICE.sandbox().loseReply("ssm:SendCommand");
        SERVICE.sandbox().throttle(CALLS.get(random.nextInt(CALLS.size())), 1 + random.nextInt(5));
    }

    private void assertInstalled(UUID id) throws Exception {
        IDLE.ended(id, ActionState.ACTION_STATE_SUCCEEDED);
        assertThat(Files.readAllLines(host.resolve("calls"))).as("enrolled once").hasSize(1);
        assertThat(host.resolve("active")).exists();
    }

    private void assertRemoved(UUID id) {
        assertThat(IDLE.ended(id, ActionState.ACTION_STATE_UNDONE).getDriftList()).isEmpty();
        assertThat(host.resolve("etc/systemd/system/yagura-agent.service")).doesNotExist();
        assertThat(host.resolve("active")).doesNotExist();
    }
}
