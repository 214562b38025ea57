package dev.yagura.response.lifecycle;

import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.response.action.ActionFailedException;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.action.Procedure;
import dev.yagura.response.aws.AwsErrors;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import software.amazon.awssdk.core.exception.SdkException;

/** terminate_instance. */
@ApplicationScoped
public class TerminateProcedure implements Procedure {
    private static final AwsErrors ERRORS = AwsErrors.of(ActionKind.ACTION_KIND_TERMINATE_INSTANCE);

    private final LifecycleContext context;

    @Inject
    TerminateProcedure(LifecycleContext context) {
        this.context = context;
    }

    @Override
    public ActionKind kind() {
        return ActionKind.ACTION_KIND_TERMINATE_INSTANCE;
    }

    @Override
    public boolean isReversible() {
        return false;
    }

    @Override
    public boolean needsTwoPersons(ActionTarget target) {
        return true;
    }

    @Override
    public Duration deadline(Duration usual) {
        return context.deadline();
    }

    @Override
    public Prospect plan(ActionTarget target) {
        try {
            TerminationSurvey survey = TerminationSurvey.take(context, target);
            return new Prospect(TerminationPlan.of(context, survey, target), "");
        } catch (SdkException e) {
            throw ERRORS.whilePlanning(target.getInstanceId(), e);
        }
    }

    @Override
    public void apply(ActionRun run) {
        ERRORS.running(() -> new InstanceTermination(context, run).apply());
    }

    /** Nobody can ask for it. */
    @Override
    public void undo(ActionRun run) {
        throw new ActionFailedException("a termination cannot be undone");
    }

    @Override
    public String remains(ActionRun run) {
        return LifecycleReader.state(
                context.cloud(run.action().getTarget()), run.action().getTarget().getInstanceId());
    }
}
