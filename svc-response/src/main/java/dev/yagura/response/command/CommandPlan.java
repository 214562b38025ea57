package dev.yagura.response.command;

import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.DocumentParameter;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.proto.response.v1.PlannedCall;
import dev.yagura.proto.response.v1.RunCommandTarget;
import dev.yagura.response.aws.SavedTime;
import dev.yagura.response.aws.SsmReader;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ssm.model.DocumentHashType;
import software.amazon.awssdk.services.ssm.model.SendCommandRequest;

/** Writes down what would be sent, and makes the request that is. */
final class CommandPlan {
    static final String SEND = "ssm:SendCommand";
    static final String COMMENT = "Comment";

    private static final String NO_DRY_RUN = "not supported: Systems Manager has no DryRun";

    private CommandPlan() {}

    static Plan of(
            CommandSurvey survey,
            ActionTarget target,
            CommandConfig config,
            String runId,
            Instant now) {
        Plan.Builder plan =
                Plan.newBuilder()
                        .setCreateTime(SavedTime.of(now))
                        .addAllChecks(CommandPreflight.checks(survey, target, config))
                        .addAllResidualRisks(risks(config));
        survey.installed()
                .ifPresent(document ->
                        plan.addCalls(
                                call(target, document, survey.instanceIds(), config, runId)
                                        .toBuilder()
                                        .setAfter("what the document does, as root")
                                        .setDryRun(NO_DRY_RUN)));
        return plan.build();
    }

    static PlannedCall call(
            ActionTarget target,
            SsmReader.Document document,
            List<String> instanceIds,
            CommandConfig config,
            String runId) {
        RunCommandTarget command = target.getRunCommand();
        CommandLimits limits = CommandLimits.of(command);
        PlannedCall.Builder call =
                PlannedCall.newBuilder()
                        .setOperation(SEND)
                        .putParameters("DocumentName", command.getDocument())
                        .putParameters("DocumentVersion", document.version())
                        .putParameters("DocumentHash", document.hash())
                        .putParameters("InstanceIds", String.join(",", instanceIds))
                        .putParameters(COMMENT, runId)
                        .putParameters(
                                "TimeoutSeconds",
                                String.valueOf(config.deliveryTimeout().toSeconds()))
                        .putParameters("MaxConcurrency", limits.maxConcurrency())
                        .putParameters("MaxErrors", limits.maxErrors())
                        .putParameters("Parameters", parameters(command).toString());
        config.outputBucket().ifPresent(bucket -> call.putParameters("OutputS3BucketName", bucket));
        return call.build();
    }

    static SendCommandRequest request(
            ActionTarget target,
            SsmReader.Document document,
            List<String> instanceIds,
            CommandConfig config,
            String runId) {
        RunCommandTarget command = target.getRunCommand();
        CommandLimits limits = CommandLimits.of(command);
        return SendCommandRequest.builder()
                .documentName(command.getDocument())
                .documentVersion(document.version())
                .documentHash(document.hash())
                .documentHashType(DocumentHashType.SHA256)
                .instanceIds(instanceIds)
                .comment(runId)
                .timeoutSeconds((int) config.deliveryTimeout().toSeconds())
                .maxConcurrency(limits.maxConcurrency())
                .maxErrors(limits.maxErrors())
                .parameters(parameters(command))
                .outputS3BucketName(config.outputBucket().orElse(null))
                .build();
    }

    private static Map<String, List<String>> parameters(RunCommandTarget command) {
        return command.getParametersList().stream()
                .collect(
                        Collectors.toMap(
                                DocumentParameter::getName,
                                each -> List.copyOf(each.getValuesList()),
                                (first, second) -> second,
                                TreeMap::new));
    }

    private static List<String> risks(CommandConfig config) {
        return List.of(
                "There is no undo: what the document does stays.",
                "Nothing on the host refuses a second run. A command that Systems Manager did not"
                        + " answer, and does not list, ends as outcome unknown and is not sent"
                        + " again.",
                "The result is what the hosts' SSM agents reported; whoever has root there can lie.",
                config.outputBucket().isEmpty()
                        ? "Of each host's output Systems Manager keeps 24,000 characters, and the"
                                + " record less when there are many hosts."
                        : "Whoever can read the bucket "
                                + config.outputBucket().get()
                                + " can read the output.");
    }
}
