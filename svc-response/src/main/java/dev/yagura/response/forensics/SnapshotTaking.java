package dev.yagura.response.forensics;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.Plan;
import dev.yagura.proto.response.v1.SnapshotProgress;
import dev.yagura.proto.response.v1.SnapshotSet;
import dev.yagura.proto.response.v1.VerificationLevel;
import dev.yagura.proto.response.v1.VolumeSnapshot;
import dev.yagura.response.action.ActionFailedException;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.action.RetryLaterException;
import dev.yagura.response.action.StillPendingException;
import dev.yagura.response.aws.AwsErrors;
import dev.yagura.response.aws.Checks;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.model.CopySnapshotRequest;
import software.amazon.awssdk.services.ec2.model.CreateSnapshotsRequest;
import software.amazon.awssdk.services.ec2.model.CreateSnapshotsResponse;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;
import software.amazon.awssdk.services.ec2.model.SnapshotInfo;

/** Takes the snapshots and sees them through: copies, sharing, read back. */
final class SnapshotTaking {
    private static final String COMPLETED = "completed";
    private static final String PENDING = "pending";
    private static final String FAILED = "error";

    /** EC2 has enough to do: what is on its way must end first. */
    private static final Set<String> BUSY =
            Set.of("ConcurrentSnapshotLimitExceeded", "ResourceLimitExceeded");

    private final SnapshotCloud cloud;
    private final SnapshotReader reader;
    private final SnapshotRecord record;
    private final SnapshotRemoval removal;
    private final ForensicsConfig config;
    private final ActionRun run;
    private final Clock clock;

    SnapshotTaking(SnapshotCloud cloud, ForensicsConfig config, ActionRun run, Clock clock) {
        this.cloud = cloud;
        this.reader = new SnapshotReader(cloud);
        this.record = new SnapshotRecord(reader, config, run, clock);
        this.removal = new SnapshotRemoval(cloud, run);
        this.config = config;
        this.run = run;
        this.clock = clock;
    }

    void apply() {
        if (!run.action().hasSnapshotSet()) {
            prepare();
        }
        take();
        Map<String, SnapshotReader.LiveSnapshot> live = record.refresh();
        await(live, VolumeSnapshot::getSnapshot);
        List<String> kept = List.of();
        if (!record.set().getKmsKeyArn().isEmpty()) {
            copy();
            await(record.refresh(), VolumeSnapshot::getCopy);
            share();
            requireSound();
            kept = deleteIntermediate();
        }
        run.verifying("every snapshot is complete; reading back");
        requireSound();
        run.verified(VerificationLevel.VERIFICATION_LEVEL_CONFIG_READ, true, check().facts(kept));
    }

    /** Nothing is called before what there shall be is written. */
    private void prepare() {
        Action action = run.action();
        SnapshotSurvey survey = SnapshotSurvey.take(reader, action.getTarget(), config);
        Plan plan = SnapshotPlan.of(cloud, survey, action, clock.instant());
        Checks.requireNoneRefused(plan.getChecksList());
        SnapshotSet saved = survey.wanted();
        run.prepared(plan, saving -> saving.setSnapshotSet(saved));
    }

    private void take() {
        record.reconcileTaken();
        if (!record.isTaken()) {
            create();
        }
        List<String> missing = record.missing();
        if (!missing.isEmpty()) {
            throw new ActionFailedException(
                    String.join(", ", missing)
                            + " was detached before the snapshots were taken; take one of it by"
                            + " hand");
        }
    }

    private void create() {
        SnapshotChange<CreateSnapshotsRequest> create = SnapshotChange.create(run.action());
        CreateSnapshotsResponse made =
                unlessBusy(() ->
                        run.call(
                                create.call(),
                                () -> cloud.sender().createSnapshots(create.request())));
        record.taken(made.snapshots().stream().map(SnapshotTaking::live).toList());
    }

    private static SnapshotReader.LiveSnapshot live(SnapshotInfo made) {
        return new SnapshotReader.LiveSnapshot(
                made.snapshotId(),
                made.volumeId(),
                made.volumeSize(),
                made.state() == null ? PENDING : made.stateAsString(),
                made.progress() == null ? "" : made.progress(),
                "",
                "",
                made.startTime(),
                Map.of());
    }

    private void copy() {
        for (VolumeSnapshot entry : record.set().getSnapshotsList()) {
            SnapshotChange<CopySnapshotRequest> copy =
                    SnapshotChange.copy(
                            run.action(),
                            entry.getSnapshot().getSnapshotId(),
                            entry.getVolumeId(),
                            record.set().getKmsKeyArn());
            if (record.reconcileCopy(entry, copy.call())) {
                continue;
            }
            String copyId =
                    unlessBusy(() ->
                                    run.call(
                                            copy.call(),
                                            () -> cloud.sender().copySnapshot(copy.request())))
                            .snapshotId();
            record.copied(
                    entry.getVolumeId(),
                    SnapshotProgress.newBuilder().setSnapshotId(copyId).setState(PENDING).build());
        }
    }

    private <T> T unlessBusy(Supplier<T> call) {
        try {
            return call.get();
        } catch (Ec2Exception e) {
            if (BUSY.contains(AwsErrors.code(e))) {
                throw new StillPendingException(AwsErrors.text(e), config.poll());
            }
            throw e;
        }
    }

    /**
     * Ends when all are complete.
     *
     * @throws ActionFailedException one has failed
     * @throws StillPendingException one is on its way
     */
    private void await(
            Map<String, SnapshotReader.LiveSnapshot> live,
            Function<VolumeSnapshot, SnapshotProgress> which) {
        List<String> pending = new ArrayList<>();
        for (VolumeSnapshot entry : record.set().getSnapshotsList()) {
            SnapshotProgress progress = which.apply(entry);
            String id = progress.getSnapshotId();
            SnapshotReader.@Nullable LiveSnapshot now = live.get(id);
            if (now == null) {
                if (!progress.getState().equals(COMPLETED) || !entry.getSnapshotDeleted()) {
                    throw new RetryLaterException(
                            "EC2 does not show %s of %s (any more)"
                                    .formatted(id, entry.getVolumeId()));
                }
            } else if (now.state().equals(FAILED)) {
                throw new ActionFailedException(
                        "EC2 could not complete %s of %s: %s"
                                .formatted(id, entry.getVolumeId(), now.message()));
            }
            if (!progress.getState().equals(COMPLETED)) {
                pending.add(id + " " + progress.getProgress());
            }
        }
        if (!pending.isEmpty()) {
            throw new StillPendingException(String.join(", ", pending), config.poll());
        }
    }

    private void share() {
        SnapshotSet set = record.set();
        if (set.getSharedAccountId().isEmpty()) {
            return;
        }
        for (VolumeSnapshot entry : set.getSnapshotsList()) {
            String copyId = entry.getCopy().getSnapshotId();
            if (!reader.sharedWith(copyId).contains(set.getSharedAccountId())) {
                var share = SnapshotChange.share(copyId, set.getSharedAccountId());
                run.call(share.call(), () -> cloud.ec2().modifySnapshotAttribute(share.request()));
            }
        }
    }

    private List<String> deleteIntermediate() {
        List<String> kept = new ArrayList<>();
        for (VolumeSnapshot entry : record.set().getSnapshotsList()) {
            if (!entry.getSnapshotDeleted()) {
                removal.delete(entry.getSnapshot().getSnapshotId())
                        .ifPresentOrElse(kept::add, () -> record.deleted(entry.getVolumeId()));
            }
        }
        return kept;
    }

    /** What is read back otherwise is read again, and fails the action when it stays so. */
    private void requireSound() {
        String problems = String.join("; ", check().problems());
        if (!problems.isEmpty()) {
            run.verified(VerificationLevel.VERIFICATION_LEVEL_CONFIG_READ, false, problems);
            throw new RetryLaterException("read back otherwise than asked for: " + problems);
        }
    }

    private SnapshotCheck check() {
        return SnapshotCheck.of(reader, run.action());
    }
}
