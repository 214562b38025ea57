package dev.yagura.sandbox;

import static dev.yagura.sandbox.AwsErrors.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yagura.sandbox.control.SandboxClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.Command;
import software.amazon.awssdk.services.ssm.model.CommandInvocationStatus;
import software.amazon.awssdk.services.ssm.model.CommandStatus;
import software.amazon.awssdk.services.ssm.model.GetCommandInvocationResponse;
import software.amazon.awssdk.services.ssm.model.InstanceInformation;
import software.amazon.awssdk.services.ssm.model.PingStatus;
import software.amazon.awssdk.services.ssm.model.SendCommandRequest;

class CommandsTest {
    @RegisterExtension static final SandboxExtension SANDBOX = new SandboxExtension();

    private final SsmClient ssm = SANDBOX.ssm();
    private final SandboxClient control = SANDBOX.control();

    @Test
    void anInvocationAppearsThenGoesFromPendingToSuccess() {
        control.arrangeOutcome("web-1", "uname", 0, "Linux\n", Duration.ofSeconds(1));
        String id = send(Seeded.WEB, "uname -s");

        refused(() -> invocation(id), "InvocationDoesNotExist");
        control.advance(Duration.ofMillis(400));
        assertThat(status(id)).isEqualTo(CommandInvocationStatus.PENDING);
        assertThat(invocation(id).responseCode()).isEqualTo(-1);
        control.advance(Duration.ofMillis(400));
        assertThat(status(id)).isEqualTo(CommandInvocationStatus.IN_PROGRESS);
        control.advance(Duration.ofSeconds(1));
        assertThat(invocation(id).status()).isEqualTo(CommandInvocationStatus.SUCCESS);
        assertThat(invocation(id).responseCode()).isZero();
        assertThat(invocation(id).standardOutputContent()).isEqualTo("Linux\n");
        assertThat(invocation(id).executionElapsedTime()).isEqualTo("PT1S");
    }

    @Test
    void aScriptThatFailsIsFailed() {
        control.arrangeOutcome("web-1", "nft", 3, "", Duration.ofMillis(100));
        String id = send(Seeded.WEB, "nft -f -");
        control.advance(Duration.ofSeconds(2));

        assertThat(status(id)).isEqualTo(CommandInvocationStatus.FAILED);
        assertThat(invocation(id).responseCode()).isEqualTo(3);
        assertThat(command(id).errorCount()).isEqualTo(1);
    }

    @Test
    void outputIsCutWhereSsmCutsIt() {
        control.arrangeOutcome("web-1", "ss", 0, "x".repeat(30_000), Duration.ofMillis(100));
        String id = send(Seeded.WEB, "ss -tn");
        control.advance(Duration.ofSeconds(2));

        assertThat(invocation(id).standardOutputContent()).hasSize(24_000);
    }

    @Test
    void aScriptThatRunsTooLongTimesOut() {
        control.arrangeOutcome("web-1", "sleep", 0, "", Duration.ofHours(2));
        String id =
                send(r ->
                        r.instanceIds(Seeded.WEB)
                                .parameters(
                                        Map.of(
                                                "commands", List.of("sleep 7200"),
                                                "executionTimeout", List.of("60"))));
        control.advance(Duration.ofSeconds(62));

        assertThat(status(id)).isEqualTo(CommandInvocationStatus.TIMED_OUT);
        assertThat(invocation(id).statusDetails()).isEqualTo("ExecutionTimedOut");
    }

    @Test
    void aNodeWithoutAgentLeavesTheCommandPending() {
        control.setAgentRunning("web-1", false);
        String id = send(Seeded.WEB, "true");
        control.advance(Duration.ofHours(2));

        assertThat(status(id)).isEqualTo(CommandInvocationStatus.PENDING);
        assertThat(node(Seeded.WEB).pingStatus()).isEqualTo(PingStatus.CONNECTION_LOST);

        control.setAgentRunning("web-1", true);
        control.advance(Duration.ofSeconds(5));
        assertThat(status(id)).isEqualTo(CommandInvocationStatus.SUCCESS);
    }

    @Test
    void aNodeThatWasCutOffTimesOutInDelivery() {
        cutOff(Seeded.WEB_ENI);
        control.advance(Duration.ofMinutes(61));
        String id =
                send(r -> r.instanceIds(Seeded.WEB).parameters(script("true")).timeoutSeconds(30));
        control.advance(Duration.ofSeconds(20));
        assertThat(status(id)).isEqualTo(CommandInvocationStatus.PENDING);
        control.advance(Duration.ofSeconds(20));

        assertThat(status(id)).isEqualTo(CommandInvocationStatus.TIMED_OUT);
        assertThat(invocation(id).statusDetails()).isEqualTo("DeliveryTimedOut");
    }

    /**
     * The trap: commands still pass right after a wrong isolation, and stop when it is too late.
     */
    @Test
    void theAgentsOpenChannelOutlivesAnIsolationThatForgotTheEndpoints() {
        cutOff(Seeded.WEB_ENI);
        String soon = send(Seeded.WEB, "true");
        control.advance(Duration.ofSeconds(5));
        assertThat(status(soon)).isEqualTo(CommandInvocationStatus.SUCCESS);
        assertThat(control.probe("web-1", "endpoint:ssmmessages", 443).allowed()).isFalse();

        control.advance(Duration.ofMinutes(66));
        assertThat(node(Seeded.WEB).pingStatus()).isEqualTo(PingStatus.CONNECTION_LOST);
        assertThat(node(Seeded.DB).pingStatus()).isEqualTo(PingStatus.ONLINE);
    }

    @Test
    void cancelsWhatHasNotEnded() {
        control.arrangeOutcome(null, "sleep", 0, "", Duration.ofMinutes(5));
        String running = send(Seeded.WEB, "sleep 300");
        control.advance(Duration.ofSeconds(2));
        String waiting = send(Seeded.WEB, "sleep 300");

        ssm.cancelCommand(r -> r.commandId(running));
        ssm.cancelCommand(r -> r.commandId(waiting).instanceIds(Seeded.WEB));
        assertThat(status(running)).isEqualTo(CommandInvocationStatus.CANCELLING);
        control.advance(Duration.ofSeconds(1));

        assertThat(status(running)).isEqualTo(CommandInvocationStatus.CANCELLED);
        assertThat(status(waiting)).isEqualTo(CommandInvocationStatus.CANCELLED);
        refused(
                () -> ssm.cancelCommand(r -> r.commandId("0a1b2c3d-0000-0000-0000-000000000000")),
                "InvalidCommandId");
    }

    @Test
    void listsCommandsNewestFirst() {
        List<String> sent = IntStream.range(0, 3).mapToObj(i -> send(Seeded.WEB, "true")).toList();
        send(Seeded.DB, "true");

        assertThat(
                        ssm
                                .listCommandsPaginator(r -> r.instanceId(Seeded.WEB).maxResults(2))
                                .commands()
                                .stream()
                                .map(Command::commandId))
                .containsExactlyElementsOf(sent.reversed());
        control.advance(Duration.ofSeconds(5));
        assertThat(command(sent.getFirst()).status()).isEqualTo(CommandStatus.SUCCESS);
    }

    @Test
    void targetsByTag() {
        String id =
                send(r ->
                        r.targets(t -> t.key("tag:Owner").values("shop"))
                                .parameters(script("true")));

        assertThat(command(id).targetCount()).isEqualTo(2);
    }

    @Test
    void refusesWhatSsmRefuses() {
        refused(() -> send(r -> r.instanceIds(Seeded.WEB)), "InvalidParameters");
        refused(
                () -> send(r -> r.instanceIds("i-00000000000000000").parameters(script("true"))),
                "InvalidInstanceId");
        refused(
                () -> send(r -> r.instanceIds(Seeded.WEB, Seeded.WEB).parameters(script("true"))),
                "DuplicateInstanceId");
        refused(
                () ->
                        send(r ->
                                r.instanceIds(Seeded.WEB)
                                        .parameters(script("true"))
                                        .timeoutSeconds(29)),
                "ValidationException");
        refused(
                () ->
                        send(r ->
                                r.instanceIds(Seeded.WEB)
                                        .parameters(script("true"))
                                        .documentName("AWS-RunPatchBaseline")),
                "InvalidDocument");
        refused(
                () ->
                        ssm.describeInstanceInformation(
                                r -> r.filters(f -> f.key("Colour").values("red"))),
                "InvalidFilterKey");
        refused(() -> ssm.describeInstanceInformation(r -> r.maxResults(4)), "ValidationException");
    }

    @Test
    void aTerminatedInstanceTakesNoCommands() {
        control.terminate("web-1");
        refused(() -> send(Seeded.WEB, "true"), "InvalidInstanceId");
    }

    private void cutOff(String eni) {
        String group =
                SANDBOX.ec2()
                        .createSecurityGroup(
                                r -> r.groupName("nothing").description("x").vpcId(Seeded.VPC))
                        .groupId();
        var everything =
                SANDBOX.ec2()
                        .describeSecurityGroups(r -> r.groupIds(group))
                        .securityGroups()
                        .getFirst()
                        .ipPermissionsEgress();
        SANDBOX.ec2().revokeSecurityGroupEgress(r -> r.groupId(group).ipPermissions(everything));
        SANDBOX.ec2().modifyNetworkInterfaceAttribute(r -> r.networkInterfaceId(eni).groups(group));
    }

    private String send(String instanceId, String script) {
        return send(r -> r.instanceIds(instanceId).parameters(script(script)));
    }

    private String send(Consumer<SendCommandRequest.Builder> request) {
        return ssm.sendCommand(
                        r -> {
                            r.documentName("AWS-RunShellScript");
                            request.accept(r);
                        })
                .command()
                .commandId();
    }

    private static Map<String, List<String>> script(String text) {
        return Map.of("commands", List.of(text));
    }

    private GetCommandInvocationResponse invocation(String commandId) {
        return ssm.getCommandInvocation(r -> r.commandId(commandId).instanceId(Seeded.WEB));
    }

    private CommandInvocationStatus status(String commandId) {
        return invocation(commandId).status();
    }

    private Command command(String id) {
        return ssm.listCommands(r -> r.commandId(id)).commands().getFirst();
    }

    private InstanceInformation node(String id) {
        return ssm.describeInstanceInformation(r -> r.filters(f -> f.key("InstanceIds").values(id)))
                .instanceInformationList()
                .getFirst();
    }
}
