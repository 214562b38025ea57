package dev.yagura.response.command;

import dev.yagura.common.config.Settings;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.response.action.ActionFailedException;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.aws.AwsErrors;
import dev.yagura.response.aws.ScopedClients;
import dev.yagura.response.aws.ScopedProcedure;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import software.amazon.awssdk.core.exception.SdkException;

/** run_command. */
@ApplicationScoped
public class CommandProcedure extends ScopedProcedure<CommandCloud> {
    private final CommandConfig config;

    /**
     * @param clock by which a command is waited for
     */
    @Inject
    public CommandProcedure(Settings settings, Clock clock) {
        super(
                ActionKind.ACTION_KIND_RUN_COMMAND,
                ScopedClients.of(settings, CommandCloud::open),
                clock);
        this.config = CommandConfig.from(settings);
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
    protected Prospect plan(CommandCloud cloud, ActionTarget target, Instant now) {
        CommandSurvey survey = CommandSurvey.take(cloud, target.getRunCommand(), config);
        return new Prospect(
                CommandPlan.of(survey, target, config, CommandRunning.runId(planned()), now),
                "command " + target.getRunCommand().getDocument());
    }

    @Override
    protected String named(ActionTarget target) {
        return String.join(", ", target.getRunCommand().getInstanceIdsList());
    }

    @Override
    public void apply(ActionRun run) {
        running(() -> {
            try {
                new CommandRunning(cloud(run), config, run, clock()).apply();
            } catch (SdkException e) {
                throw AwsErrors.isUnknownInstance(e)
                        ? new ActionFailedException(AwsErrors.text(e), e)
                        : e;
            }
        });
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
}
