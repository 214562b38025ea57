package dev.yagura.response.forensics;

import dev.yagura.proto.response.v1.Action;
import dev.yagura.proto.response.v1.VerificationLevel;
import dev.yagura.proto.response.v1.VolumeSnapshot;
import dev.yagura.response.action.ActionFailedException;
import dev.yagura.response.action.ActionRun;
import dev.yagura.response.action.RetryLaterException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Deletes exactly what an action made, and reports what others have deleted or keep. */
final class SnapshotDeletion {
    private final SnapshotReader reader;
    private final SnapshotRecord record;
    private final SnapshotRemoval removal;
    private final ActionRun run;

    SnapshotDeletion(SnapshotCloud cloud, ForensicsConfig config, ActionRun run, Clock clock) {
        this.reader = new SnapshotReader(cloud);
        this.record = new SnapshotRecord(reader, config, run, clock);
        this.removal = new SnapshotRemoval(cloud, run);
        this.run = run;
    }

    void undo() {
        reconcile();
        List<String> ids = record.ids();
        Map<String, SnapshotReader.LiveSnapshot> live = reader.snapshots(ids);
        reportMissing(ids, live);
        List<String> kept = new ArrayList<>();
        for (String id : ids) {
            if (live.containsKey(id)) {
                removal.delete(id).ifPresent(kept::add);
            }
        }
        verify(ids, kept);
    }

    /** A snapshot that EC2 made without answering is the action's too. */
    private void reconcile() {
        Action action = run.action();
        record.reconcileTaken();
        for (VolumeSnapshot entry : record.set().getSnapshotsList()) {
            if (entry.hasSnapshot()) {
                record.reconcileCopy(
                        entry,
                        SnapshotChange.copy(
                                        action,
                                        entry.getSnapshot().getSnapshotId(),
                                        entry.getVolumeId(),
                                        action.getSnapshotSet().getKmsKeyArn())
                                .call());
            }
        }
    }

    private void reportMissing(List<String> ids, Map<String, SnapshotReader.LiveSnapshot> live) {
        run.drift(
                ids.stream()
                        .filter(id -> !live.containsKey(id) && !record.isDeletionBegun(id))
                        .map(id -> id + " was deleted meanwhile")
                        .toList());
    }

    private void verify(List<String> ids, List<String> kept) {
        List<String> left = reader.snapshots(ids).keySet().stream().sorted().toList();
        if (!kept.isEmpty()) {
            String detail = "EC2 keeps " + String.join(", ", kept);
            run.verified(VerificationLevel.VERIFICATION_LEVEL_CONFIG_READ, false, detail);
            throw new ActionFailedException(
                    detail
                            + "; deregister the AMI, or wait for the end of the lock, and undo again");
        }
        if (!left.isEmpty()) {
            throw new RetryLaterException("EC2 still shows " + String.join(", ", left));
        }
        run.verified(
                VerificationLevel.VERIFICATION_LEVEL_CONFIG_READ,
                true,
                ids.isEmpty() ? "there are none" : String.join(", ", ids) + " are gone");
    }
}
