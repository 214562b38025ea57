package dev.yagura.response.forensics;

import dev.yagura.common.config.Settings;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.VolumeSnapshot;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.aws.SavedTime;
import dev.yagura.response.aws.ScopedClients;
import dev.yagura.response.aws.ScopedProcedure;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** snapshot_instance. */
@ApplicationScoped
public class SnapshotProcedure extends ScopedProcedure<SnapshotCloud> {
    private final ForensicsConfig config;

    /**
     * @param clock by which EC2 is waited for
     */
    @Inject
    public SnapshotProcedure(Settings settings, Clock clock) {
        super(
                ActionKind.ACTION_KIND_SNAPSHOT_INSTANCE,
                ScopedClients.of(settings, SnapshotCloud::open),
                clock);
        this.config = ForensicsConfig.from(settings);
    }

    /** Another set of snapshots is no harm, and later ones show what happened meanwhile. */
    @Override
    public boolean holdsUntilUndone() {
        return false;
    }

    @Override
    public Duration deadline(Duration usual) {
        return config.deadline();
    }

    @Override
    protected Prospect plan(SnapshotCloud cloud, ActionTarget target, Instant now) {
        Action planned =
                planned().toBuilder().setTarget(target).setCreateTime(SavedTime.of(now)).build();
        SnapshotSurvey survey = SnapshotSurvey.take(new SnapshotReader(cloud), target, config);
        return new Prospect(SnapshotPlan.of(cloud, survey, planned, now), target.getInstanceId());
    }

    @Override
    public void apply(ActionRun run) {
        running(() -> new SnapshotTaking(cloud(run), config, run, clock()).apply());
    }

    @Override
    public void undo(ActionRun run) {
        running(() -> new SnapshotDeletion(cloud(run), config, run, clock()).undo());
    }

    @Override
    public String remains(ActionRun run) {
        List<String> made =
                run.action().getSnapshotSet().getSnapshotsList().stream()
                        .flatMap(SnapshotProcedure::ids)
                        .toList();
        SnapshotReader reader = new SnapshotReader(cloud(run));
        List<String> left = reader.snapshots(made).keySet().stream().sorted().toList();
        return left.isEmpty()
                ? "EC2 shows no snapshot of this action; undo looks for one again"
                : "there are " + String.join(", ", left) + "; undo deletes them";
    }

    private static Stream<String> ids(VolumeSnapshot each) {
        return Stream.of(each.getSnapshot().getSnapshotId(), each.getCopy().getSnapshotId())
                .filter(id -> !id.isEmpty());
    }
}
