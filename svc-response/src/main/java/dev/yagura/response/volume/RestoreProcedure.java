package dev.yagura.response.volume;

import dev.yagura.common.config.Settings;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.aws.ScopedClients;
import dev.yagura.response.aws.ScopedProcedure;
import dev.yagura.response.lifecycle.LifecycleConfig;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** restore_volume. */
@ApplicationScoped
public class RestoreProcedure extends ScopedProcedure<VolumeCloud> {
    private final LifecycleConfig config;

    @Inject
    RestoreProcedure(Settings settings, Clock clock) {
        super(
                ActionKind.ACTION_KIND_RESTORE_VOLUME,
                ScopedClients.of(settings, VolumeCloud::open),
                clock);
        this.config = LifecycleConfig.from(settings);
    }

    @Override
    public Duration deadline(Duration usual) {
        return config.deadline();
    }

    @Override
    protected Prospect plan(VolumeCloud cloud, ActionTarget target, Instant now) {
        return new Prospect(
                VolumePlan.of(
                        cloud.cloud(),
                        VolumeSurvey.take(cloud, target),
                        Action.newBuilder().setTarget(target).build(),
                        now),
                "");
    }

    @Override
    public void apply(ActionRun run) {
        running(() -> restore(run).apply());
    }

    @Override
    public void undo(ActionRun run) {
        running(() -> restore(run).undo());
    }

    @Override
    public String remains(ActionRun run) {
        return restore(run).remains();
    }

    private VolumeRestore restore(ActionRun run) {
        return new VolumeRestore(cloud(run), run, config.poll(), clock());
    }
}
