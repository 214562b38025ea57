package dev.yagura.response.lifecycle;

import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.action.Procedure;
import dev.yagura.response.aws.AwsErrors;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import software.amazon.awssdk.core.exception.SdkException;

/** stop_instance. */
@ApplicationScoped
public class StopProcedure implements Procedure {
    private static final AwsErrors ERRORS = AwsErrors.of(ActionKind.ACTION_KIND_STOP_INSTANCE);

    private final LifecycleContext context;

    @Inject
    StopProcedure(LifecycleContext context) {
        this.context = context;
    }

    @Override
    public ActionKind kind() {
        return ActionKind.ACTION_KIND_STOP_INSTANCE;
    }

    @Override
    public Duration deadline(Duration usual) {
        return context.deadline();
    }

    @Override
    public Prospect plan(ActionTarget target) {
        try {
            return new Prospect(StopPlan.of(context, context.survey(target), target), "");
        } catch (SdkException e) {
            throw ERRORS.whilePlanning(target.getInstanceId(), e);
        }
    }

    @Override
    public void apply(ActionRun run) {
        ERRORS.running(() -> new InstanceStop(context, run).apply());
    }

    @Override
    public void undo(ActionRun run) {
        try {
            new InstanceStart(context, run).undo();
        } catch (SdkException e) {
            throw ERRORS.whileRunning(e);
        }
    }

    @Override
    public String remains(ActionRun run) {
        String instanceId = run.action().getTarget().getInstanceId();
        return new LifecycleReader(context.cloud(run.action().getTarget()))
                .instance(instanceId)
                .map(instance ->
                        "%s is %s, it was %s; undo restores what is not as before"
                                .formatted(
                                        instanceId,
                                        instance.state(),
                                        run.action().getPowerState().getState()))
                .orElse(instanceId + " is gone");
    }
}
