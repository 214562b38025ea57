package dev.yagura.sandbox.workflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.yagura.sandbox.wire.Api;
import dev.yagura.sandbox.wire.ApiFault;
import dev.yagura.sandbox.wire.Body;
import dev.yagura.sandbox.wire.Call;
import dev.yagura.sandbox.wire.JsonText;
import dev.yagura.sandbox.wire.Operation;
import dev.yagura.sandbox.wire.Parameters;
import dev.yagura.sandbox.wire.Protocol;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** Step Functions: a state machine, and its executions. */
public final class StateMachineApi {
    /** Prefix of X-Amz-Target. */
    private static final String TARGET = "AWSStepFunctions";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,80}");
    private static final String EXPRESS = "EXPRESS";

    private final StateMachines machines;
    private final Clock clock;

    private StateMachineApi(StateMachines machines, Clock clock) {
        this.machines = machines;
        this.clock = clock;
    }

    public static Api of(StateMachines machines, Clock clock) {
        StateMachineApi api = new StateMachineApi(machines, clock);
        return Api.of(
                "states",
                Protocol.JSON,
                "",
                TARGET,
                false,
                List.of(
                        Operation.named("DescribeStateMachine", api::describe)
                                .needs("stateMachineArn")
                                .on(p -> List.of(p.text("stateMachineArn").orElse("*"))),
                        Operation.named("StartExecution", api::start)
                                .needs("stateMachineArn")
                                .knows("name", "input")
                                .on(p -> List.of(p.text("stateMachineArn").orElse("*"))),
                        Operation.named("DescribeExecution", api::execution)
                                .needs("executionArn")
                                .on(p -> List.of(p.text("executionArn").orElse("*")))));
    }

    private Body describe(Call call) {
        StateMachine machine = machine(call.parameters());
        return new Body.Members(
                object().put("stateMachineArn", machine.arn())
                        .put("name", machine.name())
                        .put("status", "ACTIVE")
                        .put("type", machine.type())
                        .put("definition", "{}")
                        .put("roleArn", "arn:aws:iam::111122223333:role/workflow"));
    }

    /** The same name and input is the same execution as long as it runs; afterwards it is taken. */
    private Body start(Call call) {
        Parameters parameters = call.parameters();
        StateMachine machine = machine(parameters);
        String name = parameters.text("name").orElseGet(() -> UUID.randomUUID().toString());
        String input = parameters.text("input").orElse("{}");
        if (!NAME.matcher(name).matches()) {
            throw ApiFault.of("InvalidName", "Invalid Name: '%s'", name);
        }
        if (!isJson(input)) {
            throw ApiFault.of("InvalidExecutionInput", "Invalid State Machine Execution Input");
        }
        String arn = machines.executionArn(machine, name);
        Instant now = clock.instant();
        Optional<Execution> before = machines.execution(arn);
        if (before.isPresent()
                && (before.get().isEnded(now) || !before.get().input().equals(input))) {
            throw ApiFault.of("ExecutionAlreadyExists", "Execution Already Exists: '%s'", arn);
        }
        Execution execution = before.orElseGet(() -> new Execution(arn, machine, name, input, now));
        machines.put(execution);
        return new Body.Members(
                object().put("executionArn", arn).put("startDate", time(execution.started())));
    }

    private Body execution(Call call) {
        String arn = call.parameters().required("executionArn");
        Execution execution =
                machines.execution(arn)
                        .filter(each -> !each.machine().type().equals(EXPRESS))
                        .orElseThrow(() ->
                                ApiFault.of(
                                        "ExecutionDoesNotExist",
                                        "Execution Does Not Exist: '%s'",
                                        arn));
        Instant now = clock.instant();
        ObjectNode answer =
                object().put("executionArn", arn)
                        .put("stateMachineArn", execution.machine().arn())
                        .put("name", execution.name())
                        .put("status", execution.status(now))
                        .put("startDate", time(execution.started()))
                        .put("input", execution.input());
        if (execution.isEnded(now)) {
            answer.put("stopDate", time(execution.end()));
            if (execution.machine().error().isEmpty()) {
                answer.put("output", execution.input());
            } else {
                answer.put("error", execution.machine().error()).put("cause", "it was told to");
            }
        }
        return new Body.Members(answer);
    }

    private StateMachine machine(Parameters parameters) {
        String arn = parameters.required("stateMachineArn");
        return machines.machine(arn)
                .orElseThrow(() ->
                        ApiFault.of(
                                "StateMachineDoesNotExist",
                                "State Machine Does Not Exist: '%s'",
                                arn));
    }

    private static boolean isJson(String text) {
        try {
            return !JsonText.mapper().readTree(text).isMissingNode();
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    private static double time(Instant instant) {
        return instant.toEpochMilli() / 1000.0;
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
