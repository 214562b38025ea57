package dev.yagura.response.command;

import dev.yagura.common.aws.AwsClients;
import dev.yagura.common.aws.AwsConfig;
import dev.yagura.common.config.Settings;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.RunCommandTarget;
import dev.yagura.response.action.ActionFailedException;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.action.Procedure;
import dev.yagura.response.aws.AwsErrors;
import dev.yagura.response.aws.ScopedClients;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import software.amazon.awssdk.core.exception.SdkException;

/** run_command. */
@ApplicationScoped
public class CommandProcedure implements Procedure {
    private static final AwsErrors ERRORS = AwsErrors.of(ActionKind.ACTION_KIND_RUN_COMMAND);

    /** The action that is planned has no id yet. */
    private static final Action PLANNED = Action.newBuilder().setName("actions/ACTION").build();

    private final ScopedClients<CommandCloud> clients;
    private final CommandConfig config;
    private final Clock clock;

    /**
     * @param clock by which a command is waited for
     */
    @Inject
    public CommandProcedure(Settings settings, Clock clock) {
        AwsClients aws = new AwsClients(AwsConfig.from(settings));
        this.clients = new ScopedClients<>(scope -> CommandCloud.open(aws, scope));
        this.config = CommandConfig.from(settings);
        this.clock = clock;
    }

    @PreDestroy
    void close() {
        clients.close();
    }

    @Override
    public ActionKind kind() {
        return ActionKind.ACTION_KIND_RUN_COMMAND;
    }

    @Override
    public boolean isReversible() {
        return false;
    }

    @Override
    public boolean needsTwoPersons(ActionTarget target) {
        return config.document(target.getRunCommand().getDocument())
                .filter(AllowedDocument::anyScript)
                .isPresent();
    }

    @Override
    public Duration deadline(Duration usual) {
        return config.deadline();
    }

    @Override
    public Prospect plan(ActionTarget target) {
        try {
            CommandSurvey survey =
                    CommandSurvey.take(
                            clients.of(target.getScope()), target.getRunCommand(), config);
            return new Prospect(
                    CommandPlan.of(
                            survey, target, config, CommandRunning.runId(PLANNED), clock.instant()),
                    "command " + target.getRunCommand().getDocument());
        } catch (SdkException e) {
            throw ERRORS.whilePlanning(named(target.getRunCommand()), e);
        }
    }

    @Override
    public void apply(ActionRun run) {
        try {
            new CommandRunning(clients.of(run.action().getTarget().getScope()), config, run, clock)
                    .apply();
        } catch (SdkException e) {
            if (AwsErrors.isUnknownInstance(e)) {
                throw new ActionFailedException(AwsErrors.text(e), e);
            }
            throw ERRORS.whileRunning(e);
        }
    }

    @Override
    public void undo(ActionRun run) {
        throw new ActionFailedException("what a document did cannot be undone by Yagura");
    }

    /** Unless Systems Manager refused every time. */
    @Override
    public boolean mayHaveChanged(Action action) {
        return action.getCommandRun().getSendBegun();
    }

    @Override
    public String remains(ActionRun run) {
        return "what the document did on a host stays; look at "
                + String.join(", ", run.action().getCommandRun().getInstanceIdsList());
    }

    private static String named(RunCommandTarget target) {
        return String.join(", ", target.getInstanceIdsList());
    }
}
