package dev.yagura.cli.action;

import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.StateMachineTarget;
import picocli.CommandLine.Option;

/** What is started. */
final class StateMachineOptions {
    @Option(
            names = "--state-machine",
            paramLabel = "ARN",
            required = true,
            description = "State machine of the allow-list.")
    private String arn = "";

    @Option(names = "--input", defaultValue = "", description = "A JSON object (default: {}).")
    private String input = "";

    ActionTarget.Builder target(ScopeOptions scope) {
        return ActionTarget.newBuilder()
                .setScope(scope.ofRegional("--state-machine", arn))
                .setStateMachine(StateMachineTarget.newBuilder().setArn(arn).setInput(input));
    }
}
