package dev.yagura.response.outbound;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.proto.response.v1.StateMachineExecution;
import dev.yagura.proto.response.v1.StateMachineTarget;
import dev.yagura.proto.response.v1.VerificationLevel;
import dev.yagura.response.action.ActionFailedException;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.action.StillPendingException;
import dev.yagura.response.aws.Checks;
import java.time.Clock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sfn.model.DescribeExecutionResponse;
import software.amazon.awssdk.services.sfn.model.ExecutionAlreadyExistsException;
import software.amazon.awssdk.services.sfn.model.ExecutionDoesNotExistException;
import software.amazon.awssdk.services.sfn.model.ExecutionStatus;

/** One execution: looked for by its name first, started if it is not there, then followed. */
final class StateMachineRun {
    private static final int LONGEST_OUTPUT = 16_384;
    private static final int LONGEST_CAUSE = 4_096;
    private static final int NAME_PART = 6;

    private final StateMachineCloud cloud;
    private final OutboundConfig config;
    private final ActionRun run;
    private final Clock clock;

    StateMachineRun(StateMachineCloud cloud, OutboundConfig config, ActionRun run, Clock clock) {
        this.cloud = cloud;
        this.config = config;
        this.run = run;
        this.clock = clock;
    }

    /** Of the execution: the action's id. */
    static String name(Action action) {
        return action.getName().substring(action.getName().indexOf('/') + 1);
    }

    void apply() {
        if (execution().getArn().isEmpty()) {
            prepare();
        }
        Optional<DescribeExecutionResponse> found = find();
        if (found.isEmpty()) {
            start();
            found = find();
        }
        follow(
                found.orElseThrow(() ->
                        new StillPendingException(
                                "Step Functions does not show the execution yet", config.poll())));
    }

    private StateMachineExecution execution() {
        return run.action().getExecution();
    }

    private void prepare() {
        ActionTarget target = run.action().getTarget();
        String name = name(run.action());
        Plan plan = StateMachinePlan.of(cloud, config, target, name, clock.instant());
        Checks.requireNoneRefused(plan.getChecksList());
        String arn = arn(target.getStateMachine().getArn(), name);
        run.prepared(
                plan,
                action -> action.setExecution(StateMachineExecution.newBuilder().setArn(arn)));
    }

    /** Versions and aliases have the executions of their state machine. */
    private static String arn(String machineArn, String name) {
        String[] parts = machineArn.split(":", -1);
        return "arn:%s:states:%s:%s:execution:%s:%s"
                .formatted(parts[1], parts[3], parts[4], parts[NAME_PART], name);
    }

    private Optional<DescribeExecutionResponse> find() {
        try {
            return Optional.of(
                    cloud.machines().describeExecution(r -> r.executionArn(execution().getArn())));
        } catch (ExecutionDoesNotExistException e) {
            return Optional.empty();
        }
    }

    /** The name makes it one, however often it is asked for. */
    private void start() {
        ActionTarget target = run.action().getTarget();
        StateMachineTarget machine = target.getStateMachine();
        String name = name(run.action());
        try {
            run.call(
                    StateMachinePlan.call(target, name),
                    () ->
                            cloud.machines()
                                    .startExecution(r ->
                                            r.stateMachineArn(machine.getArn())
                                                    .name(name)
                                                    .input(
                                                            machine.getInput().isEmpty()
                                                                    ? "{}"
                                                                    : machine.getInput())));
        } catch (ExecutionAlreadyExistsException e) {
            // An attempt before this one started it, and it has ended.
            run.extend();
        }
    }

    private void follow(DescribeExecutionResponse found) {
        save(found);
        String status = found.statusAsString();
        if (found.status() == ExecutionStatus.RUNNING
                || found.status() == ExecutionStatus.PENDING_REDRIVE) {
            throw new StillPendingException("the execution is " + status, config.poll());
        }
        run.verifying("the execution has ended");
        boolean passed = found.status() == ExecutionStatus.SUCCEEDED;
        String detail =
                "%s ended as %s%s"
                        .formatted(
                                execution().getArn(),
                                status,
                                execution().getOutputCut() ? "; its output is cut" : "");
        run.verified(VerificationLevel.VERIFICATION_LEVEL_CONFIG_READ, passed, detail);
        if (!passed) {
            throw new ActionFailedException(
                    "%s%s%s"
                            .formatted(
                                    detail,
                                    labelled(": ", execution().getError()),
                                    labelled(": ", execution().getCause())));
        }
    }

    private static String labelled(String label, String text) {
        return text.isEmpty() ? "" : label + text;
    }

    private void save(DescribeExecutionResponse found) {
        String output = text(found.output());
        StateMachineExecution seen =
                execution().toBuilder()
                        .setStatus(found.statusAsString())
                        .setOutput(cut(output, LONGEST_OUTPUT))
                        .setOutputCut(output.length() > LONGEST_OUTPUT)
                        .setError(cut(text(found.error()), LONGEST_CAUSE))
                        .setCause(cut(text(found.cause()), LONGEST_CAUSE))
                        .build();
        if (!seen.equals(execution())) {
            run.saved(action -> action.setExecution(seen));
        }
    }

    /** Never in the middle of a character. */
    private static String cut(String text, int longest) {
        if (text.length() <= longest) {
            return text;
        }
        boolean pair = Character.isHighSurrogate(text.charAt(longest - 1));
        return text.substring(0, pair ? longest - 1 : longest);
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }
}
