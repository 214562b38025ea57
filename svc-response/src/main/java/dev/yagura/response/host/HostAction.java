package dev.yagura.response.host;

import dev.yagura.common.error.NotFoundException;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.HostCommand;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.proto.response.v1.PlannedCall;
import dev.yagura.proto.response.v1.PreflightCheck;
import dev.yagura.proto.type.v1.Scope;
import dev.yagura.response.action.ActionFailedException;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.action.Procedure;
import dev.yagura.response.aws.AwsErrors;
import dev.yagura.response.aws.Checks;
import dev.yagura.response.aws.SavedTime;
import dev.yagura.response.aws.ScopedClients;
import dev.yagura.response.channel.AgentChannel;
import dev.yagura.response.channel.AgentChannels;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;

/** What all actions on a host have in common: survey, checks, one command, its report. */
abstract class HostAction implements Procedure {
    /** The action that is planned has no id yet. */
    private static final String PLANNED = "actions/ACTION";

    static final String APPLY = "apply";

    /** The parameter by which a host finds again what an action did to it. */
    static final String ACTION_ID = "ActionId";

    /** Calls by which a host gets a document. */
    private static final Set<String> GIVING = Set.of(HostRun.SEND, AgentRun.ORDER);

    private static final Set<String> DID_NOTHING = Set.of(HostRun.REFUSED, HostRun.NOT_DELIVERED);

    private final AgentChannels channels;
    private final ScopedClients<HostCloud> clients;
    private final HostConfig config;
    private final Clock clock;

    /**
     * What one document is given.
     *
     * @param checks of this kind, beside those of all
     * @param parameters beside those that every document has; not used if a check refuses
     * @param secrets parameters that are in no plan, record or proof; made when they are sent
     */
    record Order(
            List<PreflightCheck> checks,
            Map<String, String> parameters,
            Supplier<Map<String, String>> secrets) {
        Order {
            checks = List.copyOf(checks);
            parameters = Map.copyOf(parameters);
        }

        Order(List<PreflightCheck> checks, Map<String, String> parameters) {
            this(checks, parameters, Map::of);
        }

        static Order of(Map<String, String> parameters) {
            return new Order(List.of(), parameters);
        }
    }

    /**
     * What all kinds share.
     *
     * @param channels the first way to a host
     * @param clients the second, and EC2
     */
    record Ways(AgentChannels channels, ScopedClients<HostCloud> clients, HostConfig config) {}

    HostAction(Ways ways, Clock clock) {
        this.channels = ways.channels();
        this.clients = ways.clients();
        this.config = ways.config();
        this.clock = clock;
    }

    /** Every document that applying and undoing need. */
    abstract List<HostDocument> documents();

    /** What the first document gets, and what of this kind must hold before. */
    abstract Order order(HostCloud cloud, HostSurvey survey, Action action);

    /** Why this kind cannot go by an agent's channel, if so. */
    Optional<String> objection(AgentChannel channel) {
        return Optional.empty();
    }

    /** Adds what is for people: before and after, undo, risks. */
    abstract Plan.Builder describe(Plan.Builder plan, HostSurvey survey, ActionTarget target);

    /** Judges what the host says of applying; throws what ends the action. */
    abstract void applied(ActionRun run, HostReport report);

    @Override
    public final Prospect plan(ActionTarget target) {
        try {
            HostSurvey survey = survey(target, way(target, documents().getFirst()));
            Action planned = Action.newBuilder().setName(PLANNED).setTarget(target).build();
            Order order = order(survey, planned);
            return new Prospect(planOf(survey, planned, order), target.getInstanceId());
        } catch (SdkException e) {
            throw errors().whilePlanning(target.getInstanceId(), e);
        }
    }

    @Override
    public void apply(ActionRun run) {
        HostReport report =
                perform(
                        run,
                        documents().getFirst(),
                        runId(run.action(), APPLY),
                        survey -> order(survey, run.action()));
        requireDone(report);
        run.verifying("the host has answered; reading its report");
        applied(run, report);
    }

    /**
     * For a kind that changes something elsewhere first. Throws what the SDK throws.
     *
     * @throws ActionFailedException a check refuses
     */
    final void requireReady(ActionRun run) {
        ActionTarget target = run.action().getTarget();
        checked(
                survey(target, way(target, documents().getFirst())),
                target,
                survey -> order(survey, run.action()));
    }

    private Order order(HostSurvey survey, Action action) {
        return order(cloud(action.getTarget().getScope()), survey, action);
    }

    /**
     * Gives the host a document, unless it has it already, and waits for its report. By its agent
     * where one is live; what the agent does not do, Systems Manager may: a run is done once on the
     * host, by whichever way it comes.
     */
    final HostReport perform(
            ActionRun run,
            HostDocument document,
            String runId,
            Function<HostSurvey, Order> ordered) {
        return performing(
                run,
                document,
                runId,
                ordered,
                command -> command.await(config.commandTimeout()),
                report -> report);
    }

    /** The same without waiting: empty while the host is at work. */
    final Optional<HostReport> begin(
            ActionRun run,
            HostDocument document,
            String runId,
            Function<HostSurvey, Order> ordered) {
        return performing(
                run,
                document,
                runId,
                ordered,
                command -> command.look(config.commandTimeout()),
                Optional::of);
    }

    private <T> T performing(
            ActionRun run,
            HostDocument document,
            String runId,
            Function<HostSurvey, Order> ordered,
            Function<HostRun, T> waiting,
            Function<HostReport, T> reported) {
        ActionTarget target = run.action().getTarget();
        try {
            HostRun command = new HostRun(cloud(target.getScope()), run, document, runId, clock);
            AgentRun byAgent =
                    new AgentRun(channels, run, document, runId, config.commandTimeout(), clock);
            if (command.wasSent()) {
                return waiting.apply(command);
            }
            if (!byAgent.wasGiven()) {
                HostSurvey survey = survey(target, way(target, document));
                Order order = checked(survey, target, ordered);
                switch (survey.way()) {
                    case HostWay.ByAgent agent ->
                            byAgent.give(
                                    agent.channel(), order.parameters(), order.secrets().get());
                    case HostWay.BySsm ssm -> {
                        send(command, document, survey, order);
                        return waiting.apply(command);
                    }
                }
            }
            return awaitAgent(byAgent, command, document, target, ordered)
                    .map(reported)
                    .orElseGet(() -> waiting.apply(command));
        } catch (SdkException e) {
            throw errors().whileRunning(e);
        } catch (NotFoundException e) {
            throw new ActionFailedException(e.getMessage() + " any more", e);
        }
    }

    /** The agent's report; empty when Systems Manager was given the same run instead. */
    private Optional<HostReport> awaitAgent(
            AgentRun byAgent,
            HostRun command,
            HostDocument document,
            ActionTarget target,
            Function<HostSurvey, Order> ordered) {
        AgentRun.Ended ended = byAgent.await(false);
        while (ended instanceof AgentRun.NotDone end) {
            try {
                HostSurvey survey = survey(target, new HostWay.BySsm(end.reason()));
                Order order = checked(survey, target, ordered);
                if (byAgent.withdraw()) {
                    command.insteadOf(end.reason());
                    send(command, document, survey, order);
                    return Optional.empty();
                }
                ended = byAgent.await(false);
            } catch (ActionFailedException e) {
                String refusal = String.valueOf(e.getMessage());
                return Optional.of(patiently(byAgent, end, refusal));
            }
        }
        return Optional.of(((AgentRun.Reported) ended).report());
    }

    /** There is no other way. */
    private static HostReport patiently(AgentRun byAgent, AgentRun.NotDone end, String refusal) {
        AgentRun.Ended last = end.isFinal() ? end : byAgent.await(true);
        return switch (last) {
            case AgentRun.Reported reported -> reported.report();
            case AgentRun.NotDone notDone -> throw byAgent.failed(notDone, refusal);
        };
    }

    private void send(HostRun command, HostDocument document, HostSurvey survey, Order order) {
        command.send(
                survey.installed(document),
                order.parameters(),
                order.secrets().get(),
                config.commandTimeout());
    }

    private static Order checked(
            HostSurvey survey, ActionTarget target, Function<HostSurvey, Order> ordered) {
        Checks.requireNoneRefused(HostPreflight.checks(survey, target));
        Order order = ordered.apply(survey);
        Checks.requireNoneRefused(order.checks());
        return order;
    }

    /** For applying, undoing must be possible too; for undoing, nothing speaks against a way. */
    private HostWay way(ActionTarget target, HostDocument document) {
        boolean first = document == documents().getFirst();
        return HostWay.choose(
                channels.of(target.getScope(), target.getInstanceId()),
                first ? documents() : List.of(document),
                first ? this::objection : channel -> Optional.empty());
    }

    private Plan planOf(HostSurvey survey, Action action, Order order) {
        ActionTarget target = action.getTarget();
        Plan.Builder plan =
                Plan.newBuilder()
                        .setCreateTime(SavedTime.of(clock.instant()))
                        .addAllChecks(HostPreflight.checks(survey, target))
                        .addAllChecks(order.checks());
        if (survey.hasAll() && !Checks.isAnyRefused(order.checks())) {
            HostDocument document = documents().getFirst();
            plan.addCalls(
                    survey.planned(
                            document,
                            runId(action, APPLY),
                            order.parameters(),
                            config.commandTimeout()));
        }
        return describe(plan, survey, target).build();
    }

    static void requireDone(HostReport report) {
        report.refusal()
                .ifPresent(reason -> {
                    throw new ActionFailedException("the host refused: " + reason);
                });
    }

    /** Unless every command was refused or never taken. */
    @Override
    public boolean mayHaveChanged(Action action) {
        return action.getCallsCount() > 0
                && (action.getHostCommandsCount() == 0
                        || action.getHostCommandsList().stream()
                                .map(HostCommand::getStatus)
                                .anyMatch(status -> !DID_NOTHING.contains(status)));
    }

    /** Another one for each time that it is undone: the host does a run's id once only. */
    static String runId(Action action, String step) {
        return id(action) + "." + step;
    }

    static String id(Action action) {
        return action.getName().substring(action.getName().indexOf('/') + 1);
    }

    static String undoId(Action action) {
        long times =
                action.getTransitionsList().stream()
                        .filter(each -> each.getTo() == ActionState.ACTION_STATE_UNDOING)
                        .count();
        return runId(action, "undo" + times);
    }

    /** Whether the command of applying did anything, as far as anybody knows. */
    static boolean didNothing(Action action) {
        return applying(action)
                .map(each -> DID_NOTHING.contains(each.getStatus()))
                .orElseGet(() ->
                        action.getCallsList().stream()
                                .noneMatch(call -> GIVING.contains(call.getOperation())));
    }

    /** The command of applying; empty before the host's agent or Systems Manager had it. */
    static Optional<HostCommand> applying(Action action) {
        return HostRun.command(action, runId(action, APPLY));
    }

    /** The call that undo would make, as the plan has it. */
    static PlannedCall.Builder undoCall(
            PlannedCall call, HostSurvey survey, HostDocument document) {
        return call.toBuilder()
                .putAllParameters(survey.naming(document, "ACTION.undo1"))
                .putParameters("Parameters", Map.of(ACTION_ID, "ACTION").toString());
    }

    private HostSurvey survey(ActionTarget target, HostWay way) {
        return HostSurvey.take(new HostReader(cloud(target.getScope())), target, documents(), way);
    }

    private HostCloud cloud(Scope scope) {
        return clients.of(scope);
    }

    final AwsErrors errors() {
        return AwsErrors.of(kind());
    }
}
