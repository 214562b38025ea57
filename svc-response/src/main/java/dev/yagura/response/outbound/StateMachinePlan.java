package dev.yagura.response.outbound;

import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.proto.response.v1.PlannedCall;
import dev.yagura.proto.response.v1.PreflightCheck;
import dev.yagura.response.aws.Checks;
import dev.yagura.response.aws.SavedTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.sfn.model.DescribeStateMachineResponse;
import software.amazon.awssdk.services.sfn.model.StateMachineDoesNotExistException;
import software.amazon.awssdk.services.sfn.model.StateMachineStatus;
import software.amazon.awssdk.services.sfn.model.StateMachineType;

/** What would be started, and what must hold before. */
final class StateMachinePlan {
    static final String START = "states:StartExecution";

    private static final int UNQUALIFIED_PARTS = 7;

    private static final List<String> RISKS =
            List.of(
                    "what the execution does is decided by the state machine and its role, not by"
                            + " Yagura; nothing of it is undone by Yagura",
                    "cancelling or failing this action does not stop the execution: stop it with aws"
                            + " stepfunctions stop-execution",
                    "whoever may read executions sees the input");

    private StateMachinePlan() {}

    /** Reads AWS, and changes nothing. */
    static Plan of(
            StateMachineCloud cloud,
            OutboundConfig config,
            ActionTarget target,
            String name,
            Instant now) {
        return Plan.newBuilder()
                .setCreateTime(SavedTime.of(now))
                .addAllChecks(checks(cloud, config, target.getStateMachine().getArn()))
                .addCalls(
                        call(target, name).toBuilder()
                                .setAfter("what the state machine does")
                                .setDryRun("not supported: Step Functions has no DryRun"))
                .addAllResidualRisks(RISKS)
                .build();
    }

    /** Without the input, which the target has. */
    static PlannedCall call(ActionTarget target, String name) {
        return PlannedCall.newBuilder()
                .setOperation(START)
                .putParameters("stateMachineArn", target.getStateMachine().getArn())
                .putParameters("name", name)
                .build();
    }

    private static List<PreflightCheck> checks(
            StateMachineCloud cloud, OutboundConfig config, String arn) {
        List<PreflightCheck> checks = new ArrayList<>();
        checks.add(AllowList.allowed(arn, config.stateMachines(), OutboundConfig.STATE_MACHINES));
        if (!Checks.isAnyRefused(checks)) {
            Optional<DescribeStateMachineResponse> machine = find(cloud, arn);
            checks.add(AllowList.exists(machine.isPresent(), arn));
            machine.ifPresent(found -> {
                checks.add(active(found));
                checks.add(standard(found));
            });
        }
        return checks;
    }

    private static Optional<DescribeStateMachineResponse> find(
            StateMachineCloud cloud, String arn) {
        try {
            return Optional.of(
                    cloud.machines()
                            .describeStateMachine(r -> r.stateMachineArn(unqualified(arn))));
        } catch (StateMachineDoesNotExistException e) {
            return Optional.empty();
        }
    }

    /** Without version and alias: of an alias, AWS describes nothing. */
    private static String unqualified(String arn) {
        return String.join(":", Arrays.asList(arn.split(":", -1)).subList(0, UNQUALIFIED_PARTS));
    }

    private static PreflightCheck active(DescribeStateMachineResponse machine) {
        String label = "it is active";
        return machine.status() == StateMachineStatus.ACTIVE
                ? Checks.passed(label, "")
                : Checks.refused(label, machine.statusAsString(), "make it again");
    }

    /** Only these start once by their name, and can be followed. */
    private static PreflightCheck standard(DescribeStateMachineResponse machine) {
        String label = "it is of type STANDARD";
        return machine.type() == StateMachineType.STANDARD
                ? Checks.passed(label, "")
                : Checks.refused(
                        label,
                        "it is "
                                + machine.typeAsString()
                                + ": an execution may run twice, and cannot be followed",
                        "put it behind one of type STANDARD");
    }
}
