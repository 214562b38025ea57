package dev.yagura.response.command;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.CallRecord;
import dev.yagura.proto.response.v1.CommandResult;
import dev.yagura.proto.response.v1.CommandRun;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.proto.response.v1.VerificationLevel;
import dev.yagura.response.action.ActionFailedException;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.action.RetryLaterException;
import dev.yagura.response.action.StillPendingException;
import dev.yagura.response.aws.AwsErrors;
import dev.yagura.response.aws.Checks;
import dev.yagura.response.aws.InvocationStatus;
import dev.yagura.response.aws.SavedTime;
import dev.yagura.response.aws.SsmReader;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.ssm.model.GetCommandInvocationResponse;

/**
 * One command: sent at most once, found again by its comment after a crash or a lost answer, and
 * waited for on every host.
 */
final class CommandRunning {
    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(5);

    /** Systems Manager's own limit of what it keeps of a host's output. */
    private static final int LONGEST_OUTPUT = 24_000;

    /** Of its standard error. */
    private static final int LONGEST_ERROR = 8_000;

    /** What a record keeps of all hosts together. */
    private static final int ALL_OUTPUT = 240_000;

    private final CommandCloud cloud;
    private final SsmReader ssmReader;
    private final CommandConfig config;
    private final ActionRun run;
    private final Clock clock;

    CommandRunning(CommandCloud cloud, CommandConfig config, ActionRun run, Clock clock) {
        this.cloud = cloud;
        this.ssmReader = new SsmReader(cloud.ssm());
        this.config = config;
        this.run = run;
        this.clock = clock;
    }

    /** The command's comment: by it ListCommands finds it. */
    static String runId(Action action) {
        return action.getName().substring(action.getName().indexOf('/') + 1) + ".apply";
    }

    void apply() {
        if (command().getCommandId().isEmpty()) {
            if (command().getSendBegun()) {
                find();
            } else {
                send();
            }
        }
        await();
        run.verifying("the command has ended on every host");
        readOutput();
        judge();
    }

    private CommandRun command() {
        return run.action().getCommandRun();
    }

    /**
     * Written before the call that it may have been made, and after it only when Systems Manager
     * has refused it: what may have been sent is never sent again.
     */
    private void send() {
        Action action = run.action();
        ActionTarget target = action.getTarget();
        CommandSurvey survey = CommandSurvey.take(cloud, target.getRunCommand(), config);
        Plan plan = CommandPlan.of(survey, target, config, runId(action), clock.instant());
        Checks.requireNoneRefused(plan.getChecksList());
        SsmReader.Document document = survey.installed().orElseThrow();
        List<String> hosts = survey.instanceIds();
        CommandRun begun =
                CommandRun.newBuilder()
                        .setDocumentVersion(document.version())
                        .addAllInstanceIds(hosts)
                        .setSendBegun(true)
                        .build();
        run.prepared(plan, saving -> saving.setCommandRun(begun));
        try {
            String id =
                    run.call(
                                    CommandPlan.call(
                                            target, document, hosts, config, runId(action)),
                                    () ->
                                            cloud.sender()
                                                    .sendCommand(
                                                            CommandPlan.request(
                                                                    target,
                                                                    document,
                                                                    hosts,
                                                                    config,
                                                                    runId(action))))
                            .command()
                            .commandId();
            save(begun.toBuilder().setCommandId(id).build());
        } catch (AwsServiceException e) {
            if (e.isThrottlingException() || !AwsErrors.isTransient(e)) {
                save(begun.toBuilder().setSendBegun(false).build());
            }
            throw e;
        }
    }

    /** Looks for the command that may have been sent. */
    private void find() {
        Action action = run.action();
        Optional<CallRecord> call =
                action.getCallsList().stream()
                        .filter(each -> each.getOperation().equals(CommandPlan.SEND))
                        .reduce((first, second) -> second);
        if (call.isEmpty()) {
            // The runner died between the two writes: nothing was called.
            save(command().toBuilder().setSendBegun(false).build());
            throw new RetryLaterException("the process stopped before it sent the command");
        }
        Instant begun = SavedTime.read(call.get().getStartTime());
        Optional<String> found =
                ssmReader.command(
                        null,
                        action.getTarget().getRunCommand().getDocument(),
                        runId(action),
                        begun.minus(CLOCKS_DIFFER));
        if (found.isPresent()) {
            save(command().toBuilder().setCommandId(found.get()).build());
            return;
        }
        if (clock.instant().isBefore(begun.plus(config.settle()))) {
            throw new StillPendingException(
                    "SendCommand was not answered; the command is looked for", config.poll());
        }
        throw new ActionFailedException(
                "outcome unknown: SendCommand was not answered, and Systems Manager lists no command"
                        + " with the comment "
                        + runId(action)
                        + "; it is not sent again by itself. Look at the hosts, then ask for a new"
                        + " action if it must run");
    }

    /** Reads what has ended since; throws as long as something runs. */
    private void await() {
        CommandRun.Builder changed = command().toBuilder();
        List<String> open = new ArrayList<>();
        for (String host : changed.getInstanceIdsList()) {
            if (changed.getResultsList().stream().noneMatch(isEndedOn(host))) {
                InvocationStatus status =
                        ssmReader
                                .invocation(changed.getCommandId(), host)
                                .map(InvocationStatus::of)
                                .orElse(InvocationStatus.PENDING);
                put(
                        changed,
                        CommandResult.newBuilder()
                                .setInstanceId(host)
                                .setStatus(status.text())
                                .build());
                if (!status.isEnded()) {
                    open.add(host + " " + status.text());
                }
            }
        }
        save(changed.build());
        if (!open.isEmpty()) {
            throw new StillPendingException(String.join(", ", open), config.poll());
        }
    }

    private static Predicate<CommandResult> isEndedOn(String host) {
        return each ->
                each.getInstanceId().equals(host)
                        && new InvocationStatus(each.getStatus()).isEnded();
    }

    private static void put(CommandRun.Builder command, CommandResult result) {
        for (int i = 0; i < command.getResultsCount(); i++) {
            if (command.getResults(i).getInstanceId().equals(result.getInstanceId())) {
                command.setResults(i, result);
                return;
            }
        }
        command.addResults(result);
    }

    /** At the end only, at once: every change of an action is kept as evidence. */
    private void readOutput() {
        CommandRun.Builder changed = command().toBuilder();
        int share = ALL_OUTPUT / Math.max(1, changed.getResultsCount());
        for (CommandResult.Builder result : changed.getResultsBuilderList()) {
            ssmReader
                    .invocation(changed.getCommandId(), result.getInstanceId())
                    .ifPresent(found -> readOutput(result, found, share));
        }
        save(changed.build());
    }

    private void save(CommandRun command) {
        run.saved(saving -> saving.setCommandRun(command));
    }

    private static void readOutput(
            CommandResult.Builder result, GetCommandInvocationResponse found, int share) {
        String output = text(found.standardOutputContent());
        String error = text(found.standardErrorContent());
        int longestOutput = Math.min(LONGEST_OUTPUT, share * 3 / 4);
        int longestError = Math.min(LONGEST_ERROR, share / 4);
        result.setExitCode(found.responseCode())
                .setOutput(cut(output, longestOutput))
                .setErrorOutput(cut(error, longestError))
                .setOutputUrl(text(found.standardOutputUrl()))
                .setOutputCut(output.length() >= longestOutput || error.length() >= longestError);
    }

    /** Fails when more hosts failed than may. */
    private void judge() {
        List<CommandResult> results = command().getResultsList();
        List<CommandResult> failed =
                results.stream()
                        .filter(each -> !new InvocationStatus(each.getStatus()).isSuccess())
                        .toList();
        CommandLimits limits = CommandLimits.of(run.action().getTarget().getRunCommand());
        boolean passed = !limits.isPassed(failed.size(), results.size());
        String cut =
                results.stream()
                        .filter(CommandResult::getOutputCut)
                        .map(CommandResult::getInstanceId)
                        .collect(Collectors.joining(", "));
        String detail =
                "command %s: %d of %d hosts ended with Success%s%s"
                        .formatted(
                                command().getCommandId(),
                                results.size() - failed.size(),
                                results.size(),
                                failed.isEmpty() ? "" : "; not " + names(failed),
                                cut.isEmpty() ? "" : "; output is cut of " + cut);
        run.verified(VerificationLevel.VERIFICATION_LEVEL_CONFIG_READ, passed, detail);
        if (!passed) {
            throw new ActionFailedException(
                    "more hosts failed than max_errors "
                            + limits.maxErrors()
                            + " allows: "
                            + detail);
        }
    }

    private static String names(List<CommandResult> failed) {
        return failed.stream()
                .map(each ->
                        "%s (%s, exit code %d)"
                                .formatted(
                                        each.getInstanceId(), each.getStatus(), each.getExitCode()))
                .collect(Collectors.joining(", "));
    }

    static String cut(String text, int longest) {
        if (text.length() <= longest) {
            return text;
        }
        // A character outside of the basic plane is two, and half of one is no text.
        return text.substring(
                0, Character.isHighSurrogate(text.charAt(longest - 1)) ? longest - 1 : longest);
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }
}
