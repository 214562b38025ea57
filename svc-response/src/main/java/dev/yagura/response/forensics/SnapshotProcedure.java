package dev.yagura.response.forensics;

import dev.yagura.common.aws.AwsClients;
import dev.yagura.common.aws.AwsConfig;
import dev.yagura.common.config.Settings;
import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.ActionKind;
import dev.yagura.proto.response.v1.ActionTarget;
import dev.yagura.proto.response.v1.VolumeSnapshot;
import dev.yagura.proto.type.v1.Scope;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.action.Procedure;
import dev.yagura.response.aws.AwsErrors;
import dev.yagura.response.aws.SavedTime;
import dev.yagura.response.aws.ScopedClients;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import software.amazon.awssdk.core.exception.SdkException;

/** snapshot_instance. */
@ApplicationScoped
public class SnapshotProcedure implements Procedure {
    private static final AwsErrors ERRORS = AwsErrors.of(ActionKind.ACTION_KIND_SNAPSHOT_INSTANCE);

    /** The action that is planned has no id yet. */
    private static final String PLANNED = "actions/ACTION";

    private final ScopedClients<SnapshotCloud> clients;
    private final ForensicsConfig config;
    private final Clock clock;

    /**
     * @param clock by which EC2 is waited for
     */
    @Inject
    public SnapshotProcedure(Settings settings, Clock clock) {
        AwsClients aws = new AwsClients(AwsConfig.from(settings));
        this.clients = new ScopedClients<>(scope -> SnapshotCloud.open(aws, scope));
        this.config = ForensicsConfig.from(settings);
        this.clock = clock;
    }

    @PreDestroy
    void close() {
        clients.close();
    }

    @Override
    public ActionKind kind() {
        return ActionKind.ACTION_KIND_SNAPSHOT_INSTANCE;
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
    public Prospect plan(ActionTarget target) {
        try {
            SnapshotCloud cloud = clients.of(target.getScope());
            Instant now = clock.instant();
            Action planned =
                    Action.newBuilder()
                            .setName(PLANNED)
                            .setTarget(target)
                            .setCreateTime(SavedTime.of(now))
                            .build();
            SnapshotSurvey survey = SnapshotSurvey.take(new SnapshotReader(cloud), target, config);
            return new Prospect(
                    SnapshotPlan.of(cloud, survey, planned, now), target.getInstanceId());
        } catch (SdkException e) {
            throw ERRORS.whilePlanning(target.getInstanceId(), e);
        }
    }

    @Override
    public void apply(ActionRun run) {
        ERRORS.running(
                () -> new SnapshotTaking(clients.of(scope(run)), config, run, clock).apply());
    }

    @Override
    public void undo(ActionRun run) {
        try {
            new SnapshotDeletion(clients.of(scope(run)), config, run, clock).undo();
        } catch (SdkException e) {
            throw ERRORS.whileRunning(e);
        }
    }

    @Override
    public String remains(ActionRun run) {
        List<String> made =
                run.action().getSnapshotSet().getSnapshotsList().stream()
                        .flatMap(SnapshotProcedure::ids)
                        .toList();
        SnapshotReader reader = new SnapshotReader(clients.of(scope(run)));
        List<String> left = reader.snapshots(made).keySet().stream().sorted().toList();
        return left.isEmpty()
                ? "EC2 shows no snapshot of this action; undo looks for one again"
                : "there are " + String.join(", ", left) + "; undo deletes them";
    }

    private static Stream<String> ids(VolumeSnapshot each) {
        return Stream.of(each.getSnapshot().getSnapshotId(), each.getCopy().getSnapshotId())
                .filter(id -> !id.isEmpty());
    }

    private static Scope scope(ActionRun run) {
        return run.action().getTarget().getScope();
    }
}
