package dev.yagura.response.host;

import dev.yagura.common.error.NotFoundException;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionState;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.HostCommand;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.proto.type.v1.Scope;
import dev.yagura.response.action.ActionFailedException;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.action.Procedure;
import dev.yagura.response.aws.AwsErrors;
import dev.yagura.response.aws.Checks;
import dev.yagura.response.aws.SavedTime;
import dev.yagura.response.aws.ScopedClients;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.core.exception.SdkException;

/** What all actions on a host have in common: survey, checks, one command, its report. */
abstract class HostAction implements Procedure {
    /** The action that is planned has no id yet. */
    private static final String PLANNED = "actions/ACTION";

    private static final Set<String> DID_NOTHING = Set.of(HostRun.REFUSED, HostRun.NOT_DELIVERED);

    private final ScopedClients<HostCloud> clients;
    private final HostConfig config;
    private final Clock clock;

    HostAction(ScopedClients<HostCloud> clients, HostConfig config, Clock clock) {
        this.clients = clients;
        this.config = config;
        this.clock = clock;
    }

    /** Every document that applying and undoing need. */
    abstract List<HostDocument> documents();

    /** What the first document gets beside what all get. */
    abstract Map<String, String> parameters(Action action);

    /** Adds what is for people: before and after, undo, risks. */
    abstract Plan.Builder describe(Plan.Builder plan, HostSurvey survey, ActionTarget target);

    /** Judges what the host says of applying; throws what ends the action. */
    abstract void applied(ActionRun run, HostReport report);

    @Override
    public final Prospect plan(ActionTarget target) {
        try {
            HostSurvey survey = survey(target);
            Action planned = Action.newBuilder().setName(PLANNED).setTarget(target).build();
            return new Prospect(planOf(survey, planned), target.getInstanceId());
        } catch (SdkException e) {
            throw errors().whilePlanning(target.getInstanceId(), e);
        }
    }

    @Override
    public final void apply(ActionRun run) {
        HostReport report =
                perform(
                        run,
                        documents().getFirst(),
                        runId(run.action(), "apply"),
                        parameters(run.action()));
        requireDone(report);
        run.verifying("the host has answered; reading its report");
        applied(run, report);
    }

    /** Gives the host a document, unless it has it already, and waits for its report. */
    final HostReport perform(
            ActionRun run, HostDocument document, String runId, Map<String, String> parameters) {
        ActionTarget target = run.action().getTarget();
        try {
            HostRun command = new HostRun(cloud(target.getScope()), run, document, runId, clock);
            if (!command.wasSent()) {
                HostSurvey survey = survey(target);
                Checks.requireNoneRefused(HostPreflight.checks(survey, target));
                command.send(survey.installed(document), parameters, config.commandTimeout());
            }
            return command.await(config.commandTimeout());
        } catch (SdkException e) {
            throw errors().whileRunning(e);
        } catch (NotFoundException e) {
            throw new ActionFailedException(e.getMessage() + " any more", e);
        }
    }

    private Plan planOf(HostSurvey survey, Action action) {
        ActionTarget target = action.getTarget();
        Plan.Builder plan =
                Plan.newBuilder()
                        .setCreateTime(SavedTime.of(clock.instant()))
                        .addAllChecks(HostPreflight.checks(survey, target));
        if (survey.hasAll()) {
            HostDocument document = documents().getFirst();
            plan.addCalls(
                    HostRun.planned(
                            document,
                            survey.installed(document),
                            target.getInstanceId(),
                            runId(action, "apply"),
                            parameters(action),
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
    public final boolean mayHaveChanged(Action action) {
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
        Optional<HostCommand> command = HostRun.command(action, runId(action, "apply"));
        return command.map(each -> DID_NOTHING.contains(each.getStatus()))
                .orElse(action.getCallsCount() == 0);
    }

    private HostSurvey survey(ActionTarget target) {
        return HostSurvey.take(new HostReader(cloud(target.getScope())), target, documents());
    }

    private HostCloud cloud(Scope scope) {
        return clients.of(scope);
    }

    private AwsErrors errors() {
        return AwsErrors.of(kind());
    }
}
