package dev.yagura.response.outbound;

import dev.yagura.common.aws.AwsClients;
import dev.yagura.common.aws.AwsConfig;
import dev.yagura.common.config.Settings;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionTarget;
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

/** start_state_machine. */
@ApplicationScoped
public class StateMachineProcedure implements Procedure {
    private static final AwsErrors ERRORS =
            AwsErrors.of(ActionKind.ACTION_KIND_START_STATE_MACHINE);

    /** The action that is planned has no id yet. */
    private static final String PLANNED = "ACTION";

    private final ScopedClients<StateMachineCloud> clients;
    private final OutboundConfig config;
    private final Clock clock;

    @Inject
    public StateMachineProcedure(Settings settings, Clock clock) {
        AwsClients aws = new AwsClients(AwsConfig.from(settings));
        this.clients = new ScopedClients<>(scope -> StateMachineCloud.open(aws, scope));
        this.config = OutboundConfig.from(settings);
        this.clock = clock;
    }

    @PreDestroy
    void close() {
        clients.close();
    }

    @Override
    public ActionKind kind() {
        return ActionKind.ACTION_KIND_START_STATE_MACHINE;
    }

    @Override
    public boolean isReversible() {
        return false;
    }

    @Override
    public Duration deadline(Duration usual) {
        return config.deadline();
    }

    @Override
    public Prospect plan(ActionTarget target) {
        try {
            return new Prospect(
                    StateMachinePlan.of(
                            clients.of(target.getScope()),
                            config,
                            target,
                            PLANNED,
                            clock.instant()),
                    "");
        } catch (SdkException e) {
            throw ERRORS.whilePlanning(target.getStateMachine().getArn(), e);
        }
    }

    @Override
    public void apply(ActionRun run) {
        try {
            new StateMachineRun(clients.of(run.action().getTarget().getScope()), config, run, clock)
                    .apply();
        } catch (SdkException e) {
            throw ERRORS.whileRunning(e);
        }
    }

    @Override
    public void undo(ActionRun run) {
        throw new ActionFailedException("what an execution did cannot be undone by Yagura");
    }

    @Override
    public String remains(ActionRun run) {
        return "what the execution did stays, and it may still run; stop it with: aws stepfunctions"
                + " stop-execution --execution-arn "
                + run.action().getExecution().getArn();
    }
}
