package dev.yagura.response.invocation;

import dev.yagura.common.config.Settings;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.response.action.ActionFailedException;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.action.FunctionName;
import dev.yagura.response.aws.ScopedClients;
import dev.yagura.response.aws.ScopedProcedure;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;

/** invoke_lambda. */
@ApplicationScoped
public class InvocationProcedure extends ScopedProcedure<InvocationCloud> {
    private final InvocationConfig config;

    @Inject
    InvocationProcedure(Settings settings, Clock clock) {
        this(InvocationConfig.from(settings), settings, clock);
    }

    private InvocationProcedure(InvocationConfig config, Settings settings, Clock clock) {
        super(
                ActionKind.ACTION_KIND_INVOKE_LAMBDA,
                ScopedClients.of(
                        settings,
                        (aws, scope) -> InvocationCloud.open(aws, scope, config.answerTimeout())),
                clock);
        this.config = config;
    }

    @Override
    public boolean isReversible() {
        return false;
    }

    @Override
    protected Prospect plan(InvocationCloud cloud, ActionTarget target, Instant now) {
        String name = named(target);
        InvocationSurvey survey = InvocationSurvey.take(cloud.lambda(), name, config);
        return new Prospect(InvocationPlan.of(survey, target, config, now), "invocation " + name);
    }

    @Override
    protected String named(ActionTarget target) {
        return FunctionName.of(target.getInvocation().getName());
    }

    @Override
    public void apply(ActionRun run) {
        running(() -> new InvocationSending(cloud(run), config, run, clock()).apply());
    }

    @Override
    public void undo(ActionRun run) {
        throw new ActionFailedException("what a function did cannot be undone by Yagura");
    }

    /** Unless Lambda refused every time. */
    @Override
    public boolean mayHaveChanged(Action action) {
        return action.getFunctionInvocation().getSendBegun();
    }

    @Override
    public String remains(ActionRun run) {
        return "what the function did stays; its log tells it";
    }
}
