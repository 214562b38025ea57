package dev.yagura.response.host;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.CallRecord;
import dev.yagura.proto.response.v1.HostCommand;
import dev.yagura.proto.response.v1.PlannedCall;
import dev.yagura.response.action.ActionFailedException;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.action.RetryLaterException;
import dev.yagura.response.aws.InvocationStatus;
import dev.yagura.response.aws.SsmReader;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ssm.model.DocumentHashType;
import software.amazon.awssdk.services.ssm.model.GetCommandInvocationResponse;

/**
 * One run of a document on one host: sent once, found again after a crash or a lost answer, and
 * waited for. Its id is the command's comment, by which ListCommands finds it; should a command be
 * sent twice all the same, the host answers the second with the report of the first.
 */
final class HostRun {
    static final String SEND = "ssm:SendCommand";

    /** The host refused; nothing was changed. */
    static final String REFUSED = "Refused";

    /** The host cannot have begun in time, and refuses it from now on. */
    static final String NOT_DELIVERED = "NotDelivered";

    private static final String CANCEL = "ssm:CancelCommand";

    /** What the host's clock may be slow, and Systems Manager late. */
    static final Duration GRACE = Duration.ofSeconds(30);

    /** Until Systems Manager has said that a document was ended for its time. */
    private static final Duration ENDING = Duration.ofMinutes(1);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
    private static final int SHOWN = 500;

    private final HostCloud cloud;
    private final HostReader reader;
    private final ActionRun run;
    private final HostDocument document;
    private final String runId;
    private final Clock clock;
    private String fallbackReason;

    HostRun(HostCloud cloud, ActionRun run, HostDocument document, String runId, Clock clock) {
        this.cloud = cloud;
        this.reader = new HostReader(cloud);
        this.run = run;
        this.document = document;
        this.runId = runId;
        this.clock = clock;
        this.fallbackReason =
                command(run.action(), runId).map(HostCommand::getFallbackReason).orElse("");
    }

    /** An agent had been given it before, for the record. */
    void insteadOf(String reason) {
        fallbackReason = reason;
    }

    /** The call, as it is planned and as it is sent. */
    static PlannedCall planned(
            HostDocument document,
            SsmReader.Document installed,
            String instanceId,
            String runId,
            Map<String, String> parameters,
            Duration timeout) {
        return PlannedCall.newBuilder()
                .setOperation(SEND)
                .putAllParameters(naming(document, installed, runId))
                .putParameters("InstanceIds", instanceId)
                .putParameters("TimeoutSeconds", String.valueOf(timeout.toSeconds()))
                .putParameters("Parameters", words(parameters, runId, instanceId).toString())
                .setDryRun("not supported: Systems Manager has no DryRun")
                .build();
    }

    static Map<String, String> naming(
            HostDocument document, SsmReader.Document installed, String runId) {
        return Map.of(
                "DocumentName",
                document.title(),
                "DocumentVersion",
                installed.version(),
                "DocumentHash",
                installed.hash(),
                "Comment",
                runId);
    }

    private static Map<String, String> words(
            Map<String, String> parameters, String runId, String instanceId) {
        Map<String, String> all = new TreeMap<>(parameters);
        all.put("RunId", runId);
        all.put("InstanceId", instanceId);
        return all;
    }

    /** Whether the command was sent already; asks Systems Manager if nobody wrote its answer. */
    boolean wasSent() {
        if (command().filter(each -> !each.getCommandId().isEmpty()).isPresent()) {
            return true;
        }
        Optional<CallRecord> begun = sending();
        if (begun.isEmpty()) {
            return false;
        }
        Instant since = Instant.ofEpochSecond(begun.get().getStartTime().getSeconds());
        Optional<String> found =
                reader.command(instanceId(), document, runId, since.minus(Duration.ofMinutes(5)));
        found.ifPresent(id -> write(id, "", ""));
        return found.isPresent();
    }

    private Optional<CallRecord> sending() {
        return run.action().getCallsList().stream()
                .filter(call -> call.getOperation().equals(SEND))
                .filter(call -> runId.equals(call.getParametersOrDefault("Comment", "")))
                .findFirst();
    }

    /**
     * Sends it, with the content that was checked: another one is refused by its hash.
     *
     * @param secrets more parameters, of which nobody writes anything
     */
    void send(
            SsmReader.Document installed,
            Map<String, String> parameters,
            Map<String, String> secrets,
            Duration timeout) {
        Map<String, String> all = words(parameters, runId, instanceId());
        all.putAll(secrets);
        all.put("ExpireTime", String.valueOf(clock.instant().plus(timeout).getEpochSecond()));
        PlannedCall call = planned(document, installed, instanceId(), runId, parameters, timeout);
        String id =
                run.call(
                                call,
                                () ->
                                        cloud.sender()
                                                .sendCommand(request ->
                                                        request.documentName(document.title())
                                                                .documentVersion(
                                                                        installed.version())
                                                                .documentHash(installed.hash())
                                                                .documentHashType(
                                                                        DocumentHashType.SHA256)
                                                                .instanceIds(instanceId())
                                                                .comment(runId)
                                                                .timeoutSeconds(
                                                                        (int) timeout.toSeconds())
                                                                .parameters(lists(all))))
                        .command()
                        .commandId();
        write(id, "", "");
    }

    private static Map<String, List<String>> lists(Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, each -> List.of(each.getValue())));
    }

    /**
     * Waits until the command has ended.
     *
     * @throws ActionFailedException it was not delivered, or nobody knows what it did
     */
    HostReport await(Duration timeout) {
        Instant hopeless = clock.instant().plus(timeout).plus(GRACE);
        Duration pause = FIRST_PAUSE;
        Optional<HostReport> report = look(hopeless);
        while (report.isEmpty()) {
            pause(pause);
            pause = min(pause.multipliedBy(2), LONGEST_PAUSE);
            run.extend();
            report = look(hopeless);
        }
        return report.get();
    }

    /**
     * Looks once, for whoever has no time to wait.
     *
     * @return empty while the host is at work
     * @throws ActionFailedException it was not delivered, or nobody knows what it did
     */
    Optional<HostReport> look(Duration timeout) {
        Instant sent =
                sending()
                        .map(call -> Instant.ofEpochSecond(call.getStartTime().getSeconds()))
                        .orElseGet(clock::instant);
        return look(sent.plus(timeout).plus(GRACE));
    }

    private Optional<HostReport> look(Instant hopeless) {
        String commandId = command().orElseThrow().getCommandId();
        Optional<GetCommandInvocationResponse> invocation =
                reader.invocation(commandId, instanceId());
        InvocationStatus status =
                invocation.map(InvocationStatus::of).orElse(InvocationStatus.PENDING);
        Instant now = clock.instant();
        if (status.isWaiting() && now.isAfter(hopeless)) {
            cancel(commandId);
            throw notDelivered(commandId, "its host did not take it in time");
        }
        if (status.isUndelivered()) {
            throw notDelivered(commandId, "Systems Manager says " + status.text());
        }
        if (status.isEnded()) {
            return Optional.of(ended(commandId, status.text(), invocation.orElseThrow()));
        }
        if (status.isUnfinished() && now.isAfter(hopeless.plus(document.timeout()).plus(ENDING))) {
            throw unknown(commandId, status.text(), "the host does not come to an end");
        }
        return Optional.empty();
    }

    private HostReport ended(
            String commandId, String status, GetCommandInvocationResponse invocation) {
        String output = text(invocation.standardOutputContent());
        Optional<HostReport> report = HostReport.parse(output);
        if (report.isEmpty()) {
            throw unknown(
                    commandId,
                    status,
                    "exit code %d, %s"
                            .formatted(
                                    invocation.responseCode(),
                                    cut(text(invocation.standardErrorContent()))));
        }
        Optional<String> refusal = report.get().refusal();
        write(commandId, refusal.isPresent() ? REFUSED : status, output);
        return report.get();
    }

    private ActionFailedException notDelivered(String commandId, String reason) {
        write(commandId, NOT_DELIVERED, "");
        return new ActionFailedException(
                "%s (command %s) was not delivered: %s; the host refuses it from now on"
                        .formatted(document.title(), commandId, reason));
    }

    private ActionFailedException unknown(String commandId, String status, String detail) {
        write(commandId, status, "");
        return new ActionFailedException(
                "outcome unknown: %s (command %s) ended as %s without a report (%s); it is not"
                                .formatted(document.title(), commandId, status, detail)
                        + " repeated by itself");
    }

    private void cancel(String commandId) {
        PlannedCall call =
                PlannedCall.newBuilder()
                        .setOperation(CANCEL)
                        .putParameters("CommandId", commandId)
                        .build();
        run.call(call, () -> cloud.ssm().cancelCommand(request -> request.commandId(commandId)));
    }

    private Optional<HostCommand> command() {
        return command(run.action(), runId);
    }

    static Optional<HostCommand> command(Action action, String runId) {
        return action.getHostCommandsList().stream()
                .filter(each -> each.getRunId().equals(runId))
                .findFirst();
    }

    private void write(String commandId, String status, String report) {
        run.commanded(
                HostCommand.newBuilder()
                        .setRunId(runId)
                        .setCommandId(commandId)
                        .setFallbackReason(fallbackReason)
                        .setDocument(document.title())
                        .setStatus(status)
                        .setReport(report)
                        .build());
    }

    private String instanceId() {
        return run.action().getTarget().getInstanceId();
    }

    static void pause(Duration pause) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RetryLaterException("interrupted while a host worked", e);
        }
    }

    static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }

    static String cut(String text) {
        return text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
    }
}
