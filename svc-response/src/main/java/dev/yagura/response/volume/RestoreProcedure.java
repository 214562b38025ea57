package dev.yagura.response.volume;

import dev.yagura.common.aws.AwsClients;
import dev.yagura.common.aws.AwsConfig;
import dev.yagura.common.config.Settings;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.action.Procedure;
import dev.yagura.response.aws.AwsErrors;
import dev.yagura.response.aws.ScopedClients;
import dev.yagura.response.lifecycle.LifecycleConfig;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Consumer;
import software.amazon.awssdk.core.exception.SdkException;

/** restore_volume. */
@ApplicationScoped
public class RestoreProcedure implements Procedure {
    private static final AwsErrors ERRORS = AwsErrors.of(ActionKind.ACTION_KIND_RESTORE_VOLUME);

    private final ScopedClients<VolumeCloud> clients;
    private final LifecycleConfig config;
    private final Clock clock;

    @Inject
    RestoreProcedure(Settings settings, Clock clock) {
        AwsClients aws = new AwsClients(AwsConfig.from(settings));
        this.clients = new ScopedClients<>(scope -> VolumeCloud.open(aws, scope));
        this.config = LifecycleConfig.from(settings);
        this.clock = clock;
    }

    @PreDestroy
    void close() {
        clients.close();
    }

    @Override
    public ActionKind kind() {
        return ActionKind.ACTION_KIND_RESTORE_VOLUME;
    }

    @Override
    public Duration deadline(Duration usual) {
        return config.deadline();
    }

    @Override
    public Prospect plan(ActionTarget target) {
        try {
            VolumeCloud cloud = clients.of(target.getScope());
            return new Prospect(
                    VolumePlan.of(
                            cloud.cloud(),
                            VolumeSurvey.take(cloud, target),
                            Action.newBuilder().setTarget(target).build(),
                            clock.instant()),
                    "");
        } catch (SdkException e) {
            throw ERRORS.whilePlanning(target.getInstanceId(), e);
        }
    }

    @Override
    public void apply(ActionRun run) {
        work(run, VolumeRestore::apply);
    }

    @Override
    public void undo(ActionRun run) {
        work(run, VolumeRestore::undo);
    }

    @Override
    public String remains(ActionRun run) {
        return restore(run).remains();
    }

    private void work(ActionRun run, Consumer<VolumeRestore> part) {
        ERRORS.running(() -> part.accept(restore(run)));
    }

    private VolumeRestore restore(ActionRun run) {
        return new VolumeRestore(
                clients.of(run.action().getTarget().getScope()), run, config.poll(), clock);
    }
}
