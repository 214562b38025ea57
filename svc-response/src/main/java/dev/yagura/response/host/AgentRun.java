package dev.yagura.response.host;

import com.google.protobuf.Timestamp;
import dev.yagura.common.ids.ResourceName;
import dev.yagura.proto.response.v1.AgentCommand;
import dev.yagura.proto.response.v1.AgentCommandResult;
import dev.yagura.proto.response.v1.HostCommand;
import dev.yagura.proto.response.v1.PlannedCall;
import dev.yagura.response.action.ActionFailedException;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.channel.AgentChannel;
import dev.yagura.response.channel.AgentChannels;
import dev.yagura.response.channel.OrderedCommand;
import dev.yagura.response.channel.OrderedCommand.State;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One run of a document by the agent of its host: ordered once, found again after a crash, and
 * waited for. When the agent does not take it, does not run it, or is gone before its result came,
 * Systems Manager may be given the same run: the host does it once.
 */
final class AgentRun {
    static final String ORDER = "agent:RunDocument";
    private static final String WITHDRAW = "agent:WithdrawCommand";

    /** An agent that has taken a command may come back for so long. */
    private static final Duration GONE = Duration.ofMinutes(1);

    /** What the host may still be at work, and a result on its way. */
    private static final Duration LONGEST_RUN = Duration.ofMinutes(7);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
    private static final String UNKNOWN = "Unknown";

    private final AgentChannels channels;
    private final ActionRun run;
    private final HostDocument document;
    private final String runId;
    private final Duration timeout;
    private final Clock clock;

    /** How it ended. */
    sealed interface Ended {}

    /** With a report. */
    record Reported(HostReport report) implements Ended {}

    /**
     * Without: another way may be tried.
     *
     * @param status for the record: what the host may have done
     * @param isFinal whether nothing is gained by waiting on
     */
    record NotDone(String reason, String status, boolean isFinal) implements Ended {}

    /**
     * A run.
     *
     * @param timeout how long the host has to begin
     */
    AgentRun(
            AgentChannels channels,
            ActionRun run,
            HostDocument document,
            String runId,
            Duration timeout,
            Clock clock) {
        this.channels = channels;
        this.run = run;
        this.document = document;
        this.runId = runId;
        this.timeout = timeout;
        this.clock = clock;
    }

    /** The order, as it is planned and as it is given. */
    static PlannedCall planned(
            AgentChannel channel,
            HostDocument document,
            String instanceId,
            String runId,
            Map<String, String> parameters,
            Duration timeout) {
        return PlannedCall.newBuilder()
                .setOperation(ORDER)
                .putParameters("Agent", channel.agent())
                .putParameters("InstanceId", instanceId)
                .putAllParameters(naming(document, runId))
                .putParameters("TimeoutSeconds", String.valueOf(timeout.toSeconds()))
                .putParameters("Parameters", new TreeMap<>(parameters).toString())
                .setDryRun("not supported: agents have no DryRun")
                .build();
    }

    static Map<String, String> naming(HostDocument document, String runId) {
        return Map.of(
                "DocumentName",
                document.title(),
                "DocumentSha256",
                document.sha256(),
                "RunId",
                runId);
    }

    /** Whether an agent was given it already. */
    boolean wasGiven() {
        return HostRun.command(run.action(), runId)
                        .filter(each -> !each.getAgent().isEmpty())
                        .isPresent()
                || channels.find(runId).isPresent();
    }

    /**
     * Gives it to the agent.
     *
     * @param secrets more parameters, of which nobody writes anything
     */
    void give(AgentChannel channel, Map<String, String> parameters, Map<String, String> secrets) {
        String instanceId = run.action().getTarget().getInstanceId();
        AgentCommand command =
                AgentCommand.newBuilder()
                        .setRunId(runId)
                        .setAgentId(channel.agentId().toString())
                        .setScope(run.action().getTarget().getScope())
                        .setInstanceId(instanceId)
                        .setDocument(document.title())
                        .setDocumentSha256(document.sha256())
                        .putAllParameters(parameters)
                        .putAllParameters(secrets)
                        .setExpireTime(
                                Timestamp.newBuilder()
                                        .setSeconds(clock.instant().plus(timeout).getEpochSecond()))
                        .build();
        run.ask(
                planned(channel, document, instanceId, runId, parameters, timeout),
                () -> channels.order(command));
        write(channel.agent(), "", "");
    }

    /**
     * Waits for its end.
     *
     * @param patient there is no other way: the agent has all the time that the command has, and
     *     one that has taken it may come back
     * @throws ActionFailedException it ended, and nobody knows what it did
     */
    Ended await(boolean patient) {
        Duration pause = FIRST_PAUSE;
        while (true) {
            Optional<OrderedCommand> ordered = channels.find(runId);
            if (ordered.isEmpty()) {
                return new NotDone("the order to the agent is lost", UNKNOWN, true);
            }
            Optional<Ended> ended = ended(ordered.get(), patient);
            if (ended.isPresent()) {
                return ended.get();
            }
            HostRun.pause(pause);
            pause = HostRun.min(pause.multipliedBy(2), LONGEST_PAUSE);
            run.extend();
        }
    }

    /**
     * Takes it back, so that the agent is not given it any more.
     *
     * @return false when the agent has taken it meanwhile
     */
    boolean withdraw() {
        Optional<OrderedCommand> ordered = channels.find(runId);
        if (ordered.filter(each -> each.state() == State.QUEUED).isPresent()) {
            PlannedCall call =
                    PlannedCall.newBuilder()
                            .setOperation(WITHDRAW)
                            .putParameters("Agent", agent(ordered.get()))
                            .putParameters("RunId", runId)
                            .build();
            run.ask(call, () -> channels.withdraw(runId));
            return channels.find(runId).filter(each -> each.state() != State.WITHDRAWN).isEmpty();
        }
        return true;
    }

    private Optional<Ended> ended(OrderedCommand ordered, boolean patient) {
        return switch (ordered.state()) {
            case QUEUED -> late(ordered, patient);
            case TAKEN -> gone(ordered, patient);
            case ENDED -> Optional.of(result(ordered, ordered.result().orElseThrow()));
            case WITHDRAWN ->
                    ordered.result().isPresent()
                            ? Optional.of(result(ordered, ordered.result().get()))
                            : late(ordered, patient);
        };
    }

    /** What was sent may still arrive, until it has expired by the host's clock too. */
    private Optional<Ended> late(OrderedCommand ordered, boolean patient) {
        Duration limit = patient ? timeout.plus(HostRun.GRACE) : channels.takeTimeout();
        boolean over = ordered.age().compareTo(limit) > 0;
        if (!over && (patient || ordered.state() == State.QUEUED)) {
            return Optional.empty();
        }
        return Optional.of(
                new NotDone(
                        "%s did not take it within %s"
                                .formatted(agent(ordered), HostWay.text(patient ? timeout : limit)),
                        HostRun.NOT_DELIVERED,
                        patient));
    }

    private Optional<Ended> gone(OrderedCommand ordered, boolean patient) {
        if (ordered.age().compareTo(LONGEST_RUN) > 0) {
            return Optional.of(
                    new NotDone(
                            agent(ordered) + " has taken it and sent no result", UNKNOWN, true));
        }
        boolean silent =
                !patient
                        && ordered.age().compareTo(GONE) > 0
                        && !channels.isLive(ordered.agentId());
        return silent
                ? Optional.of(
                        new NotDone(
                                agent(ordered) + " has taken it and is not heard any more",
                                UNKNOWN,
                                false))
                : Optional.empty();
    }

    private Ended result(OrderedCommand ordered, AgentCommandResult result) {
        String agent = agent(ordered);
        return switch (result.getOutcome()) {
            case COMMAND_OUTCOME_RAN -> ran(agent, result);
            case COMMAND_OUTCOME_REFUSED ->
                    new NotDone(agent + " refused it: " + said(result), HostRun.REFUSED, true);
            case COMMAND_OUTCOME_INTERRUPTED ->
                    new NotDone(agent + " was interrupted: " + said(result), UNKNOWN, true);
            case COMMAND_OUTCOME_TIMED_OUT -> throw unknown(agent, "TimedOut", said(result));
            case COMMAND_OUTCOME_UNSPECIFIED, UNRECOGNIZED ->
                    new NotDone(agent + " said nothing that is understood", UNKNOWN, true);
        };
    }

    private Ended ran(String agent, AgentCommandResult result) {
        String status = result.getExitCode() == 0 ? "Success" : "Failed";
        Optional<HostReport> report = HostReport.parse(result.getOutput());
        if (report.isEmpty()) {
            throw unknown(
                    agent,
                    status,
                    "exit code %d, %s"
                            .formatted(result.getExitCode(), HostRun.cut(result.getErrorOutput())));
        }
        boolean refused = report.get().refusal().isPresent();
        write(agent, refused ? HostRun.REFUSED : status, result.getOutput());
        return new Reported(report.get());
    }

    private ActionFailedException unknown(String agent, String status, String detail) {
        write(agent, status, "");
        return new ActionFailedException(
                "outcome unknown: %s by %s ended as %s without a report (%s); it is not repeated by itself"
                        .formatted(document.title(), agent, status, detail));
    }

    /** The end of the action when no other way is left. */
    ActionFailedException failed(NotDone end, String otherWay) {
        OrderedCommand ordered = channels.find(runId).orElse(null);
        if (ordered != null) {
            write(agent(ordered), end.status(), "");
        }
        return new ActionFailedException(
                "%s: %s: %s; and by Systems Manager: %s"
                        .formatted(
                                end.status().equals(UNKNOWN)
                                        ? "outcome unknown"
                                        : "nothing was done",
                                document.title(),
                                end.reason(),
                                otherWay));
    }

    private static String said(AgentCommandResult result) {
        return HostRun.cut(result.getReason());
    }

    private static String agent(OrderedCommand ordered) {
        return ResourceName.of("agents", ordered.agentId());
    }

    private void write(String agent, String status, String report) {
        run.commanded(
                HostCommand.newBuilder()
                        .setRunId(runId)
                        .setAgent(agent)
                        .setDocument(document.title())
                        .setStatus(status)
                        .setReport(report)
                        .build());
    }
}
