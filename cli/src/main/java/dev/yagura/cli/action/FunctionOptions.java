package dev.yagura.cli.action;

import dev.yagura.cli.connection.TextFiles;
import dev.yagura.cli.connection.UsageException;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.FunctionTarget;
import dev.yagura.proto.response.v1.InvocationTarget;
import picocli.CommandLine.Option;

/** A Lambda function, to contain or to invoke. */
final class FunctionOptions {
    @Option(
            names = "--function",
            required = true,
            paramLabel = "NAME",
            description =
                    "Name of a Lambda function, with --account and --region; or its ARN, without"
                            + " version or alias.")
    private String name = "";

    @Option(
            names = "--payload",
            defaultValue = "",
            paramLabel = "JSON",
            description = "For invoke_lambda: the event (default: {}).")
    private String payload = "";

    @Option(
            names = "--payload-file",
            defaultValue = "",
            paramLabel = "FILE",
            description = "The same from a file; - is standard input.")
    private String payloadFile = "";

    ActionTarget.Builder target(ActionKind kind, ScopeOptions scope, boolean denySharedRole) {
        ActionTarget.Builder target =
                ActionTarget.newBuilder()
                        .setScope(
                                name.startsWith("arn:")
                                        ? scope.ofRegional("--function", name)
                                        : scope.regional("--function"));
        if (kind == ActionKind.ACTION_KIND_INVOKE_LAMBDA) {
            return target.setInvocation(
                    InvocationTarget.newBuilder().setName(name).setPayload(event()));
        }
        return target.setFunction(
                FunctionTarget.newBuilder().setName(name).setDenySharedRole(denySharedRole));
    }

    private String event() {
        if (!payload.isEmpty() && !payloadFile.isEmpty()) {
            throw new UsageException("--payload-file: give it, or --payload, not both");
        }
        return payloadFile.isEmpty() ? payload : TextFiles.read(payloadFile).strip();
    }
}
