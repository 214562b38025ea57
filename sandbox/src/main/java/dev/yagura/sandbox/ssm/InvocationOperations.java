package dev.yagura.sandbox.ssm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.yagura.sandbox.wire.ApiFault;
import dev.yagura.sandbox.wire.Body;
import dev.yagura.sandbox.wire.Call;
import dev.yagura.sandbox.wire.Operation;
import dev.yagura.sandbox.wire.Parameters;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** GetCommandInvocation. */
final class InvocationOperations {
    private static final int LONGEST_OUTPUT = 24_000;
    private static final int LONGEST_ERROR = 8_000;

    private final RunCommand runCommand;
    private final Clock clock;

    InvocationOperations(RunCommand runCommand, Clock clock) {
        this.runCommand = runCommand;
        this.clock = clock;
    }

    List<Operation> all() {
        return List.of(
                Operation.named("GetCommandInvocation", this::get)
                        .needs("CommandId", "InstanceId")
                        .knows("PluginName"));
    }

    private Body get(Call call) {
        Parameters parameters = call.parameters();
        String instanceId = parameters.required("InstanceId");
        Command command =
                runCommand
                        .find(parameters.required("CommandId"))
                        .filter(sent -> runCommand.isVisible(sent, clock.instant()))
                        .orElseThrow(InvocationOperations::doesNotExist);
        String step = command.request().script().stepName();
        if (parameters.text("PluginName").filter(name -> !name.equals(step)).isPresent()) {
            throw ApiFault.of("InvalidPluginName", "The plugin name is not valid.");
        }
        Invocation invocation =
                command.on(instanceId).orElseThrow(InvocationOperations::doesNotExist);
        return new Body.Members(json(command, invocation));
    }

    private static ObjectNode json(Command command, Invocation invocation) {
        CommandStatus status = invocation.status();
        boolean ran = status == CommandStatus.SUCCESS || status == CommandStatus.FAILED;
        Outcome outcome = invocation.outcome();
        return Json.object()
                .put("CommandId", command.id())
                .put("InstanceId", invocation.instanceId())
                .put("Comment", command.request().comment())
                .put("DocumentName", command.request().documentName())
                .put("DocumentVersion", command.request().documentVersion())
                .put("PluginName", command.request().script().stepName())
                .put("ResponseCode", ran ? outcome.exitCode() : -1)
                .put(
                        "ExecutionStartDateTime",
                        invocation.startedAt().map(Instant::toString).orElse(""))
                .put("ExecutionEndDateTime", invocation.endedAt().map(Instant::toString).orElse(""))
                .put("ExecutionElapsedTime", elapsed(invocation))
                .put("Status", status.status())
                .put("StatusDetails", status.details())
                .put(
                        "StandardOutputContent",
                        ran ? capped(outcome.standardOutput(), LONGEST_OUTPUT) : "")
                .put("StandardOutputUrl", ran ? url(command, invocation, "stdout") : "")
                .put(
                        "StandardErrorContent",
                        ran ? capped(outcome.standardError(), LONGEST_ERROR) : "")
                .put("StandardErrorUrl", ran ? url(command, invocation, "stderr") : "");
    }

    /** Nothing is really put there. */
    private static String url(Command command, Invocation invocation, String stream) {
        String bucket = command.request().outputBucket();
        return bucket.isEmpty()
                ? ""
                : "https://s3.amazonaws.com/%s/%s/%s/awsrunShellScript/%s/%s"
                        .formatted(
                                bucket,
                                command.id(),
                                invocation.instanceId(),
                                command.request().script().stepName(),
                                stream);
    }

    private static String elapsed(Invocation invocation) {
        return invocation
                .startedAt()
                .flatMap(start -> invocation.endedAt().map(end -> Duration.between(start, end)))
                .map(Duration::toString)
                .orElse("");
    }

    private static String capped(String text, int longest) {
        return text.length() <= longest ? text : text.substring(0, longest);
    }

    private static ApiFault doesNotExist() {
        return ApiFault.of("InvocationDoesNotExist", "");
    }
}
