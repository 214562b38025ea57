package dev.yagura.response.invocation;

import dev.yagura.common.aws.AwsClients;
import dev.yagura.common.aws.AwsConfig;
import dev.yagura.common.config.Settings;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.response.action.ActionFailedException;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.action.FunctionName;
import dev.yagura.response.action.Procedure;
import dev.yagura.response.aws.AwsErrors;
import dev.yagura.response.aws.ScopedClients;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import software.amazon.awssdk.core.exception.SdkException;

/** invoke_lambda. */
@ApplicationScoped
public class InvocationProcedure implements Procedure {
    private static final AwsErrors ERRORS = AwsErrors.of(ActionKind.ACTION_KIND_INVOKE_LAMBDA);

    private final ScopedClients<InvocationCloud> clients;
    private final InvocationConfig config;
    private final Clock clock;

    @Inject
    InvocationProcedure(Settings settings, Clock clock) {
        AwsClients aws = new AwsClients(AwsConfig.from(settings));
        this.config = InvocationConfig.from(settings);
        this.clients =
                new ScopedClients<>(
                        scope -> InvocationCloud.open(aws, scope, config.answerTimeout()));
        this.clock = clock;
    }

    @PreDestroy
    void close() {
        clients.close();
    }

    @Override
    public ActionKind kind() {
        return ActionKind.ACTION_KIND_INVOKE_LAMBDA;
    }

    @Override
    public boolean isReversible() {
        return false;
    }

    @Override
    public Prospect plan(ActionTarget target) {
        String name = FunctionName.of(target.getInvocation().getName());
        try {
            InvocationSurvey survey =
                    InvocationSurvey.take(clients.of(target.getScope()).lambda(), name, config);
            return new Prospect(
                    InvocationPlan.of(survey, target, config, clock.instant()),
                    "invocation " + name);
        } catch (SdkException e) {
            throw ERRORS.whilePlanning(name, e);
        }
    }

    @Override
    public void apply(ActionRun run) {
        try {
            new InvocationSending(
                            clients.of(run.action().getTarget().getScope()), config, run, clock)
                    .apply();
        } catch (SdkException e) {
            throw ERRORS.whileRunning(e);
        }
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
