package dev.yagura.response.outbound;

import dev.yagura.common.config.Settings;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.response.action.ActionFailedException;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.aws.ScopedClients;
import dev.yagura.response.aws.ScopedProcedure;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** start_state_machine. */
@ApplicationScoped
public class StateMachineProcedure extends ScopedProcedure<StateMachineCloud> {
    /** The action that is planned has no id yet. */
    private static final String PLANNED = "ACTION";

    private final OutboundConfig config;

    @Inject
    public StateMachineProcedure(Settings settings, Clock clock) {
        super(
                ActionKind.ACTION_KIND_START_STATE_MACHINE,
                ScopedClients.of(settings, StateMachineCloud::open),
                clock);
        this.config = OutboundConfig.from(settings);
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
    protected Prospect plan(StateMachineCloud cloud, ActionTarget target, Instant now) {
        return new Prospect(StateMachinePlan.of(cloud, config, target, PLANNED, now), "");
    }

    @Override
    protected String named(ActionTarget target) {
        return target.getStateMachine().getArn();
    }

    @Override
    public void apply(ActionRun run) {
        running(() -> new StateMachineRun(cloud(run), config, run, clock()).apply());
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
